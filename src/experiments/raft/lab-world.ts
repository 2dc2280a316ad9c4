/** Servers of Raft as the scenarios of a course use them: cut off, crashed, over links that lose. */

import type { PeerId } from "../../primitives/brand.ts";
import { createRandom, type Random } from "../../primitives/random.ts";
import type { LogCell } from "../../protocols/process/protocol.ts";
import type { RaftOptions } from "../../protocols/raft/options.ts";
import { raft } from "../../protocols/raft/raft.ts";
import { BrokenPromiseError } from "../../sim/engine/promise.ts";
import { createProcessChecks } from "../../sim/process-world/process-checks.ts";
import { ConstantWorld, countOf } from "../processes/constant-world.ts";

export type LabOptions = {
  readonly servers: number;
  readonly seed: string;
  readonly raft?: Partial<RaftOptions>;
};

export const [delayMs, timeoutMsMax] = [10, 2_000];
/** Within so long an election, and an agreement, must have succeeded. */
const patienceMs = 20_000;

export class LabWorld {
  readonly random: Random;
  readonly world: ConstantWorld;
  /** If not, some messages are lost, late, or overtake others. */
  isReliable = true;
  readonly #cutOff = new Set<PeerId>();
  #requests = 0;

  constructor({ servers, seed, raft: options = {} }: LabOptions) {
    this.random = createRandom(seed).fork("lab");
    const links = this.random.fork("links");
    this.world = new ConstantWorld({
      protocol: raft(options),
      nodes: servers,
      delayMs,
      seed,
      checks: createProcessChecks("raft"),
      extraMs: () => {
        if (this.isReliable) return 0;
        return links.nextFloat() < 0.1 ? Infinity : links.nextBelow(3 * delayMs);
      },
    });
  }

  get names(): readonly PeerId[] {
    return this.world.names;
  }

  /** Servers that are up and not cut off. */
  get reachable(): readonly PeerId[] {
    return this.names.filter((name) => this.world.isUp(name) && !this.#cutOff.has(name));
  }

  others(...names: readonly PeerId[]): readonly PeerId[] {
    return this.names.filter((name) => !names.includes(name));
  }

  /** So many servers, any of them. */
  some(count: number): readonly PeerId[] {
    const keys = new Map(this.names.map((name) => [name, this.random.nextFloat()]));
    return this.names.toSorted((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0)).slice(0, count);
  }

  /** @throws BrokenPromiseError with the reason if it is not so: the scenario fails. */
  require(isSo: boolean, reason: string): void {
    if (!isSo) throw new BrokenPromiseError("scenario", reason);
  }

  cutOff(...names: readonly PeerId[]): void {
    for (const name of names) this.#cutOff.add(name);
    this.#connect();
  }

  reconnect(...names: readonly PeerId[]): void {
    for (const name of names) this.#cutOff.delete(name);
    this.#connect();
  }

  /** Crashes a server, and starts it again from its disk. */
  restart(...names: readonly PeerId[]): void {
    for (const name of names) if (this.world.isUp(name)) this.world.crash(name);
    for (const name of names) this.world.restart(name);
  }

  /** Waits for one leader of the highest term among those that can be reached. */
  leader(): PeerId {
    const find = (): PeerId | undefined => {
      const leaders = this.reachable.filter((name) => this.world.view(name).isLeader);
      return leaders.length === 1 ? leaders[0] : undefined;
    };
    this.require(
      this.world.runUntil(() => find() !== undefined, patienceMs),
      "no leader is elected",
    );
    return find() as PeerId;
  }

  requireNoLeader(): void {
    this.world.runFor(3 * timeoutMsMax);
    const leaders = this.reachable.filter((name) => this.world.view(name).isLeader);
    this.require(leaders.length === 0, `${leaders.join()} leads without a majority`);
  }

  /** Asks a server for a write, and does not wait. @returns a text that is its own. */
  start(name: PeerId): string {
    const number = (this.#requests += 1);
    const command = { type: "write", key: "x", value: `v${number}` } as const;
    this.world.request(name, { client: `c${number}`, number: 1 }, command);
    this.world.runFor(0);
    return `v${number}"`;
  }

  /** Servers that know a write to be committed. */
  committedBy(text: string): number {
    return this.names.filter((name) => {
      return this.world.isUp(name) && this.#committed(name).some((cell) => has(cell, text));
    }).length;
  }

  /** A write is committed by so many, asked for again of each new leader if need be. */
  agree(servers: number): void {
    for (const untilMs = this.world.nowMs + patienceMs; this.world.nowMs < untilMs;) {
      const text = this.start(this.leader());
      const isDone = () => this.committedBy(text) >= servers;
      if (this.world.runUntil(isDone, timeoutMsMax)) return;
    }
    this.require(false, `no write is committed by ${servers}`);
  }

  /** The last entry that a server knows to be committed. */
  committedIndex(name: PeerId): number {
    return this.world.view(name).log?.committed ?? 0;
  }

  countOf(...types: readonly string[]): number {
    return countOf(this.world.sent, types);
  }

  #committed(name: PeerId): readonly LogCell[] {
    const { log } = this.world.view(name);
    return log === undefined ? [] : log.cells.slice(0, log.committed - log.firstIndex + 1);
  }

  #connect(): void {
    this.world.heal();
    for (const name of this.#cutOff) this.world.split([name]);
  }
}

function has({ command }: LogCell, text: string): boolean {
  return command.endsWith(text);
}

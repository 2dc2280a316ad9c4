/**
 * Processes of one protocol, all linked, whose messages all take the same time and whose disks take
 * none: counts and latencies are exact. What is lost, and where a process crashes, is chosen.
 */

import type { PeerId } from "../../primitives/brand.ts";
import type { Behaviour } from "../../protocols/process/behaviour.ts";
import type { Answer, Command, RequestId } from "../../protocols/process/key-value.ts";
import type { ProcessMachineEffect } from "../../protocols/process/process-machine.ts";
import type { News, ProcessView, Protocol } from "../../protocols/process/protocol.ts";
import { fakeSignatures } from "../../protocols/process/signatures.ts";
import type { ProcessCheck } from "../../sim/process-world/process-check.ts";
import { instantDisk, ProcessWorld } from "../../sim/process-world/process-world.ts";
import { complete } from "../../theory/graph.ts";
import { CrashPoints } from "./crash-points.ts";

export type Sent = {
  readonly atMs: number;
  readonly from: PeerId;
  readonly to: PeerId;
  readonly message: { readonly type: string };
};

export type Answered = {
  readonly atMs: number;
  readonly by: PeerId;
  readonly id: RequestId;
  readonly answer: Answer;
};

export type Told = { readonly atMs: number; readonly by: PeerId; readonly news: News };

export type ConstantWorldOptions = {
  readonly protocol: Protocol;
  readonly nodes: number;
  /** Of a message from one process to another. */
  readonly delayMs: number;
  /** Each message takes up to so much longer, at random; none if left out. */
  readonly spreadMs?: number;
  readonly seed: string;
  /** How much longer a message takes; Infinity for one that is lost. No longer, if left out. */
  readonly extraMs?: (sent: Sent) => number;
  /** What must hold after every event; a breach is thrown. None, if left out. */
  readonly checks?: readonly ProcessCheck[];
};

export class ConstantWorld {
  readonly names: readonly PeerId[];
  /** Of all processes, in the order in which they happened; lost messages are among them. */
  readonly sent: Sent[] = [];
  readonly answers: Answered[] = [];
  readonly told: Told[] = [];
  readonly crashPoints: CrashPoints;
  readonly #world: ProcessWorld;
  readonly #protocol: Protocol;
  readonly #byzantine: PeerId[] = [];

  constructor(options: ConstantWorldOptions) {
    const { protocol, nodes, delayMs, spreadMs = 0, seed, extraMs, checks = [] } = options;
    this.names = namesOf(nodes);
    this.#protocol = protocol;
    this.crashPoints = new CrashPoints({
      isHeldBack: (from, to, message) => {
        const sent = { atMs: this.nowMs, from, to, message: message as Sent["message"] };
        const laterMs = extraMs?.(sent) ?? 0;
        if (laterMs > 0) this.#sendLater(sent, laterMs);
        return laterMs > 0;
      },
      // A crash closes links; what the process sent before it stopped arrives all the same.
      onReached: (name) => this.#world.clock.after(delayMs + 1, () => this.#world.crash(name)),
    });
    const { edges } = complete(nodes);
    this.#world = new ProcessWorld({
      protocol: this.crashPoints.within(protocol),
      seed,
      network: {
        names: this.names,
        edges,
        conditions: edges.map(() => ({ latencyMinMs: delayMs, spreadMs, jitterMs: 0, loss: 0 })),
      },
      disk: instantDisk,
      checks: [
        ...checks,
        { name: "record", findBreach: ({ name }, effect) => this.#record(name, effect) },
      ],
    });
    this.#world.onNews((by, news, atMs) => this.told.push({ atMs, by, news }));
    this.#world.onAnswer((id, answer, by) => {
      this.answers.push({ atMs: this.nowMs, by, id, answer });
    });
    this.#world.begin();
  }

  get nowMs(): number {
    return this.#world.clock.elapsedMs;
  }

  get leader(): PeerId | undefined {
    return this.#world.leader;
  }

  /** Bytes of all messages so far. */
  get bytes(): number {
    return this.#world.counts.bytes;
  }

  isUp(name: PeerId): boolean {
    return this.#world.host(name).isRunning;
  }

  view(name: PeerId): ProcessView {
    return this.#world.host(name).view;
  }

  /** Of those that are up. */
  get views(): readonly ProcessView[] {
    return this.names.filter((name) => this.isUp(name)).map((name) => this.view(name));
  }

  /** Processes that are up and hold a lock until they learn more. */
  get blocked(): number {
    return this.views.filter(({ blocked }) => blocked.length > 0).length;
  }

  request(name: PeerId, id: RequestId, command: Command): void {
    this.#world.host(name).request(id, command);
  }

  /** A message arrives that no honest process sent; nothing happens while `to` is down. */
  deliver(from: PeerId, to: PeerId, message: unknown): void {
    if (!this.isUp(to)) return;
    const bytes = this.#protocol.encode(message);
    this.#world.host(to).receive({ type: "message", from, message: bytes });
  }

  /** A client beside one process asks another one. */
  requestFrom(beside: PeerId, name: PeerId, id: RequestId, command: Command): void {
    this.#world.host(beside).request(id, command, name);
  }

  /** A client beside one process asks all, that one last: its answer may come at once. */
  requestAtAll(beside: PeerId, id: RequestId, command: Command): void {
    const host = this.#world.host(beside);
    for (const name of this.#namesFrom(beside)) host.request(id, command, name);
  }

  /** These processes are byzantine from now on, and know each other. */
  turnByzantine(names: readonly PeerId[], { create }: Pick<Behaviour, "create">): void {
    this.#byzantine.push(...names);
    for (const name of names) {
      const filter = create({
        ...{ name, members: this.names, accomplices: names },
        signatures: fakeSignatures(name),
        random: this.#world.randomOf(`byzantine ${name}`),
      });
      this.#world.host(name).setBehaviour(filter);
    }
  }

  isByzantine(name: PeerId): boolean {
    return this.#byzantine.includes(name);
  }

  at(atMs: number, action: () => void): void {
    this.#world.clock.after(atMs - this.nowMs, action);
  }

  crash(name: PeerId): void {
    this.#world.crash(name);
  }

  /** The process starts again from its disk; no crash point is left in it. */
  restart(name: PeerId): void {
    this.crashPoints.clear(name);
    this.#world.restart(name);
  }

  /** Parts the network in two for ever, or until `heal`. */
  split(side: readonly PeerId[]): void {
    this.#world.links.split([side]);
  }

  heal(): void {
    this.#world.links.heal();
  }

  runFor(durationMs: number): void {
    this.#world.runFor(durationMs);
  }

  runUntil(isSo: () => boolean, durationMs: number): boolean {
    return this.#world.runUntil(isSo, durationMs);
  }

  answerTo(id: RequestId): Answered | undefined {
    return this.answers.find((each) => {
      return each.id.client === id.client && each.id.number === id.number;
    });
  }

  #namesFrom(last: PeerId): readonly PeerId[] {
    return [...this.names.filter((name) => name !== last), last];
  }

  #sendLater(sent: Sent, laterMs: number): void {
    this.sent.push(sent);
    if (laterMs === Infinity) return;
    const bytes = this.#protocol.encode(sent.message);
    this.#world.clock.after(laterMs, () => this.#world.post.send(sent.from, sent.to, bytes));
  }

  #record(from: PeerId, effect: ProcessMachineEffect): undefined {
    if (effect.type !== "send") return undefined;
    const verdict = this.#protocol.decode(effect.message);
    if (!verdict.ok) throw new Error(`${this.#protocol.name} cannot read its own message`);
    const message = verdict.value as Sent["message"];
    this.sent.push({ atMs: this.nowMs, from, to: effect.to, message });
    return undefined;
  }
}

/** n1, n2, n3 … */
export function namesOf(count: number): readonly PeerId[] {
  return Array.from({ length: count }, (_, at) => `n${at + 1}` as PeerId);
}

/** How many messages of these types there are. */
export function countOf(sent: readonly Sent[], types: readonly string[]): number {
  return sent.filter(({ message }) => types.includes(message.type)).length;
}

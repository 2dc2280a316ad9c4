/** A protocol of processes as cap runs it. */

import type { PeerId } from "../../primitives/brand.ts";
import { createRandom } from "../../primitives/random.ts";
import type { Command, RequestId } from "../../protocols/process/key-value.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import type { Clock } from "../engine/clock.ts";
import { FaultInjector } from "../engine/fault-injector.ts";
import type { Links } from "../engine/links.ts";
import type { Strike } from "../engine/strike.ts";
import { guardTime } from "../engine/time-guard.ts";
import { peerName, type Roles } from "../engine/world.ts";
import type { AsksAll, ClientTimes } from "../process-world/client.ts";
import type { AnswerListener } from "../process-world/parcel.ts";
import type { ProcessHost, ProcessKind } from "../process-world/process-host.ts";
import { instantDisk, type ProcessNetwork, ProcessWorld } from "../process-world/process-world.ts";
import { type CapFault, type Lie, Lies } from "./cap-fault.ts";
import { createLyingFilter } from "./false-claims.ts";
import type { CapSystem, Held } from "./system.ts";

const times: ClientTimes = { thinkMeanMs: 100, retryMs: 250, timeoutMs: 2_000 };

/** Events of all processes in one millisecond of virtual time. */
const stepsPerInstantMax = 20_000;

/** Where no node leads, the first process is what a fault for the leader strikes. */
class CapProcessWorld extends ProcessWorld {
  override readonly roles = {
    leader: () => this.#chief,
    coordinator: () => this.#chief,
    follower: () => this.#running.find((name) => name !== this.#chief),
  } satisfies Roles;

  get #chief(): PeerId | undefined {
    return this.leader ?? this.#running[0];
  }

  get #running(): readonly PeerId[] {
    return this.hosts.filter(({ isRunning }) => isRunning).map(({ name }) => name);
  }
}

export class ProcessSystem implements CapSystem {
  readonly names: readonly PeerId[];
  /** No client asks here who leads, and to find out costs a look at all states. */
  readonly leader = undefined;
  readonly times = times;
  readonly patience = `${times.timeoutMs / 1000} s`;
  readonly #world: CapProcessWorld;
  readonly #protocol: Protocol;
  readonly #seed: number | string;

  constructor(seed: number | string, network: ProcessNetwork, protocol: Protocol) {
    this.names = network.names.map(peerName);
    this.#protocol = protocol;
    this.#seed = seed;
    this.#world = new CapProcessWorld({ protocol, network, seed, disk: instantDisk });
  }

  get clock(): Clock {
    return this.#world.clock;
  }

  get asksAll(): AsksAll | undefined {
    return this.#world.asksAll;
  }

  get links(): Links {
    return this.#world.links;
  }

  begin(): void {
    guardTime(this.#world, stepsPerInstantMax);
    this.#world.begin();
  }

  schedule(faults: readonly CapFault[], onStrike: (strike: Strike<CapFault>) => void): void {
    const random = createRandom(this.#seed).fork("lies");
    const extension = new Lies<ProcessKind, ProcessHost>((name) => {
      return createLyingFilter(
        this.#protocol,
        { name: peerName(name), members: this.names },
        random.fork(name),
      );
    });
    new FaultInjector<ProcessKind, ProcessHost, Lie>(this.#world, { onStrike, extension }).schedule(
      faults,
    );
  }

  runFor(durationMs: number): void {
    this.#world.runFor(durationMs);
  }

  runUntil(isSo: () => boolean, durationMs: number): boolean {
    return this.#world.runUntil(isSo, durationMs);
  }

  isRunning(name: PeerId): boolean {
    return this.#world.host(name).isRunning;
  }

  request(beside: PeerId, id: RequestId, command: Command, at: PeerId): void {
    this.#world.request(beside, id, command, at);
  }

  onAnswer(listener: AnswerListener): void {
    this.#world.onAnswer(listener);
  }

  heldBy(name: PeerId): Held | undefined {
    if (!this.isRunning(name)) return undefined;
    const { log, decisions } = this.#world.host(name).view;
    if (log !== undefined) {
      const { firstIndex, cells, committed } = log;
      const certain = cells.slice(0, Math.max(0, committed - firstIndex + 1));
      return { type: "prefix", first: firstIndex, cells: certain.map(({ command }) => command) };
    }
    return Object.keys(decisions).length === 0 ? undefined : { type: "decisions", decisions };
  }
}

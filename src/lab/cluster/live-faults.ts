/** A schedule of faults, carried out on processes that run. */

import type { ClusterFacts, Standing } from "../../contract/cluster.ts";
import { messageOf } from "../../primitives/error-message.ts";
import { unreachable } from "../../primitives/verdict.ts";
import { describeFault, type Fault, hasEnd, type Verb } from "../../sim/engine/faults.ts";
import { describeStrike, resolveRoles } from "../../sim/engine/strike.ts";
import type { Cluster } from "./cluster.ts";
import type { Impairment } from "./link-book.ts";

/** Why a verb cannot be carried out on processes of this machine; undefined where it can. */
const obstacles: Readonly<Record<Verb, string | undefined>> = {
  split: undefined,
  isolate: undefined,
  cut: undefined,
  slow: undefined,
  scramble: undefined,
  crash: undefined,
  restart: undefined,
  amnesia: undefined,
  pause: undefined,
  throttle: "links of this machine have no bandwidth to share; slow delays what crosses them",
  corrupt: "a store with a wrong checksum does not open; amnesia empties it",
  skew: "processes read no wall clock",
  step: "processes read no wall clock",
  "start-wrong": "processes read no wall clock",
  drift: "the clocks of one machine run alike; pause makes a process late",
};

/** The first fault that has no live meaning, as a sentence without a full stop. */
export function findObstacle(faults: readonly Fault[]): string | undefined {
  for (const { verb } of faults) {
    const obstacle = obstacles[verb];
    if (obstacle !== undefined) return `${verb} cannot be carried out live: ${obstacle}`;
  }
  return undefined;
}

/** Ends a fault. */
type End = () => Promise<void>;

export class LiveFaults {
  readonly #cluster: Cluster;
  readonly #record: (facts: ClusterFacts) => void;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(cluster: Cluster, record: (facts: ClusterFacts) => void) {
    this.#cluster = cluster;
    this.#record = record;
  }

  /** Their times count from now on. */
  schedule(faults: readonly Fault[]): void {
    for (const fault of faults) this.#after(fault.atMs, () => this.#strike(fault));
  }

  /** Nothing more happens; what has begun stays as it is. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  async #strike(scheduled: Fault): Promise<void> {
    const strike = resolveRoles(scheduled, rolesIn(await this.#cluster.standings()));
    const { verb } = scheduled;
    this.#record({ type: "fault", verb, text: describeStrike(strike, describeFault) });
    if (strike.type === "skipped") return;
    const { fault } = strike;
    const end = await this.#begin(fault);
    if (end === undefined || !hasEnd(verb)) return;
    this.#after(fault.lastsMs, async () => {
      this.#record({ type: "fault-over", verb, text: describeFault(fault) });
      await end();
    });
  }

  async #begin(fault: Fault): Promise<End | undefined> {
    const cluster = this.#cluster;
    switch (fault.verb) {
      case "split":
        return this.#impair(cluster.splitOf(fault.groups));
      case "isolate":
        return this.#impair({ type: "isolate", node: fault.node });
      case "cut":
        return this.#impair({ type: "silence", from: fault.from, to: fault.to });
      case "slow":
        return this.#impair({ type: "slow", nodes: [fault.node], byMs: fault.byMs });
      case "scramble":
        return this.#impair({ type: "scramble", node: fault.node, share: fault.share });
      case "crash":
        return this.#crash(fault.node, fault.moment === "while-writing");
      case "restart":
        await cluster.restart(fault.node);
        return undefined;
      case "amnesia":
        await cluster.forget(fault.node);
        return undefined;
      case "pause":
        await cluster.pause(fault.node, fault.lastsMs);
        return async () => undefined;
      case "throttle":
      case "corrupt":
      case "skew":
      case "step":
      case "start-wrong":
      case "drift":
        throw new Error(`${fault.verb} was to be refused before`);
      default:
        return unreachable(fault);
    }
  }

  async #impair(impairment: Impairment): Promise<End> {
    await this.#cluster.impair(impairment);
    return () => this.#cluster.lift(impairment);
  }

  async #crash(node: string, isInWrite: boolean): Promise<End> {
    const cluster = this.#cluster;
    if (isInWrite) await cluster.killAtNextWrite(node, true);
    else if (cluster.isUp(node)) await cluster.kill(node);
    return async () => {
      if (isInWrite && cluster.isUp(node)) await cluster.killAtNextWrite(node, false);
      await cluster.ensureUp(node);
    };
  }

  #after(delayMs: number, act: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      // The process that it was about may end meanwhile: the next fault finds that out anew.
      act().catch((error: unknown) => {
        this.#record({ type: "fault", verb: "none", text: `a fault failed: ${messageOf(error)}` });
      });
    }, delayMs);
    this.#timers.add(timer);
  }
}

/** Who holds the roles that schedules may name. */
function rolesIn(standings: ReadonlyMap<string, Standing>) {
  const all = [...standings];
  const leaders = all.filter(([, { isLeader }]) => isLeader);
  const leader = leaders.toSorted(([, a], [, b]) => b.era - a.era)[0]?.[0];
  const firstOf = (isSo: (name: string, standing: Standing) => boolean): string | undefined => {
    return all.find(([name, standing]) => isSo(name, standing))?.[0];
  };
  return {
    leader: () => leader,
    coordinator: () => firstOf((_, { role }) => role === "coordinator") ?? leader,
    follower: () => firstOf((name) => name !== leader),
  };
}

/** Makes faults happen in a world at their times, and ends them. */

import { unreachable } from "../../primitives/verdict.ts";
import { type AnyFault, type Fault, hasEnd, isCommonFault } from "./faults.ts";
import type { Kind } from "./kind.ts";
import type { Impairment, Link, LinkConditions } from "./link.ts";
import type { MachineHost } from "./machine-host.ts";
import { resolveRoles, type Strike } from "./strike.ts";
import type { World } from "./world.ts";

/** Ends a fault. */
export type End = () => void;

/** The faults that a kind of machine adds to those of every world. */
export interface FaultExtension<H, Extra> {
  /** Begins a fault of its own, and returns what ends it, if anything does. */
  begin(fault: Extra, host: (name: string) => H): End | undefined;
  /** A fault has started this machine again. */
  hasStarted(host: H): void;
}

export type InjectorOptions<H, Extra extends AnyFault> = {
  /** Called with each fault when its time has come. */
  readonly onStrike: (strike: Strike<Fault | Extra>) => void;
  readonly extension?: FaultExtension<H, Extra>;
};

export class FaultInjector<
  K extends Kind,
  H extends MachineHost<K>,
  Extra extends AnyFault = never,
> {
  readonly #world: World<K, H>;
  readonly #options: InjectorOptions<H, Extra>;
  /** What still has to be ended, in the order in which it began. */
  readonly #ends = new Set<End>();
  readonly #crashingInWrite = new Map<H, End>();
  #isOver = false;

  constructor(world: World<K, H>, options: InjectorOptions<H, Extra>) {
    this.#world = world;
    this.#options = options;
    world.onStep((host) => {
      if (host.store.waitingCount > 0) this.#crashingInWrite.get(host)?.();
    });
  }

  schedule(faults: readonly (Fault | Extra)[]): void {
    const { clock } = this.#world;
    for (const fault of faults) {
      clock.after(fault.atMs - clock.elapsedMs, () => {
        if (!this.#isOver) this.#strike(fault);
      });
    }
  }

  /** Ends all faults for ever, and sets all clocks right; what nothing ends stays as it is. */
  endAll(): void {
    this.#isOver = true;
    for (const end of this.#ends) end();
    this.#ends.clear();
  }

  #strike(scheduled: Fault | Extra): void {
    const strike = resolveRoles(scheduled, this.#world.roles);
    this.#options.onStrike(strike);
    if (strike.type === "skipped") return;
    const { fault } = strike;
    const end = isCommonFault(fault)
      ? this.#begin(fault)
      : this.#options.extension?.begin(fault, (name) => this.#host(name));
    if (end === undefined) return;
    this.#ends.add(end);
    if (isCommonFault(fault) && !hasEnd(fault.verb)) return;
    this.#world.clock.after(fault.lastsMs, () => {
      if (this.#ends.delete(end)) end();
    });
  }

  #begin(fault: Fault): End | undefined {
    switch (fault.verb) {
      case "split":
      case "isolate":
      case "cut":
        return this.#cut(fault);
      case "slow":
      case "throttle":
      case "scramble": {
        const change = (conditions: LinkConditions) => worsen(conditions, fault);
        return impair(this.#linksOf(fault.node), { change });
      }
      case "crash":
        return this.#crash(this.#host(fault.node), fault.moment === "while-writing");
      case "restart":
        this.#stop(this.#host(fault.node));
        this.#start(this.#host(fault.node));
        return undefined;
      case "amnesia":
        this.#stop(this.#host(fault.node));
        this.#host(fault.node).store.wipe();
        this.#start(this.#host(fault.node));
        return undefined;
      case "pause": {
        const host = this.#host(fault.node);
        host.pause();
        return () => host.resume();
      }
      case "corrupt":
        return this.#corrupt(this.#host(fault.node), fault.pick);
      case "skew":
      case "step": {
        const host = this.#host(fault.node);
        return stepClock(host, fault.byMs);
      }
      case "start-wrong": {
        const host = this.#host(fault.node);
        this.#stop(host);
        const setRight = stepClock(host, fault.byMs);
        this.#start(host);
        return setRight;
      }
      case "drift": {
        const host = this.#host(fault.node);
        host.drift(fault.rate);
        return () => host.drift(1);
      }
      default:
        return unreachable(fault);
    }
  }

  #cut(fault: Fault & { readonly verb: "split" | "isolate" | "cut" }): End {
    const { links } = this.#world;
    const nameOf = (name: string) => this.#host(name).name;
    switch (fault.verb) {
      case "split": {
        const cut = links.split(fault.groups.map((group) => group.map(nameOf)));
        return () => links.mend(cut);
      }
      case "isolate": {
        const cut = links.cut(this.#linksOf(fault.node));
        return () => links.mend(cut);
      }
      case "cut": {
        const cut = links.cutOneWay(nameOf(fault.from), nameOf(fault.to));
        return () => links.mend(cut);
      }
      default:
        return unreachable(fault);
    }
  }

  #crash(host: H, isInWrite: boolean): End {
    let isOver = false;
    if (isInWrite) {
      // Not within the step itself: what it wants to write is then under way.
      const crash = () => {
        this.#crashingInWrite.delete(host);
        this.#world.clock.after(0, () => {
          if (!isOver) this.#stop(host);
        });
      };
      this.#crashingInWrite.set(host, crash);
    } else {
      this.#stop(host);
    }
    return () => {
      isOver = true;
      this.#crashingInWrite.delete(host);
      this.#start(host);
    };
  }

  #corrupt(host: H, pick: number): End | undefined {
    const keys = [...host.store.durable.keys()];
    const key = keys[Math.floor(pick * keys.length)];
    if (key === undefined) return undefined;
    host.store.corrupt(key);
    // The world starts it anew, and it finds the damage then if it has not read it before.
    return () => {
      if (host.store.isDamaged) this.#stop(host);
      this.#start(host);
    };
  }

  #stop(host: H): void {
    if (host.isRunning) host.crash();
  }

  #start(host: H): void {
    if (host.isRunning) return;
    host.start();
    this.#options.extension?.hasStarted(host);
  }

  #host(name: string): H {
    return this.#world.host(name);
  }

  #linksOf(name: string): readonly Link[] {
    return this.#world.links.around(this.#host(name).name);
  }
}

function stepClock(host: Pick<MachineHost<Kind>, "stepClock">, byMs: number): End {
  host.stepClock(byMs);
  return () => host.stepClock(-byMs);
}

function impair(links: readonly Link[], impairment: Impairment): End {
  for (const link of links) link.impair(impairment);
  return () => {
    for (const link of links) link.lift(impairment);
  };
}

type WorseLinks = Fault & { readonly verb: "slow" | "throttle" | "scramble" };

function worsen(conditions: LinkConditions, fault: WorseLinks): LinkConditions {
  switch (fault.verb) {
    case "slow":
      return { ...conditions, latencyMinMs: conditions.latencyMinMs + fault.byMs };
    case "throttle": {
      const { bandwidthBytesPerSecond: was = Infinity } = conditions;
      return { ...conditions, bandwidthBytesPerSecond: Math.min(was, fault.bytesPerSecond) };
    }
    case "scramble": {
      const { share } = fault;
      return { ...conditions, loss: share, duplication: share, reordering: share };
    }
    default:
      return unreachable(fault);
  }
}

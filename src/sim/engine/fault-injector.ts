/** Makes faults happen in a world at their times, and ends them. */

import { createByzantine, type ByzantineName } from "../../attacks/byzantine/byzantine.ts";
import type { Random } from "../../primitives/random.ts";
import type { Fault } from "./faults.ts";
import type { Host } from "../chain-world/chain-host.ts";
import type { Burden, Link, LinkLaw } from "./link.ts";
import type { World } from "../chain-world/chain-world.ts";

/** Ends a fault. */
type End = () => void;

export class FaultInjector {
  readonly #world: World;
  readonly #random: Random;
  readonly #onStrike: (fault: Fault) => void;
  /** What still has to be ended, in the order in which it began. */
  readonly #ends = new Set<End>();
  readonly #betrayals = new Map<string, ByzantineName>();
  readonly #crashingInWrite = new Map<Host, End>();
  #isOver = false;

  /** @param onStrike hears of each fault as it begins. */
  constructor(world: World, random: Random, onStrike: (fault: Fault) => void) {
    this.#world = world;
    this.#random = random;
    this.#onStrike = onStrike;
    world.onStep((host) => {
      if (host.store.waitingCount > 0) this.#crashingInWrite.get(host)?.();
    });
  }

  schedule(faults: readonly Fault[]): void {
    const { clock } = this.#world;
    for (const fault of faults) {
      clock.after(fault.atMs - clock.elapsedMs, () => {
        if (!this.#isOver) this.#strike(fault);
      });
    }
  }

  /** Ends all faults for ever; nodes that have turned against the others stay as they are. */
  endAll(): void {
    this.#isOver = true;
    for (const end of this.#ends) end();
    this.#ends.clear();
  }

  #strike(fault: Fault): void {
    this.#onStrike(fault);
    const end = this.#begin(fault);
    if (end === undefined) return;
    this.#ends.add(end);
    this.#world.clock.after(fault.lastsMs, () => {
      if (this.#ends.delete(end)) end();
    });
  }

  #begin(fault: Fault): End | undefined {
    const { network } = this.#world;
    switch (fault.verb) {
      case "split": {
        const groups = fault.groups.map((group) => group.map((name) => this.#host(name).name));
        const cut = network.split(groups);
        return () => network.mend(cut);
      }
      case "isolate": {
        const cut = network.cut(this.#linksOf(fault.node));
        return () => network.mend(cut);
      }
      case "cut": {
        const { name } = this.#host(fault.from);
        const links = this.#linksOf(fault.from).filter((link) => link.otherEnd(name) === fault.to);
        return burden(links, { silenced: [name] });
      }
      case "slow":
        return burden(this.#linksOf(fault.node), { change: (law) => slower(law, fault.byMs) });
      case "clog": {
        const { bytesPerSecond: bandwidthBytesPerSecond } = fault;
        const change = (law: LinkLaw): LinkLaw => ({ ...law, bandwidthBytesPerSecond });
        return burden(this.#linksOf(fault.node), { change });
      }
      case "muddle": {
        const { share } = fault;
        const muddle = { loss: share, duplication: share, reordering: share };
        return burden(this.#linksOf(fault.node), { change: (law) => ({ ...law, ...muddle }) });
      }
      case "crash":
        return this.#crash(this.#host(fault.node), fault.moment === "while-writing");
      case "restart":
        this.#stop(this.#host(fault.node));
        this.#start(this.#host(fault.node));
        return undefined;
      case "corrupt":
        return this.#corrupt(this.#host(fault.node), fault.pick);
      case "skew": {
        const host = this.#host(fault.node);
        host.skew(fault.byMs);
        return () => host.skew(0);
      }
      case "betray":
        this.#betrayals.set(fault.node, fault.by);
        this.#turn(this.#host(fault.node));
        return undefined;
    }
  }

  #crash(host: Host, isInWrite: boolean): End {
    if (isInWrite) {
      // Not within the step itself: what it wants to write is then under way.
      const crash = () => {
        this.#crashingInWrite.delete(host);
        this.#world.clock.after(0, () => this.#stop(host));
      };
      this.#crashingInWrite.set(host, crash);
    } else {
      this.#stop(host);
    }
    return () => {
      this.#crashingInWrite.delete(host);
      this.#start(host);
    };
  }

  #corrupt(host: Host, pick: number): End | undefined {
    const keys = [...host.store.durable.keys()];
    const key = keys[Math.floor(pick * keys.length)];
    if (key === undefined) return undefined;
    host.store.corrupt(key);
    // Whoever runs it starts it anew, and it finds the damage then if it has not met it before.
    return () => {
      if (host.store.isDamaged) this.#stop(host);
      this.#start(host);
    };
  }

  #stop(host: Host): void {
    if (host.isRunning) host.crash();
  }

  #start(host: Host): void {
    if (host.isRunning) return;
    host.start();
    this.#turn(host);
  }

  #turn(host: Host): void {
    const name = this.#betrayals.get(host.name);
    if (name === undefined || !host.isRunning) return;
    host.setBehaviour(createByzantine(name, this.#random.fork(host.name)));
  }

  #host(name: string): Host {
    return this.#world.host(name);
  }

  #linksOf(name: string): readonly Link[] {
    const { name: end } = this.#host(name);
    return this.#world.network.links.filter(({ ends }) => ends.includes(end));
  }
}

function burden(links: readonly Link[], weight: Burden): End {
  for (const link of links) link.burden(weight);
  return () => {
    for (const link of links) link.relieve(weight);
  };
}

function slower(law: LinkLaw, byMs: number): LinkLaw {
  return { ...law, latencyMinMs: law.latencyMinMs + byMs };
}

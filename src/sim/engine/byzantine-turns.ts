/** Nodes that turn byzantine, for good: a fault that each kind of machine may add. */

import type { Filter } from "../../machine/filter.ts";
import type { Random } from "../../primitives/random.ts";
import type { End, FaultExtension } from "./fault-injector.ts";
import type { NodeOrRole, Timed } from "./faults.ts";
import type { Kind, MachineOf } from "./kind.ts";
import type { MachineHost } from "./machine-host.ts";

/** A node turns byzantine, for good: also after a restart. @see Filter */
export type TurnByzantine<By extends string> = Timed & {
  readonly verb: "turn-byzantine";
  readonly node: NodeOrRole;
  /** The name of its behaviour from now on. */
  readonly by: By;
};

/** Makes the behaviour of a name. @param random source of its random decisions. */
export type CreateBehaviour<K extends Kind, By> = (
  by: By,
  random: Random,
) => Filter<MachineOf<K>, K["effect"]>;

export class ByzantineTurns<
  K extends Kind,
  H extends MachineHost<K>,
  By extends string,
> implements FaultExtension<H, TurnByzantine<By>> {
  readonly #create: CreateBehaviour<K, By>;
  readonly #random: Random;
  readonly #behaviours = new Map<string, By>();

  constructor(create: CreateBehaviour<K, By>, random: Random) {
    this.#create = create;
    this.#random = random;
  }

  begin({ node, by }: TurnByzantine<By>, host: (name: string) => H): End | undefined {
    this.#behaviours.set(node, by);
    this.hasStarted(host(node));
    return undefined;
  }

  hasStarted(host: H): void {
    const by = this.#behaviours.get(host.name);
    if (by === undefined || !host.isRunning) return;
    host.setBehaviour(this.#create(by, this.#random.fork(host.name)));
  }
}

export function describeTurn({ verb, node, by }: TurnByzantine<string>): string {
  return `${verb} ${node} by ${by}`;
}

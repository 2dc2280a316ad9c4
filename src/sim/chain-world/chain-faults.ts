/** Faults in the chain's world: those of every world, and nodes that turn byzantine. */

import { type ByzantineName, createByzantine } from "../../attacks/byzantine/byzantine.ts";
import type { Random } from "../../primitives/random.ts";
import { ByzantineTurns, describeTurn, type TurnByzantine } from "../engine/byzantine-turns.ts";
import { FaultInjector } from "../engine/fault-injector.ts";
import { commonVerbs, describeFault, type Fault, isCommonFault } from "../engine/faults.ts";
import type { Strike } from "../engine/strike.ts";
import type { ChainHost, ChainKind } from "./chain-host.ts";
import type { ChainWorld } from "./chain-world.ts";

type Turn = TurnByzantine<ByzantineName>;

export type ChainFault = Fault | Turn;

/** Of all faults that there are in this world. */
export const chainVerbs: readonly ChainFault["verb"][] = [...commonVerbs, "turn-byzantine"];

export class ChainFaultInjector extends FaultInjector<ChainKind, ChainHost, Turn> {
  /** @param random what byzantine nodes do is drawn from it. */
  constructor(world: ChainWorld, random: Random, onStrike: (strike: Strike<ChainFault>) => void) {
    const extension = new ByzantineTurns<ChainKind, ChainHost, ByzantineName>(
      createByzantine,
      random,
    );
    super(world, { onStrike, extension });
  }
}

/** What goes wrong, and for how long. */
export function describeChainFault(fault: ChainFault): string {
  return isCommonFault(fault) ? describeFault(fault) : describeTurn(fault);
}

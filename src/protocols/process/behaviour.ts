/** How a process may be byzantine: a filter over the effects of an honest one, with a count of what it did. */

import type { Filter } from "../../machine/filter.ts";
import type { PeerId } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import type { ProcessMachine, ProcessMachineEffect } from "./process-machine.ts";
import type { Signatures } from "./signatures.ts";

/** What a byzantine process knows besides what its honest machine does. */
export type BehaviourPlace = {
  readonly name: PeerId;
  readonly members: readonly PeerId[];
  /** All byzantine processes, this one among them. */
  readonly accomplices: readonly PeerId[];
  /** Its own: it can sign in no other name. */
  readonly signatures: Signatures;
  readonly random: Random;
};

export interface ByzantineFilter extends Filter<ProcessMachine, ProcessMachineEffect> {
  /** How often it did what an honest process would not: a message changed, added or held back. */
  readonly deviations: number;
}

export type Behaviour = {
  readonly name: string;
  /** In a sentence without a full stop. */
  readonly does: string;
  readonly create: (place: BehaviourPlace) => ByzantineFilter;
};

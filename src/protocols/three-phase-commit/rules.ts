/** What the members of a three-phase commit decide, each decision one function. */

import type { Outcome } from "../two-phase-commit/message.ts";
import type { Stage } from "./message.ts";

/** How far one member is, as another one learned it. */
export type Collected = { readonly stage: Stage; readonly isRecovered: boolean };

export type ThreePhaseRules = {
  /** May the coordinator go on to the second phase, with so many yes of so many participants? */
  mayPreCommit(yes: number, participants: number): boolean;
  /**
   * What the member that takes over decides of what it collected, its own stage among it, when all
   * that are alive have answered.
   */
  outcomeOf(collected: readonly Collected[]): Outcome;
  /** What a member does alone whose time is over; undefined is to ask the others. */
  outcomeAlone(stage: Stage): Outcome | undefined;
};

export const threePhaseRules: ThreePhaseRules = {
  mayPreCommit: (yes, participants) => yes === participants,
  outcomeOf: (collected) => {
    const sure = collected.find(({ stage }) => stage === "commit" || stage === "abort");
    if (sure?.stage === "commit" || sure?.stage === "abort") return sure.stage;
    // If all have crashed in between, what they knew then is all there is.
    const areAllRecovered = collected.every(({ isRecovered }) => isRecovered);
    const counted = collected.filter(({ isRecovered }) => areAllRecovered || !isRecovered);
    return counted.some(({ stage }) => stage === "pre-committed") ? "commit" : "abort";
  },
  outcomeAlone: () => undefined,
};

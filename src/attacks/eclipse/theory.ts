/** What theory expects of a shop that is shown a false branch. */

import { deceptionProbability } from "../../theory/isolation.ts";
import type { ClosedForm } from "../record/closed-form.ts";
import type { EclipseRace } from "./terms.ts";

export type EclipseTheory = {
  /** That the payment is reversed when the shop has honest peers again. */
  readonly probability: number;
  readonly source: string;
};

export const deceptionTheory = {
  quantity: "probability to succeed",
  // More than half, to show that confirmations mean nothing to a shop that sees only her.
  shareMax: 0.6,
  of({ share, confirmations }: EclipseRace): EclipseTheory {
    return {
      probability: deceptionProbability(share, confirmations),
      source:
        "The others find a negative binomial number of blocks while she finds hers; it leaves out " +
        "that the difficulty follows each branch",
    };
  },
  figureOf: ({ probability }: EclipseTheory) => probability,
} as const satisfies ClosedForm<EclipseRace, EclipseTheory>;

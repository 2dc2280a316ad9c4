/** What theory expects of an eclipse. */

import { deceptionProbability } from "../../theory/isolation.ts";
import type { ClosedForm } from "../closed-form.ts";
import type { TheoryValuesOf } from "../terms.ts";
import type { eclipseTerms } from "./terms.ts";

/** On what it depends how likely the shop loses its payment. */
export type EclipseRace = TheoryValuesOf<typeof eclipseTerms>;

export type EclipseTheory = {
  /** That the payment is reversed when the shop has honest peers again. */
  readonly probability: number;
  readonly source: string;
};

export const eclipseTheory = {
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

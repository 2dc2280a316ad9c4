/** What can be chosen of an eclipse. */

import { attackerShare, shopConfirmations } from "../record/common-terms.ts";
import type { Terms, TheoryValuesOf } from "../record/terms.ts";

export const eclipseTerms = {
  // So little that her branch hardly ever becomes the best one of all nodes.
  share: attackerShare(0.2),
  confirmations: shopConfirmations("the shop is deceived for 180 seconds at most"),
} as const satisfies Terms;

/** On what it depends how likely the shop loses its payment. */
export type EclipseRace = TheoryValuesOf<typeof eclipseTerms>;

/** Ben-Or's protocol with rules replaced, each with what must catch it. */

import type { Mutant } from "../process/protocol.ts";
import { type BenOr, benOr } from "./ben-or.ts";
import { type BenOrRules, benOrRules, bitReportedBy } from "./rules.ts";

export type BenOrMutant = Mutant & { readonly rules: BenOrRules; readonly protocol: BenOr };

export const benOrMutants: readonly BenOrMutant[] = [
  mutant(
    {
      name: "no-coin",
      mistake: "Who receives no proposal keeps its bit: nothing is random, and a tie may stay.",
      caughtBy: "liveness",
    },
    { nextBit: (proposed, own) => proposed ?? own },
  ),
  mutant(
    {
      name: "one-proposal-decides",
      mistake: "One proposal decides, though the others may receive none and toss their coins.",
      caughtBy: "agreement",
    },
    { isDecided: (proposals) => proposals > 0 },
  ),
  mutant(
    {
      name: "half-is-enough",
      mistake: "Half of the members, rounded down, make a proposal: both bits may be proposed.",
      caughtBy: "agreement",
    },
    {
      bitToPropose: (reports, count) => {
        return bitReportedBy(reports, Math.max(1, Math.floor(count / 2)));
      },
    },
  ),
];

function mutant(what: Mutant, replaced: Partial<BenOrRules>): BenOrMutant {
  const rules = { ...benOrRules, ...replaced };
  return { ...what, rules, protocol: benOr({}, rules) };
}

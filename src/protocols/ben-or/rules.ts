/** What members of Ben-Or's protocol decide, each decision one function. */

import { majorityOf } from "../process/quorum.ts";
import type { Bit } from "./message.ts";

export type BenOrRules = {
  /** How many messages of a step are waited for, its own among them, of so many members. */
  enoughOf(count: number): number;
  /** What it proposes after these reports; undefined for nothing. */
  bitToPropose(reports: readonly Bit[], count: number): Bit | undefined;
  /** Do so many proposals of one bit decide it? */
  isDecided(proposals: number, count: number): boolean;
  /** What it reports in the next round. @param proposed a bit that someone proposed, if any did. */
  nextBit(proposed: Bit | undefined, own: Bit, toss: () => Bit): Bit;
};

export const benOrRules: BenOrRules = {
  // All that can be waited for if as many as can be tolerated, less than half, are down.
  enoughOf: majorityOf,
  bitToPropose: (reports, count) => {
    return bitReportedBy(reports, majorityOf(count));
  },
  // One more than may be down: everyone who waits for enough receives one at least.
  isDecided: (proposals, count) => proposals > count - majorityOf(count),
  nextBit: (proposed, _own, toss) => proposed ?? toss(),
};

/** The bit that so many report, or more. */
export function bitReportedBy(reports: readonly Bit[], least: number): Bit | undefined {
  return ([0, 1] as const).find((bit) => reports.filter((each) => each === bit).length >= least);
}

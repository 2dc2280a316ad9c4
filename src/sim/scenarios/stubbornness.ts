/** The parameter `stubborn` of selfish mining: where the miner goes on although it should stop. */

import { parseGroup } from "../../attacks/record/group-text.ts";
import { selfishMiningTerms, type Stubbornness } from "../../attacks/selfish-mining/terms.ts";
import { textParameter } from "../../primitives/parameter.ts";

const terms = selfishMiningTerms.stubborn;
const { max: trailMax } = terms.members.trail;
const problem = `It must be a list with commas of lead, equal-fork and trail-1 to trail-${trailMax}`;

export const stubbornness = textParameter(
  "where the attacker goes on though it should give up: lead, equal-fork, trail-1, trail-2 …",
  "list",
  (list) => (parseGroup(list, terms) === undefined ? problem : undefined),
);

/** @throws Error if the list was not checked before. */
export function stubbornnessOf(list: string | undefined): Stubbornness | undefined {
  if (list === undefined) return undefined;
  const stubborn = parseGroup(list, terms);
  if (stubborn === undefined) throw new Error(problem);
  return stubborn;
}

/** The parameter `stubborn` of selfish mining: where the miner goes on although it should stop. */

import { parseGroup } from "../../attacks/record/group-text.ts";
import { selfishMiningTerms, type Stubbornness } from "../../attacks/selfish-mining/terms.ts";
import { textParameter } from "../parameter.ts";

export const stubbornness = textParameter(
  "where the attacker goes on though it should give up: lead, equal-fork, trail-1, trail-2 …",
  "list",
  (list) => {
    const parsed = parseGroup(list, selfishMiningTerms.stubborn);
    return parsed.ok ? undefined : parsed.problem;
  },
);

/** @throws Error if the list was not checked before. */
export function stubbornnessOf(list: string | undefined): Stubbornness | undefined {
  if (list === undefined) return undefined;
  const parsed = parseGroup(list, selfishMiningTerms.stubborn);
  if (parsed.ok) return parsed.value;
  throw new Error(parsed.problem);
}

/** Many seeds of chaos together: what they add up to, and whether every kind of fault struck. */

import { type ChainFault, chainVerbs } from "../chain-world/chain-faults.ts";
import type { ChaosOutcome } from "./chaos.ts";

export type Strikes = Readonly<Record<ChainFault["verb"], number>>;

/** From so many runs on, a verb that never struck is a mistake: the rarest is in every fourth run. */
export const judgedRunsMin = 100;

type Struck = Pick<ChaosOutcome, "struck">;

/** How often each verb struck, also those that did not. */
export function strikesOf(outcomes: readonly Struck[]): Strikes {
  const counts = chainVerbs.map((verb) => {
    return [verb, outcomes.reduce((sum, { struck }) => sum + (struck[verb] ?? 0), 0)] as const;
  });
  return Object.fromEntries(counts) as Strikes;
}

/** The verbs that never struck though there were enough runs; chaos does not show that they are met. */
export function neverStruck(outcomes: readonly Struck[]): readonly ChainFault["verb"][] {
  if (outcomes.length < judgedRunsMin) return [];
  const strikes = strikesOf(outcomes);
  return chainVerbs.filter((verb) => strikes[verb] === 0);
}

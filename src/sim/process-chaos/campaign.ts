/** What many runs of chaos together met: a campaign that never met something says nothing about it. */

import type { DeviationCounts } from "../process-world/byzantine.ts";
import type { ProcessChaosOutcome } from "./chaos.ts";
import { processVerbs } from "./faults-draw.ts";
import { addStrikes, type StrikeCounts } from "./strike-counts.ts";

export type CampaignTotals = {
  readonly runs: number;
  readonly passed: number;
  readonly asked: number;
  readonly answered: number;
  readonly aborted: number;
  readonly givenUp: number;
  readonly elected: number;
  readonly faults: number;
  readonly evidence: number;
  readonly messages: number;
  readonly steps: number;
  readonly strikes: StrikeCounts;
  readonly deviations: DeviationCounts;
};

export function totalOf(outcomes: readonly ProcessChaosOutcome[]): CampaignTotals {
  const sumOf = (figure: (outcome: ProcessChaosOutcome) => number) => {
    return outcomes.reduce((sum, outcome) => sum + figure(outcome), 0);
  };
  return {
    runs: outcomes.length,
    passed: outcomes.filter(({ failure }) => failure === undefined).length,
    asked: sumOf(({ asked }) => asked),
    answered: sumOf(({ answered }) => answered),
    aborted: sumOf(({ aborted }) => aborted),
    givenUp: sumOf(({ givenUp }) => givenUp),
    elected: sumOf(({ elected }) => elected),
    faults: sumOf(({ faults }) => faults),
    evidence: sumOf(({ evidence }) => evidence),
    messages: sumOf(({ messages }) => messages),
    steps: sumOf(({ steps }) => steps),
    strikes: outcomes.reduce<StrikeCounts>((sum, { strikes }) => addStrikes(sum, strikes), {}),
    deviations: outcomes.reduce<DeviationCounts>(
      (sum, { deviations }) => addDeviations(sum, deviations),
      {},
    ),
  };
}

function addDeviations(a: DeviationCounts, b: DeviationCounts): DeviationCounts {
  const total: Record<string, number> = { ...a };
  for (const [name, count] of Object.entries(b)) total[name] = (total[name] ?? 0) + count;
  return total;
}

/** In fewer runs a verb may be missing at random: with 5 faults or more a run, one of 10 verbs. */
export const runsForAllVerbs = 20;
/** A backup that colludes with no primary does nothing; in so many runs one of them will lead. */
const runsForAllBehaviours = 200;
const answeredShareMin = 0.5;

/** What a campaign never met, in sentences without a full stop. */
export function findGaps(outcomes: readonly ProcessChaosOutcome[]): readonly string[] {
  const total = totalOf(outcomes);
  const gaps: string[] = [];
  if (total.answered === 0) gaps.push("no request was answered");
  else if (total.answered < answeredShareMin * total.asked) {
    gaps.push(`only ${total.answered} of ${total.asked} requests were answered`);
  }
  const hasEras = outcomes.some(({ eraMax }) => eraMax > 0);
  const hasChange = outcomes.some(({ elected }) => elected > 1);
  if (hasEras && !hasChange) gaps.push("the leader never changed");
  if (outcomes.length < runsForAllVerbs) return gaps;
  const missing = processVerbs.filter((verb) => total.strikes[verb] === undefined);
  if (missing.length > 0) gaps.push(`no fault was ${missing.join(" or ")}`);
  if (outcomes.length < runsForAllBehaviours) return gaps;
  const idle = Object.entries(total.deviations).filter(([, count]) => count === 0);
  if (idle.length > 0)
    gaps.push(`no process that was ${idle.map(([name]) => name).join(" or ")} deviated`);
  return gaps;
}

/** How an attack ended, in lines for a terminal. */

import type {
  AttackVerdict,
  DoubleSpendVerdict,
  FinalState,
  SelfishMiningVerdict,
} from "../../lab-api.ts";
import { coinsOf, counted, outcomeWords, percent } from "../../lab-words.ts";

/** The headline first. */
export function verdictLines(verdict: AttackVerdict): readonly string[] {
  const { outcome, timeline } = verdict;
  const facts =
    verdict.attack === "double-spend" ? doubleSpendLines(verdict) : selfishMiningLines(verdict);
  const moral =
    verdict.attack === "double-spend"
      ? "every node obeyed the rules: more work wins"
      : "every node obeyed the rules: nobody can be made to tell of a block";
  return [
    `${outcome.toUpperCase()}: ${outcomeWords[outcome]}`,
    ...facts,
    `timeline  ${timeline}`,
    ...(outcome === "undecided" ? [] : [moral]),
  ];
}

function doubleSpendLines(verdict: DoubleSpendVerdict): readonly string[] {
  const { outcome, share, confirmations, premine, deliveredAt, payment, conflict } = verdict;
  const { theory, giveUpBehind } = verdict;
  const lost = outcome === "reversed" && deliveredAt !== null;
  const delivery = deliveredAt === null ? "never delivered" : "delivered";
  const head = premine === 1 ? "  premine 1" : "";
  return [
    `double spend  share ${percent(share)}  z ${confirmations}${head}  reorg depth ` +
      `${verdict.reorganisationDepth}  the shop ${lost ? `lost ${coinsOf(verdict.value)}` : delivery}`,
    `payment   ${payment.txid}  ${stateWords(payment)}`,
    `conflict  ${conflict.txid}  ${stateWords(conflict)}`,
    `blocks    ${verdict.secretBlocks} secret, ${verdict.publicBlocks} public`,
    `theory    P = ${theory.probability.toFixed(3)}, giving up ${giveUpBehind} behind ` +
      `(never: ${theory.strictOdds.toFixed(3)})`,
  ];
}

function selfishMiningLines(verdict: SelfishMiningVerdict): readonly string[] {
  const { share, revenue, interval, tally, theory } = verdict;
  const [low, high] = interval;
  const staying = tally.attackerBlocks + tally.honestBlocks;
  return [
    `selfish mining  share ${percent(share)}  hers ${percent(revenue)} of the blocks that stay ` +
      `(95 %: ${percent(low)} to ${percent(high)})`,
    `blocks    ${tally.attackerBlocks} of ${staying} hers, ${tally.staleBlocks} went stale`,
    `theory    ${percent(theory.revenue)}; it pays above ${percent(theory.threshold)} of the power`,
  ];
}

function stateWords({ state, confirmations }: FinalState): string {
  return state === "confirmed" ? counted(confirmations, "confirmation") : state;
}

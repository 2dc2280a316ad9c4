/** How an attack ended, in lines for a terminal. */

import type {
  AttackVerdict,
  DoubleSpendVerdict,
  EclipseVerdict,
  FinalState,
  PaymentVerdict,
  SelfishMiningVerdict,
} from "../../contract/attacks.ts";
import { morals, outcomeWords, stubbornWords } from "../../contract/attack-words.ts";
import { coinsOf, counted, percent } from "../../primitives/figures.ts";
import { unreachable } from "../../primitives/verdict.ts";

/** The headline first. */
export function verdictLines(verdict: AttackVerdict): readonly string[] {
  const { outcome, timeline } = verdict;
  return [
    `${outcome.toUpperCase()}: ${outcomeWords[outcome]}`,
    ...factLines(verdict),
    `timeline  ${timeline}`,
    ...(outcome === "undecided" ? [] : [`every node obeyed the rules: ${morals[verdict.attack]}`]),
  ];
}

function factLines(verdict: AttackVerdict): readonly string[] {
  switch (verdict.attack) {
    case "double-spend":
      return doubleSpendLines(verdict);
    case "selfish-mining":
      return selfishMiningLines(verdict);
    case "eclipse":
      return eclipseLines(verdict);
    default:
      return unreachable(verdict);
  }
}

function doubleSpendLines(verdict: DoubleSpendVerdict): readonly string[] {
  const { share, confirmations, premine, theory, giveUpBehind } = verdict;
  const head = premine === 1 ? "  premine 1" : "";
  return [
    `double spend  share ${percent(share)}  z ${confirmations}${head}  ${lossWords(verdict)}`,
    ...paymentLines(verdict),
    `blocks    ${verdict.secretBlocks} secret, ${verdict.publicBlocks} public`,
    `theory    P = ${theory.probability.toFixed(3)}, giving up ${giveUpBehind} behind ` +
      `(never: ${theory.strictProbability.toFixed(3)})`,
  ];
}

function eclipseLines(verdict: EclipseVerdict): readonly string[] {
  const { share, confirmations, secretBlocks, publicBlocks, theory } = verdict;
  return [
    `eclipse  share ${percent(share)}  z ${confirmations}  ${lossWords(verdict)}`,
    ...paymentLines(verdict),
    `blocks    ${secretBlocks} shown to the shop, ${publicBlocks} kept from it`,
    `theory    P = ${theory.probability.toFixed(3)}`,
  ];
}

function lossWords(verdict: PaymentVerdict): string {
  const { outcome, deliveredAt, value, reorganisationDepth } = verdict;
  const lost = outcome === "reversed" && deliveredAt !== null;
  const delivery = deliveredAt === null ? "never delivered" : "delivered";
  return `reorg depth ${reorganisationDepth}  the shop ${lost ? `lost ${coinsOf(value)}` : delivery}`;
}

function paymentLines({ payment, conflict }: PaymentVerdict): readonly string[] {
  return [
    `payment   ${payment.txid}  ${stateWords(payment)}`,
    `conflict  ${conflict.txid}  ${stateWords(conflict)}`,
  ];
}

function selfishMiningLines(verdict: SelfishMiningVerdict): readonly string[] {
  const { share, revenue, interval, tally, stubborn, theory } = verdict;
  const [low, high] = interval;
  const staying = tally.attackerBlocks + tally.honestBlocks;
  const manner = stubborn === undefined ? "" : `, stubborn: ${stubbornWords(stubborn)}`;
  return [
    `selfish mining${manner}  share ${percent(share)}  hers ${percent(revenue)} of the blocks that ` +
      `stay (95 %: ${percent(low)} to ${percent(high)})`,
    `blocks    ${tally.attackerBlocks} of ${staying} hers, ${tally.staleBlocks} went stale`,
    theory === null
      ? "theory    none is known for a stubborn miner; without --live one is simulated"
      : `theory    ${percent(theory.revenue)}; it pays above ${percent(theory.threshold)} of the power`,
  ];
}

function stateWords({ state, confirmations }: FinalState): string {
  return state === "confirmed" ? counted(confirmations, "confirmation") : state;
}

/** An attack in words for people: its steps, and how it ended. */

import type {
  AttackStep,
  AttackVerdict,
  DoubleSpendVerdict,
  FinalState,
  SelfishMiningVerdict,
  ShopView,
} from "../lab-api.ts";
import { unreachable } from "../primitives/verdict.ts";
import { formatAmount } from "../wallet/amount.ts";
import { counted, percent, shortHash } from "./phrases.ts";

type StepOf<Type extends AttackStep["type"]> = Extract<AttackStep, { readonly type: Type }>;

/** Undefined for what a block's line has said already. */
export function stepWords(step: AttackStep): string | undefined {
  switch (step.type) {
    case "scene":
      return sceneWords(step);
    case "paid":
      return (
        `she pays the shop ${formatAmount(step.value)} (${shortHash(step.payment)}), and keeps ` +
        `${shortHash(step.conflict)}, which spends the same coin, in her pocket`
      );
    case "shop":
      return `the shop sees: ${seenWords(step.seen)}`;
    case "delivered":
      return `the shop delivers, at ${counted(step.confirmations, "confirmation")}`;
    case "race":
      return raceWords(step);
    case "published":
      return `she publishes ${counted(step.secretBlocks, "block")} against ${step.publicBlocks}`;
    case "given-up":
      return `she gives up: ${counted(step.secretBlocks, "block")} against ${step.publicBlocks}`;
    case "tally":
      return tallyWords(step);
    case "out-of-time":
      return `after ${step.seconds} s she stops`;
    case "broken-off":
      return `the attack was broken off: ${step.reason}`;
    default:
      return unreachable(step);
  }
}

function sceneWords(scene: StepOf<"scene">): string {
  const opening = `${scene.attacker} has ${percent(scene.share)} of the power`;
  if (scene.attack === "selfish-mining") {
    const { revenue, threshold } = scene.theory;
    return (
      `selfish mining: ${opening}, and keeps back what she finds, for ` +
      `${counted(scene.blocks, "block")} of all miners. Theory: ${percent(revenue)} of the blocks ` +
      `that stay; it pays above ${percent(threshold)}`
    );
  }
  const { confirmations, giveUpBehind, premine, theory } = scene;
  const start = premine === 1 ? "she pays when she has a secret block" : "she begins with nothing";
  return (
    `attack: ${opening}; the shop waits for ${counted(confirmations, "confirmation")}; ${start}, ` +
    `and gives up ${giveUpBehind} behind. Theory: ${percent(theory.probability)}`
  );
}

/** Undefined when a race has ended and no other has begun. */
function raceWords({ secretBlocks, publicBlocks, lead }: StepOf<"race">): string | undefined {
  if (secretBlocks === 0 && publicBlocks === 0) return undefined;
  return `race: ${secretBlocks} of hers, ${publicBlocks} public: she is ${leadWords(lead)}`;
}

function tallyWords({ attackerBlocks, honestBlocks, staleBlocks }: StepOf<"tally">): string {
  const staying = attackerBlocks + honestBlocks;
  const part = staying === 0 ? "" : ` (${percent(attackerBlocks / staying)})`;
  return `so far ${attackerBlocks} of ${counted(staying, "block")} are hers${part}, ${staleBlocks} went stale`;
}

function seenWords({ state, confirmations }: Pick<ShopView, "state" | "confirmations">): string {
  switch (state) {
    case "confirmed":
      return `paid, ${counted(confirmations, "confirmation")}`;
    case "waiting":
      return "the payment waits for a block";
    case "gone":
      return "the payment is gone";
    case "unknown":
      return "no payment yet";
  }
}

function leadWords(lead: number): string {
  if (lead === 0) return "level";
  return lead > 0 ? `${lead} ahead` : `${-lead} behind`;
}

const headlines: Readonly<Record<AttackVerdict["outcome"], string>> = {
  reversed: "REVERSED: the shop's payment is gone",
  failed: "FAILED: the shop keeps its payment",
  undecided: "UNDECIDED: neither payment is in the chain",
  gained: "GAINED: her part of the blocks is more than her part of the power",
  lost: "LOST: her part of the blocks is no more than her part of the power",
};

/** The headline first. */
export function verdictWords(verdict: AttackVerdict): readonly string[] {
  const facts =
    verdict.attack === "double-spend" ? doubleSpendWords(verdict) : selfishMiningWords(verdict);
  const moral =
    verdict.attack === "double-spend"
      ? "every node obeyed the rules: more work wins"
      : "every node obeyed the rules: nobody can be made to tell of a block";
  return [
    headlines[verdict.outcome],
    ...facts,
    `timeline  ${verdict.timeline}`,
    ...(verdict.outcome === "undecided" ? [] : [moral]),
  ];
}

function doubleSpendWords(verdict: DoubleSpendVerdict): readonly string[] {
  const { outcome, share, confirmations, premine, deliveredAt, payment, conflict } = verdict;
  const { theory, giveUpBehind } = verdict;
  const lost = outcome === "reversed" && deliveredAt !== null;
  const delivery = deliveredAt === null ? "never delivered" : "delivered";
  const head = premine === 1 ? "  premine 1" : "";
  return [
    `double spend  share ${percent(share)}  z ${confirmations}${head}  reorg depth ` +
      `${verdict.reorganisationDepth}  the shop ${lost ? `lost ${formatAmount(verdict.value)}` : delivery}`,
    `payment   ${payment.txid}  ${stateWords(payment)}`,
    `conflict  ${conflict.txid}  ${stateWords(conflict)}`,
    `blocks    ${verdict.secretBlocks} secret, ${verdict.publicBlocks} public`,
    `theory    P = ${theory.probability.toFixed(3)}, giving up ${giveUpBehind} behind ` +
      `(never: ${theory.strictOdds.toFixed(3)})`,
  ];
}

function selfishMiningWords(verdict: SelfishMiningVerdict): readonly string[] {
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

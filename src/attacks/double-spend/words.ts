/** A double spend in words. */

import { counted, percent, probabilityText } from "../../primitives/figures.ts";
import type { AttackWords } from "../record/attack.ts";
import {
  balancesOf,
  paymentFacts,
  type ReversalFacts,
  reversalHeadline,
  reversalWinners,
} from "../record/reversal.ts";
import type { Scene } from "../record/step.ts";
import type { ConditionsOf } from "../record/terms.ts";
import type { doubleSpendTerms } from "./terms.ts";
import type { DoubleSpendRace, DoubleSpendTheory } from "./theory.ts";

export type DoubleSpendScene = Scene<"double-spend", typeof doubleSpendTerms, DoubleSpendTheory>;

export type DoubleSpendVerdict = ReversalFacts &
  ConditionsOf<typeof doubleSpendTerms> & {
    readonly attack: "double-spend";
    readonly ending: "published" | "given-up" | "out-of-time";
    readonly theory: DoubleSpendTheory;
  };

export const doubleSpendWords = {
  title: "Double spend",
  sentence: "pay a shop, and take the payment back with a secret branch",
  begin: "Start: double spend",
  examples: ["--share 0.6 --confirmations 2", "--share 0.45 --premine 1 --json"],
  explanation:
    "The attacker pays the shop, and mines a secret branch with a payment that spends the same coin. " +
    "She publishes it when the shop has delivered and her branch has more work.",
  setup({ attacker, share, confirmations, giveUpBehind, premine }: DoubleSpendScene) {
    return [
      `${attacker} has ${percent(share)} of the hash power`,
      `the shop waits for ${counted(confirmations, "confirmation")}`,
      `${premine === 1 ? "she pays when she has a secret block" : "she begins without a secret block"}, ` +
        `and gives up when ${counted(giveUpBehind, "block")} behind`,
    ];
  },
  theory({ strictProbability }: DoubleSpendTheory, { giveUpBehind }: DoubleSpendRace) {
    const never = probabilityText(strictProbability);
    return `that she succeeds, giving up ${giveUpBehind} behind; ${never} if she never gives up`;
  },
  verdict(verdict: DoubleSpendVerdict, attacker: string) {
    return {
      headline: headlineOf(verdict, attacker),
      winner: reversalWinners[verdict.outcome],
      facts: [
        ...paymentFacts(verdict, attacker),
        lengthsText(verdict),
        costText(verdict, attacker),
      ],
      lesson: "more work wins",
      balances: balancesOf(verdict, attacker),
    };
  },
} as const satisfies AttackWords<
  DoubleSpendRace,
  DoubleSpendTheory,
  DoubleSpendScene,
  DoubleSpendVerdict
>;

/** What happened if a branch is published and does not stay: a block was on its way meanwhile. */
export const overtaken = "the public branch got more work again";

function isOvertaken({ outcome, ending }: DoubleSpendVerdict): boolean {
  return outcome === "failed" && ending === "published";
}

function headlineOf(verdict: DoubleSpendVerdict, attacker: string): string {
  return isOvertaken(verdict)
    ? `The attack failed: ${overtaken}, and the shop keeps ${attacker}'s money.`
    : reversalHeadline(verdict, attacker);
}

function lengthsText(verdict: DoubleSpendVerdict): string {
  const { secretBlocks, publicBlocks } = verdict;
  const end = isOvertaken(verdict) ? " in the end" : "";
  return `The secret branch had ${counted(secretBlocks, "block")}, the public one ${publicBlocks}${end}.`;
}

function costText(verdict: DoubleSpendVerdict, attacker: string): string {
  const { outcome, ending, reorganisationDepth, secretBlocks } = verdict;
  if (outcome === "reversed" && reorganisationDepth > 0) {
    const blocks = counted(reorganisationDepth, "block");
    return `All nodes left ${blocks} behind (reorg depth ${reorganisationDepth}): honest miners lost that work and its rewards.`;
  }
  if (isOvertaken(verdict)) {
    const shop =
      reorganisationDepth > 0
        ? "The shop's node changed to the published branch, and came back"
        : "The shop's node never changed to the published branch";
    return `${shop}: ${attacker} lost the rewards of ${counted(secretBlocks, "block")}.`;
  }
  if (ending === "published" && outcome === "reversed") {
    return "All nodes changed to the secret branch.";
  }
  if (ending === "published") return "It is published, and not all nodes agree on a branch yet.";
  if (secretBlocks === 0) return `${attacker} found no secret block.`;
  return `${attacker} gave ${counted(secretBlocks, "secret block")} up, with all rewards.`;
}

/** How an attack ended, in words for people, with what each side has in the end. */

import type {
  AttackVerdict,
  DoubleSpendVerdict,
  EclipseVerdict,
  FinalState,
  PaymentVerdict,
  SelfishMiningVerdict,
} from "../../contract/attacks.ts";
import { morals, stubbornWords } from "../../contract/attack-words.ts";
import { counted, percent } from "../../primitives/figures.ts";
import { chanceText } from "./chance-text.ts";
import { roughCoinText } from "./rough-coin-text.ts";

export type VerdictText = {
  readonly headline: string;
  /** For whom it went well. */
  readonly winner: "attacker" | "honest" | "nobody";
  readonly facts: readonly string[];
  readonly theory: string;
  readonly moral: string;
};

/** What somebody's purse gained or lost by it, compared with an honest sale. */
export type Balance = {
  readonly name: string;
  /** In satoshis. */
  readonly change: number;
  readonly words: string;
};

/** @param attacker its name. */
export function verdictText(verdict: AttackVerdict, attacker: string): VerdictText {
  return verdict.attack === "selfish-mining"
    ? selfishMiningText(verdict, attacker)
    : paymentText(verdict, attacker);
}

/** The shop's, then the attacker's. */
export function balancesOf(verdict: PaymentVerdict, attacker: string): readonly Balance[] {
  const { outcome, deliveredAt, value } = verdict;
  const isDelivered = deliveredAt !== null;
  if (outcome === "reversed" && isDelivered) {
    return [
      { name: "shop", change: -value, words: "the goods are gone, and so is the money" },
      { name: attacker, change: value, words: "has the goods and her money back" },
    ];
  }
  const goods = isDelivered ? "the goods changed hands" : "the goods never left the shop";
  if (outcome === "reversed") {
    return [
      { name: "shop", change: 0, words: goods },
      { name: attacker, change: 0, words: "has her money back, and no goods" },
    ];
  }
  if (outcome === "failed") {
    return [
      { name: "shop", change: 0, words: `has its money; ${goods}` },
      { name: attacker, change: 0, words: "paid like everybody" },
    ];
  }
  return [];
}

function paymentText(verdict: PaymentVerdict, attacker: string): VerdictText {
  const { outcome, value, payment, conflict, theory } = verdict;
  return {
    headline: headlineOf(verdict, attacker),
    winner: outcome === "reversed" ? "attacker" : outcome === "failed" ? "honest" : "nobody",
    facts: [
      `Payment A, ${roughCoinText(value)} coins to the shop: ${careerOf(payment, verdict)}.`,
      `Payment B, the same coin back to ${attacker}: ${stateText(conflict)}.`,
      verdict.attack === "eclipse" ? lossText(verdict) : costText(verdict, attacker),
    ],
    theory: `Theory gave this attack ${chanceText(theory.probability)}.`,
    moral: moralOf(verdict),
  };
}

function headlineOf({ outcome, deliveredAt }: PaymentVerdict, attacker: string): string {
  switch (outcome) {
    case "reversed":
      return deliveredAt === null
        ? "The payment was taken back before the shop delivered."
        : "The shop was robbed.";
    case "failed":
      return `The attack failed: the shop keeps ${attacker}'s money.`;
    case "undecided":
      return "Undecided: neither of the two payments is in the chain yet.";
  }
}

/** What became of the shop's payment, with the deepest that it had come. */
function careerOf(payment: FinalState, { shop }: PaymentVerdict): string {
  const deepest = Math.max(0, ...shop.map(({ confirmations }) => confirmations));
  if (payment.state === "confirmed" || deepest === 0) return stateText(payment);
  return `had ${counted(deepest, "confirmation")}, now ${stateText(payment)}`;
}

function stateText({ state, confirmations }: FinalState): string {
  switch (state) {
    case "confirmed":
      return `confirmed (${counted(confirmations, "block")} deep)`;
    case "waiting":
      return "waits for a block";
    case "gone":
      return "gone: its coin is spent otherwise";
    case "unknown":
      return "it never came to the shop's node";
  }
}

function costText(verdict: DoubleSpendVerdict, attacker: string): string {
  const { outcome, ending, reorganisationDepth, secretBlocks } = verdict;
  if (outcome === "reversed" && reorganisationDepth > 0) {
    const blocks = counted(reorganisationDepth, "block");
    return `All nodes left ${blocks} behind (reorg depth ${reorganisationDepth}): honest miners lost that work and its rewards.`;
  }
  if (ending === "published") return "All nodes changed to the secret branch.";
  if (secretBlocks === 0) return `${attacker} found no secret block.`;
  return `${attacker} threw ${counted(secretBlocks, "secret block")} away, with all rewards: that is the price of trying.`;
}

/** What became of the branch that was made for the shop. */
function lossText({ outcome, secretBlocks, publicBlocks }: EclipseVerdict): string {
  const shown = `The shop was shown ${counted(secretBlocks, "block")}`;
  const kept = `${publicBlocks} that the others found`;
  return outcome === "failed"
    ? `${shown} instead of ${kept}: more work, so all nodes changed to the false branch.`
    : `${shown} instead of ${kept}.`;
}

function selfishMiningText(verdict: SelfishMiningVerdict, attacker: string): VerdictText {
  const { outcome, share, revenue, interval, tally } = verdict;
  const [low, high] = interval;
  const staying = tally.attackerBlocks + tally.honestBlocks;
  const parts = `${chanceText(revenue)} of the blocks that stay, with ${percent(share)} of the hash power`;
  return {
    headline: outcome === "gained" ? "Hiding blocks paid." : "Hiding blocks did not pay.",
    winner: outcome === "gained" ? "attacker" : "honest",
    facts: [
      `${attacker} has ${parts}.`,
      `That is ${tally.attackerBlocks} of ${staying} blocks (95 % interval: ${chanceText(low)} to ${chanceText(high)}).`,
      `${counted(tally.staleBlocks, "block")} of both sides ${tally.staleBlocks === 1 ? "was" : "were"} left behind: work for nothing.`,
    ],
    theory: selfishTheoryText(verdict),
    moral: moralOf(verdict),
  };
}

function selfishTheoryText({ theory, stubborn }: SelfishMiningVerdict): string {
  if (theory !== null) {
    const { revenue, threshold } = theory;
    return `Theory: ${chanceText(revenue)}. It pays above ${chanceText(threshold)} of the hash power.`;
  }
  const manner = stubborn === undefined ? "" : ` (${stubbornWords(stubborn)})`;
  return `Theory: none is known for a stubborn miner${manner}.`;
}

function moralOf({ attack }: AttackVerdict): string {
  return `Every node obeyed the rules: ${morals[attack]}.`;
}

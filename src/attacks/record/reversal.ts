/** What attacks have in common that take a payment to a shop back. */

import { counted, roughCoinText, shortHash } from "../../primitives/figures.ts";
import { type Balance, endings, type Phase } from "./attack.ts";
import type { FinalState, ShopView } from "./step.ts";

/** `undecided`: neither of the two transactions is confirmed, or the network does not agree. */
export type Outcome = "reversed" | "failed" | "undecided";

/** What the shop's node has in the end. */
export type ReversalFacts = {
  readonly type: "verdict";
  readonly outcome: Outcome;
  /** Of the hash power. */
  readonly share: number;
  /** In satoshis. */
  readonly value: number;
  /** The number of confirmations at which the shop delivered; null if it never did. */
  readonly deliveredAt: number | null;
  readonly payment: FinalState;
  readonly conflict: FinalState;
  /** Blocks that the shop's node left behind together with the payment; 0 if it never did. */
  readonly reorganisationDepth: number;
  /** Above the fork, when it was judged. */
  readonly secretBlocks: number;
  readonly publicBlocks: number;
  readonly shop: readonly ShopView[];
  readonly durationSeconds: number;
  readonly timeline: string;
};

/** Judged by nothing but what the victim's node has in the end. */
export function outcomeOf(payment: FinalState, conflict: FinalState): Outcome {
  if (conflict.state === "confirmed" && payment.state !== "confirmed") return "reversed";
  if (payment.state === "confirmed" && conflict.state !== "confirmed") return "failed";
  return "undecided";
}

/** @param endingTitle as long as it is not known how the race ends. */
export function reversalPhases(endingTitle: string): readonly Phase[] {
  return [
    {
      name: "setup",
      title: "The set-up",
      beginsWith: ["scene"],
      endsWith: ["paid"],
      isSecret: true,
    },
    { name: "payment", title: "The shop is paid", beginsWith: ["paid"] },
    {
      name: "race",
      title: "Two branches race",
      beginsWith: ["paid"],
      endsWith: endings,
      isSecret: true,
    },
    { name: "shop", title: "What the shop sees", beginsWith: ["shop"], endsWith: endings },
    { name: "delivery", title: "The shop delivers", beginsWith: ["delivered"] },
    { name: "ending", title: endingTitle, beginsWith: endings, isSecret: true },
  ];
}

export const reversalWinners = {
  reversed: "attacker",
  failed: "honest",
  undecided: "neither",
} as const satisfies Readonly<Record<Outcome, string>>;

export function reversalHeadline(
  { outcome, deliveredAt }: ReversalFacts,
  attacker: string,
): string {
  switch (outcome) {
    case "reversed":
      return deliveredAt === null
        ? "The payment was taken back before the shop delivered."
        : "The shop delivered, and lost the payment.";
    case "failed":
      return `The attack failed: the shop keeps ${attacker}'s money.`;
    case "undecided":
      return "Undecided: neither of the two payments is in the chain yet.";
  }
}

/** What became of the two payments. */
export function paymentFacts(verdict: ReversalFacts, attacker: string): readonly string[] {
  const { payment, conflict, value } = verdict;
  const [a, b] = [payment, conflict].map(({ txid }) => shortHash(txid));
  return [
    `Payment A (${a}), ${roughCoinText(value)} coins to the shop: ${historyText(payment, verdict)}.`,
    `Payment B (${b}), the same coin back to ${attacker}: ${stateText(conflict)}.`,
  ];
}

/** With the most confirmations that it had. */
function historyText(payment: FinalState, { shop }: ReversalFacts): string {
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

/** The shop's, then the attacker's. */
export function balancesOf(verdict: ReversalFacts, attacker: string): readonly Balance[] {
  const { outcome, deliveredAt, value } = verdict;
  const isDelivered = deliveredAt !== null;
  if (outcome === "reversed" && isDelivered) {
    return [
      { name: "shop", change: -value, words: "has neither the goods nor the money" },
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

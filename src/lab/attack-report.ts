/** What an attack is told by: its steps while it goes on, and the verdict at its end. */

import { strictOdds, strictOddsGivingUp } from "../attacks/odds.ts";
import type { Milliseconds, Txid } from "../primitives/brand.ts";
import type { Shares } from "./shares.ts";

export type AttackOptions = {
  readonly type: "double-spend";
  /** What the shop waits for before it delivers. */
  readonly confirmations: number;
  /** The attacker gives up when its branch is so many blocks behind. */
  readonly giveUpBehind: number;
  /** Of the hash power; it stays as it is if absent. */
  readonly share?: number;
};

export const defaultConfirmations = 2;
export const defaultGiveUpBehind = 6;
export const confirmationsMax = 20;
export const giveUpBehindMax = 50;

/** Each `shop` step is a change of what the shop's own node tells it. */
export type AttackStep =
  | {
      readonly type: "scene";
      readonly attacker: string;
      readonly share: number;
      readonly shares: Shares;
      readonly confirmations: number;
      readonly giveUpBehind: number;
      readonly theory: Theory;
    }
  | {
      readonly type: "paid";
      readonly payment: Txid;
      readonly conflict: Txid;
      readonly value: number;
      readonly via: string;
    }
  | { readonly type: "shop"; readonly seen: ShopView }
  | { readonly type: "delivered"; readonly confirmations: number }
  | {
      readonly type: "race";
      readonly secretBlocks: number;
      readonly publicBlocks: number;
      readonly lead: number;
    }
  | { readonly type: "published"; readonly secretBlocks: number; readonly publicBlocks: number }
  | { readonly type: "given-up"; readonly secretBlocks: number; readonly publicBlocks: number }
  | { readonly type: "out-of-time"; readonly seconds: number }
  | { readonly type: "broken-off"; readonly reason: string };

/** What became of a transaction, as the shop's node has it. */
export type FinalState = {
  readonly txid: Txid;
  /** `unknown`: it never came to the shop's node. */
  readonly state: "confirmed" | "waiting" | "gone" | "unknown";
  readonly confirmations: number;
};

export type ShopView = {
  readonly at: Milliseconds;
  readonly height: number;
  readonly state: FinalState["state"];
  readonly confirmations: number;
};

export type Theory = {
  /** That the payment is reversed before the attacker gives up. */
  readonly probability: number;
  /** The same for an attacker who never gives up. */
  readonly strictOdds: number;
  readonly source: string;
};

export type AttackVerdict = {
  readonly type: "verdict";
  readonly outcome: Outcome;
  readonly share: number;
  readonly confirmations: number;
  readonly giveUpBehind: number;
  readonly value: number;
  /** The number of confirmations at which the shop delivered; null if it never did. */
  readonly deliveredAt: number | null;
  readonly payment: FinalState;
  readonly conflict: FinalState;
  readonly ending: "published" | "given-up" | "out-of-time";
  /** Blocks that the shop's node left behind together with the payment; 0 if it kept it. */
  readonly reorganisationDepth: number;
  readonly secretBlocks: number;
  readonly publicBlocks: number;
  readonly shop: readonly ShopView[];
  readonly theory: Theory;
  readonly durationSeconds: number;
  readonly timeline: string;
};

/** `undecided`: neither of the two transactions is confirmed, or the network does not agree. */
export type Outcome = "reversed" | "failed" | "undecided";

/** Judged by nothing but what the victim's node has in the end. */
export function outcomeOf(payment: FinalState, conflict: FinalState): Outcome {
  if (conflict.state === "confirmed" && payment.state !== "confirmed") return "reversed";
  if (payment.state === "confirmed" && conflict.state !== "confirmed") return "failed";
  return "undecided";
}

export function theoryOf(share: number, confirmations: number, giveUpBehind: number): Theory {
  return {
    probability: strictOddsGivingUp({ share, confirmations, giveUpBehind }),
    strictOdds: strictOdds(share, confirmations),
    source:
      "Rosenfeld, Analysis of Hashrate-Based Double Spending, 2014: the strict variant, for nodes " +
      "that keep what they saw first; with gambler's ruin for giving up (Feller I, XIV.2)",
  };
}

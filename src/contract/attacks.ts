/** An attack as a lab takes, tells and judges it. */

import type { Milliseconds, Txid } from "../primitives/brand.ts";
import type { Shares } from "./network.ts";

export type AttackOptions = DoubleSpendOptions | SelfishMiningOptions | EclipseOptions;

export type DoubleSpendOptions = {
  readonly type: "double-spend";
  /** What the shop waits for before it delivers. */
  readonly confirmations: number;
  /** The attacker gives up when its branch is so many blocks behind. */
  readonly giveUpBehind: number;
  /** Secret blocks to have before the payment is made. */
  readonly premine: 0 | 1;
  /** Of the hash power; it stays as it is if absent. */
  readonly share?: number;
};

export type SelfishMiningOptions = {
  readonly type: "selfish-mining";
  /** How many blocks, of all miners, are found before it is judged. */
  readonly blocks: number;
  /** Of the hash power; it stays as it is if absent. */
  readonly share?: number;
  /** As Eyal and Sirer's miner if absent, who does nothing of this. */
  readonly stubborn?: Stubbornness;
};

/** Where a selfish miner goes on though it had better not. */
export type Stubbornness = {
  /** With its lead down to one it still reveals just enough for a tie. */
  readonly lead: boolean;
  /** Having found the block that decides a tie, it keeps it back. */
  readonly equalFork: boolean;
  /** It goes on with its own branch while that is so many blocks behind. */
  readonly trail: number;
};

export type EclipseOptions = {
  readonly type: "eclipse";
  /** What the shop waits for before it delivers. */
  readonly confirmations: number;
  /** Of the hash power; it stays as it is if absent. */
  readonly share?: number;
};

// --- Its course, and its end ------------------------------------------------------------------

export type AttackReport = {
  readonly state: "none" | "running" | "ended" | "broken-off";
  readonly steps: readonly AttackStep[];
  readonly verdict: AttackVerdict | null;
  /** Why it was broken off. */
  readonly reason: string | null;
};

/** Each `shop` step is a change of what the shop's own node tells it. */
export type AttackStep =
  | {
      readonly type: "scene";
      readonly attack: "double-spend";
      readonly attacker: string;
      readonly share: number;
      readonly shares: Shares;
      readonly confirmations: number;
      readonly giveUpBehind: number;
      readonly premine: 0 | 1;
      readonly theory: Theory;
      readonly curve: Curve;
    }
  | {
      readonly type: "scene";
      readonly attack: "selfish-mining";
      readonly attacker: string;
      readonly share: number;
      readonly shares: Shares;
      readonly blocks: number;
      readonly stubborn?: Stubbornness;
      /** Null if it is stubborn: nobody has a closed form for that. */
      readonly theory: SelfishTheory | null;
      /** Empty without a theory. */
      readonly curve: Curve;
    }
  | {
      readonly type: "scene";
      readonly attack: "eclipse";
      readonly attacker: string;
      readonly share: number;
      readonly shares: Shares;
      readonly confirmations: number;
      readonly theory: EclipseTheory;
      readonly curve: Curve;
    }
  | {
      readonly type: "paid";
      readonly payment: Txid;
      readonly conflict: Txid;
      readonly value: number;
      readonly via: string;
      /** To whom the conflict is given at the same time; it stays with the attacker if absent. */
      readonly conflictVia?: string;
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
  /** Of an eclipse: the shop has honest peers again. `secretBlocks` only it and the attacker had. */
  | { readonly type: "mended"; readonly secretBlocks: number; readonly publicBlocks: number }
  /** Of selfish mining: how the blocks since its beginning are divided, as the observer sees it. */
  | ({ readonly type: "tally" } & SelfishTally)
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
  readonly strictProbability: number;
  readonly source: string;
};

export type SelfishTheory = {
  /** The attacker's part of all blocks that stay, if nobody else mines on its branch in a tie. */
  readonly revenue: number;
  /** Below this share it does not pay. */
  readonly threshold: number;
  readonly source: string;
};

export type EclipseTheory = {
  /** That the payment is reversed when the shop has honest peers again. */
  readonly probability: number;
  readonly source: string;
};

export type SelfishTally = {
  /** Blocks on the active branch since the attack began. */
  readonly attackerBlocks: number;
  readonly honestBlocks: number;
  /** Blocks that were found and left behind. */
  readonly staleBlocks: number;
};

export type AttackVerdict = PaymentVerdict | SelfishMiningVerdict;

/** Of attacks that take a payment back. */
export type PaymentVerdict = DoubleSpendVerdict | EclipseVerdict;

export type DoubleSpendVerdict = PaymentFacts & {
  readonly attack: "double-spend";
  readonly giveUpBehind: number;
  readonly premine: 0 | 1;
  readonly ending: "published" | "given-up" | "out-of-time";
  readonly theory: Theory;
};

export type EclipseVerdict = PaymentFacts & {
  readonly attack: "eclipse";
  /** `out-of-time`: the links were mended before the shop delivered. */
  readonly ending: "mended" | "out-of-time";
  readonly theory: EclipseTheory;
};

type PaymentFacts = {
  readonly type: "verdict";
  readonly outcome: Outcome;
  readonly share: number;
  readonly confirmations: number;
  readonly value: number;
  /** The number of confirmations at which the shop delivered; null if it never did. */
  readonly deliveredAt: number | null;
  readonly payment: FinalState;
  readonly conflict: FinalState;
  /** Blocks that the shop's node left behind together with the payment; 0 if it kept it. */
  readonly reorganisationDepth: number;
  readonly secretBlocks: number;
  readonly publicBlocks: number;
  readonly shop: readonly ShopView[];
  readonly durationSeconds: number;
  readonly timeline: string;
};

/** `undecided`: neither of the two transactions is confirmed, or the network does not agree. */
export type Outcome = "reversed" | "failed" | "undecided";

export type SelfishMiningVerdict = {
  readonly type: "verdict";
  readonly attack: "selfish-mining";
  /** Whether its part of the blocks that stay is more than its part of the hash power. */
  readonly outcome: "gained" | "lost";
  readonly share: number;
  /** The attacker's part of the blocks that stay, with its 95 % interval (Wilson). */
  readonly revenue: number;
  readonly interval: Interval;
  readonly tally: SelfishTally;
  readonly stubborn?: Stubbornness;
  /** Null if it is stubborn: nobody has a closed form for that. */
  readonly theory: SelfishTheory | null;
  readonly durationSeconds: number;
  readonly timeline: string;
};

// --- Theory and trials -----------------------------------------------------------------------

export type Interval = readonly [low: number, high: number];

/** What theory says for each share, in rising order. */
export type Curve = readonly (readonly [share: number, value: number])[];

/** `GET /lab/probability`, with the attack's options as its query; `value` is what theory says of `share`. */
export type ProbabilityJson = {
  readonly attack: AttackOptions["type"];
  readonly share: number;
  readonly value: number;
  readonly curve: Curve;
  readonly source: string;
};

/** `POST /lab/trials`: many attacks in the simulator, beside the closed form. */
export type TrialsOrder = {
  readonly type: "double-spend";
  readonly share: number;
  readonly confirmations: number;
  readonly giveUpBehind: number;
  readonly premine: 0 | 1;
  readonly runs: number;
  readonly seed: string;
};

export type TrialsJson = {
  readonly estimate: number;
  /** 95 %. */
  readonly interval: Interval;
  readonly theory: number;
  /** Standard errors between the two. */
  readonly z: number;
  readonly runs: number;
  readonly seed: string;
  /** What repeats it on the command line. */
  readonly command: string;
};

/** What an attack reports, step by step. */

import type { Milliseconds, Txid } from "../../primitives/brand.ts";
import type { Curve } from "./closed-form.ts";
import type { ConditionsOf, Terms } from "./terms.ts";

/** The first step: who attacks, on which terms, and what theory expects. */
export type Scene<Name extends string, Of extends Terms, Theory> = ConditionsOf<Of> & {
  readonly type: "scene";
  readonly attack: Name;
  readonly attacker: string;
  /** Of the hash power. */
  readonly share: number;
  /** Of all miners, by name. */
  readonly shares: Readonly<Record<string, number>>;
  /** Null if no closed form is known for these terms. */
  readonly theory: Theory;
  /** Empty without a theory. */
  readonly curve: Curve;
};

/** Each `shop` step is a change of what the shop's own node reports. */
export type CourseStep =
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
  /** The shop has honest peers again. `secretBlocks` only it and the attacker had. */
  | { readonly type: "mended"; readonly secretBlocks: number; readonly publicBlocks: number }
  /** Of selfish mining: how the blocks since its beginning are divided, as the observer sees it. */
  | ({ readonly type: "tally" } & BlockTally)
  | { readonly type: "out-of-time"; readonly seconds: number }
  | { readonly type: "broken-off"; readonly reason: string };

export type StepType = "scene" | CourseStep["type"];

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

export type BlockTally = {
  /** Blocks on the active branch since the attack began. */
  readonly attackerBlocks: number;
  readonly honestBlocks: number;
  /** Blocks that were found and left behind. */
  readonly staleBlocks: number;
};

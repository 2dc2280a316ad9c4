/** What theory expects of selfish mining. */

import { selfishRevenue, selfishThreshold } from "../../theory/mining.ts";
import type { ClosedForm } from "../record/closed-form.ts";
import type { Stubbornness } from "./terms.ts";

export type SelfishTheory = {
  /**
   * The attacker's part of all blocks that stay, if no honest miner mines on its branch in a tie.
   */
  readonly revenue: number;
  /** Below this share it does not pay. */
  readonly threshold: number;
  readonly source: string;
};

export type SelfishMiner = { readonly share: number; readonly stubborn?: Stubbornness };

/** Of the honest power on the attacker's branch in a tie: nodes here keep what they saw first. */
const gamma = 0;

export const selfishMiningTheory = {
  quantity: "part of the blocks",
  // From there on her branch is all there is.
  shareMax: 0.5,
  paysAbove: selfishThreshold(gamma),
  /** The formula is of a miner who is not stubborn, and none is known for others. */
  of({ share, stubborn }: SelfishMiner): SelfishTheory | null {
    if (stubborn !== undefined) return null;
    return {
      revenue: selfishRevenue(share, gamma),
      threshold: selfishThreshold(gamma),
      source:
        "Eyal & Sirer, Majority Is Not Enough: Bitcoin Mining Is Vulnerable, 2014: γ = 0, " +
        "because nodes keep what they saw first",
    };
  },
  figureOf: ({ revenue }: SelfishTheory) => revenue,
} as const satisfies ClosedForm<SelfishMiner, SelfishTheory>;

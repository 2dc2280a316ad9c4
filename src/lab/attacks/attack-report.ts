/** How an attack is judged, and its limits. */

import { deceptionProbability } from "../../theory/isolation.ts";
import { doubleSpendProbability, probabilityGivingUp } from "../../theory/double-spend.ts";
import { selfishRevenue, selfishThreshold } from "../../theory/mining.ts";
import type {
  EclipseTheory,
  FinalState,
  Outcome,
  SelfishTheory,
  Stubbornness,
  Theory,
} from "../../contract/attacks.ts";
import { liveGamma, type DoubleSpendTerms } from "./probability-curve.ts";

export const defaultConfirmations = 2;
export const defaultGiveUpBehind = 6;
export const confirmationsMax = 20;
export const giveUpBehindMax = 50;
/** Some two minutes of selfish mining. */
export const defaultSelfishBlocks = 60;
/** Each block makes some steps, and who watches from outside is sent all of them each time. */
export const selfishBlocksMax = 500;
/** As far as a stubborn miner may let itself fall behind. */
export const trailMax = 100;

/** Judged by nothing but what the victim's node has in the end. */
export function outcomeOf(payment: FinalState, conflict: FinalState): Outcome {
  if (conflict.state === "confirmed" && payment.state !== "confirmed") return "reversed";
  if (payment.state === "confirmed" && conflict.state !== "confirmed") return "failed";
  return "undecided";
}

export function theoryOf(share: number, terms: DoubleSpendTerms): Theory {
  const { confirmations, premine } = terms;
  const variant =
    premine === 1
      ? "with one block mined beforehand"
      : "the strict variant, for nodes that keep what they saw first";
  return {
    probability: probabilityGivingUp({ share, ...terms }),
    strictProbability: doubleSpendProbability({ share, confirmations, premine }),
    source:
      `Rosenfeld, Analysis of Hashrate-Based Double Spending, 2014: ${variant}; ` +
      "with gambler's ruin for giving up (Feller I, XIV.2)",
  };
}

export function selfishTheoryOf(share: number): SelfishTheory {
  return {
    revenue: selfishRevenue(share, liveGamma),
    threshold: selfishThreshold(liveGamma),
    source:
      "Eyal & Sirer, Majority Is Not Enough: Bitcoin Mining Is Vulnerable, 2014: γ = 0, " +
      "because nodes keep what they saw first",
  };
}

/** Null for a stubborn miner: the formula is of one that is not, and none is known for others. */
export function selfishTheoryWith(
  share: number,
  stubborn: Stubbornness | undefined,
): SelfishTheory | null {
  return stubborn === undefined ? selfishTheoryOf(share) : null;
}

export function eclipseTheoryOf(share: number, confirmations: number): EclipseTheory {
  return {
    probability: deceptionProbability(share, confirmations),
    source:
      "The others find a negative binomial number of blocks while she finds hers; it leaves out " +
      "that the difficulty follows each branch",
  };
}

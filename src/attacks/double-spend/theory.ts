/** What theory expects of a double spend. */

import { doubleSpendProbability, probabilityGivingUp } from "../../theory/double-spend.ts";
import type { ClosedForm } from "../record/closed-form.ts";
import type { TheoryValuesOf } from "../record/terms.ts";
import type { doubleSpendTerms } from "./terms.ts";

/** On what it depends how likely a double spend is. */
export type DoubleSpendRace = TheoryValuesOf<typeof doubleSpendTerms>;

export type DoubleSpendTheory = {
  /** That the payment is reversed before the attacker gives up. */
  readonly probability: number;
  /** The same for an attacker who never gives up. */
  readonly strictProbability: number;
  readonly source: string;
};

export const doubleSpendTheory = {
  quantity: "probability to succeed",
  // More than half, to show what confirmations are worth then.
  shareMax: 0.6,
  of(race: DoubleSpendRace): DoubleSpendTheory {
    const variant =
      race.premine === 1
        ? "with a premine of one block"
        : "the strict variant, for nodes that keep what they saw first";
    return {
      probability: probabilityGivingUp(race),
      strictProbability: doubleSpendProbability(race),
      source:
        `Rosenfeld, Analysis of Hashrate-Based Double Spending, 2014: ${variant}; ` +
        "with gambler's ruin for giving up (Feller I, XIV.2)",
    };
  },
  figureOf: ({ probability }: DoubleSpendTheory) => probability,
} as const satisfies ClosedForm<DoubleSpendRace, DoubleSpendTheory>;

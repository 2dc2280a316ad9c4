/** What is typed into the wallet card, read as an order for a payment. */

import type { PaymentOrder } from "../../contract/lab.ts";
import { describeAmountProblem, parseAmount } from "../../primitives/amount.ts";

export type PaymentForm = {
  readonly from: string;
  readonly to: string;
  readonly amount: string;
  readonly feeRate: string;
};

export type OrderReading =
  | { readonly ok: true; readonly value: PaymentOrder }
  /** One sentence. */
  | { readonly ok: false; readonly problem: string };

/** Nodes do not relay transactions below it. @see Bitcoin Core, DEFAULT_MIN_RELAY_TX_FEE */
const feeRateMin = 1;
/** More is a typing error. */
const feeRateMax = 10_000;

const ratePattern = /^\d{1,5}(?:[.,]\d{1,3})?$/;

/** @returns the first thing that is wrong with it. */
export function paymentOrder({ from, to, amount, feeRate }: PaymentForm): OrderReading {
  const payee = to.trim();
  if (payee === "") return refused("Enter the payee: a node's name or an address.");
  if (amount.trim() === "") return refused("Enter an amount, such as 1.5.");
  const coins = parseAmount(amount.replace(",", ".")); // phones of some countries have no point
  if (!coins.ok) return refused(describeAmountProblem(amount.trim(), coins.problem));
  const rate = ratePattern.test(feeRate.trim()) ? Number(feeRate.trim().replace(",", ".")) : NaN;
  if (Number.isNaN(rate))
    return refused(`"${feeRate.trim()}" is not a fee rate. Enter a number such as 2 or 1.5.`);
  if (rate < feeRateMin)
    return refused(`The fee rate must be at least ${feeRateMin}: nodes do not relay less.`);
  if (rate > feeRateMax) return refused(`The fee rate must be at most ${feeRateMax}.`);
  return { ok: true, value: { from, to: payee, value: coins.value, feeRate: rate } };
}

function refused(problem: string): OrderReading {
  return { ok: false, problem };
}

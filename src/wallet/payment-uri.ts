/** Links that ask for a payment: `bitcoin:ADDRESS?amount=1.5&label=Shop`. @see BIP21 */

import { type AmountProblem, describeAmountProblem, parseAmount } from "../primitives/amount.ts";
import type { Satoshi } from "../primitives/brand.ts";
import { broken, unreachable, valid, type Verdict } from "../primitives/verdict.ts";

export type PaymentRequest = {
  readonly address: string;
  /** Undefined if the payer decides. */
  readonly amount: Satoshi | undefined;
};

export type UriProblem =
  | { readonly rule: "uri-amount"; readonly text: string; readonly problem: AmountProblem }
  /** A wallet that does not understand it must not pay. */
  | { readonly rule: "uri-requirement"; readonly name: string };

const uriPattern = /^bitcoin:([^?]*)(?:\?(.*))?$/i;
const decimalPattern = /^[\d.]+$/;

/** Reads a link, also in the capitals of a QR code, or an address alone. */
export function parsePaymentRequest(text: string): Verdict<PaymentRequest, UriProblem> {
  const uri = uriPattern.exec(text.trim());
  if (uri === null) return valid({ address: text, amount: undefined });
  const [, address = "", query] = uri;
  let amount: Satoshi | undefined;
  for (const [given, value] of new URLSearchParams(query)) {
    const name = given.toLowerCase();
    if (name.startsWith("req-")) return broken({ rule: "uri-requirement", name });
    if (name !== "amount") continue; // a label or a message, or what only others understand
    const parsed = parseAmount(value);
    if (!parsed.ok) return broken({ rule: "uri-amount", text: value, problem: parsed.problem });
    if (!decimalPattern.test(value)) {
      return broken({ rule: "uri-amount", text: value, problem: { rule: "amount-format" } });
    }
    amount = parsed.value;
  }
  return valid({ address, amount });
}

/** One sentence for people. */
export function describeUriProblem(problem: UriProblem): string {
  switch (problem.rule) {
    case "uri-amount":
      return `The link's amount is wrong: ${describeAmountProblem(problem.text, problem.problem)}`;
    case "uri-requirement":
      return `The link requires "${problem.name}", which powlab does not know: it must not be paid.`;
    default:
      return unreachable(problem);
  }
}

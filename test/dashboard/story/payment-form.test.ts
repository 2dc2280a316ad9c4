/** What is typed into the wallet card. */

import { expect, test } from "vitest";
import { type PaymentForm, paymentOrder } from "../../../src/dashboard/story/payment-form.ts";

const form: PaymentForm = { from: "alice", to: "shop", amount: "0.1", feeRate: "2" };

function problemOf(change: Partial<PaymentForm>): string | null {
  const order = paymentOrder({ ...form, ...change });
  return order.ok ? null : order.problem;
}

test("a form that is filled in is an order in satoshis", () => {
  const order = paymentOrder({ ...form, to: " shop ", feeRate: "1,5" });
  const value = { from: "alice", to: "shop", value: 10_000_000, feeRate: 1.5 };
  expect(order).toEqual({ ok: true, value });
});

test("the point of an amount may be a comma", () => {
  expect(paymentOrder({ ...form, amount: "1,5" })).toMatchObject({ value: { value: 150_000_000 } });
});

test("each field is refused with one sentence that says what is wrong", () => {
  expect(problemOf({ to: "  " })).toBe("Enter the payee: a node's name or an address.");
  expect(problemOf({ amount: "" })).toBe("Enter an amount, such as 1.5.");
  expect(problemOf({ amount: "ten" })).toMatch(/^"ten" is not an amount/);
  expect(problemOf({ feeRate: "fast" })).toBe(
    '"fast" is not a fee rate. Enter a number such as 2 or 1.5.',
  );
  expect(problemOf({ feeRate: "0.5" })).toMatch(/at least 1/);
  expect(problemOf({ feeRate: "20000" })).toMatch(/at most 10000/);
});

test("the limits themselves are allowed", () => {
  expect(problemOf({ feeRate: "1" })).toBeNull();
  expect(problemOf({ feeRate: "10000" })).toBeNull();
});

/** Checks every rule that needs nothing but the transaction, on either side of its boundary. */

import { describe, expect, test } from "vitest";
import { moneyMax } from "../../src/consensus/money.ts";
import { checkTransaction, valueOut } from "../../src/consensus/transaction.ts";
import { parseHex } from "../../src/primitives/bytes.ts";
import { dataScript } from "../../src/primitives/script.ts";
import {
  noOutputIndex,
  strippedSizeOf,
  type Transaction,
} from "../../src/primitives/transaction.ts";
import { coinbase, coinNamed, inputOf, outputOf, payment, ruleOf } from "./samples.ts";

function ruleFor(transaction: Transaction): string {
  return ruleOf(checkTransaction(transaction));
}

/** A payment whose stripped size is just this: a data output fills it up. */
function paymentOfSize(sizeBytes: number): Transaction {
  const length = sizeBytes - strippedSizeOf(filled(0x1_0000)) + 0x1_0000;
  return filled(length);
}

function filled(length: number): Transaction {
  const script = new Uint8Array(6 + length);
  script.set([0x6a, 0x4e, length, length >> 8, length >> 16, length >> 24]);
  return payment({ outputs: [outputOf(0, script)] });
}

describe("a payment", () => {
  test("that breaks no rule comes back as it is", () => {
    const transaction = payment();
    expect(checkTransaction(transaction)).toEqual({ ok: true, value: transaction });
  });

  test.each([
    ["no inputs", { inputs: [] }, "bad-txns-vin-empty"],
    ["no outputs", { outputs: [] }, "bad-txns-vout-empty"],
    ["the same coin twice", { inputs: [inputOf(1), inputOf(1)] }, "bad-txns-inputs-duplicate"],
    ["two coins", { inputs: [inputOf(1), inputOf(2)] }, "valid"],
    [
      "an input that names no coin beside one that does",
      { inputs: [inputOf(0), inputOf(0, { previous: coinbase(1).inputs[0]!.previous })] },
      "bad-txns-prevout-null",
    ],
    [
      "the last index of a real transaction",
      { inputs: [inputOf(0, { previous: coinNamed(noOutputIndex) })] },
      "valid",
    ],
    [
      "a script in its input",
      { inputs: [inputOf(0), inputOf(1, { scriptSig: Uint8Array.of(0) })] },
      "script-sig-not-empty",
    ],
    ["an output of nothing", { outputs: [outputOf(0)] }, "valid"],
    ["an output of all money", { outputs: [outputOf(moneyMax)] }, "valid"],
    ["an output of less than nothing", { outputs: [outputOf(-1)] }, "bad-txns-vout-negative"],
    ["a satoshi too much", { outputs: [outputOf(moneyMax + 1)] }, "bad-txns-vout-toolarge"],
    [
      "outputs that are a satoshi too much together",
      { outputs: [outputOf(moneyMax), outputOf(1)] },
      "bad-txns-txouttotal-toolarge",
    ],
    ["outputs that are all money", { outputs: [outputOf(moneyMax - 1), outputOf(1)] }, "valid"],
    ["a version from the future", { version: 0xffff_ffff }, "valid"],
  ])("with %s: what of it?", (_what, given, rule) => {
    expect(ruleFor(payment(given))).toBe(rule);
  });

  test.each([
    ["a taproot key", `5120${"79".repeat(32)}`, "valid"],
    ["data", "6a0401020304", "valid"],
    ["no data", "6a", "valid"],
    ["nothing", "", "output-not-taproot-or-data"],
    ["a witness key hash", `0014${"00".repeat(20)}`, "output-not-taproot-or-data"],
    ["a later witness version", `5220${"79".repeat(32)}`, "output-not-taproot-or-data"],
    ["a key hash", `76a914${"00".repeat(20)}88ac`, "output-not-taproot-or-data"],
    ["anybody", "51", "output-not-taproot-or-data"],
    ["data that counts as signatures", "6aacacac", "output-not-taproot-or-data"],
  ])("to %s: what of it?", (_what, hex, rule) => {
    const padding = outputOf(0, dataScript(Uint8Array.of(1, 2, 3, 4, 5)));
    expect(ruleFor(payment({ outputs: [padding, outputOf(1, parseHex(hex))] }))).toBe(rule);
  });

  test.each([
    [63, "valid"],
    [64, "bad-txns-64-bytes"],
    [65, "valid"],
  ])("of %d bytes without witness: what of it?", (sizeBytes, rule) => {
    const data = dataScript(new Uint8Array(sizeBytes - 62));
    const transaction = payment({
      inputs: [inputOf(0, { witness: [new Uint8Array(64)] })],
      outputs: [outputOf(0, data)],
    });
    expect(strippedSizeOf(transaction)).toBe(sizeBytes);
    expect(ruleFor(transaction)).toBe(rule);
  });

  test.each([
    [1_000_000, "valid"],
    [1_000_001, "bad-txns-oversize"],
  ])("of %d bytes without witness: what of it?", (sizeBytes, rule) => {
    const transaction = paymentOfSize(sizeBytes);
    expect(strippedSizeOf(transaction)).toBe(sizeBytes);
    expect(ruleFor(transaction)).toBe(rule);
  });
});

describe("a coinbase", () => {
  test.each([
    [0, "bad-cb-length"],
    [1, "bad-cb-length"],
    [2, "valid"],
    [100, "valid"],
    [101, "bad-cb-length"],
  ])("with a script of %d bytes: what of it?", (length, rule) => {
    expect(ruleFor(coinbase(1, { scriptSig: new Uint8Array(length) }))).toBe(rule);
  });

  test("pays taproot keys like everybody", () => {
    const toAnybody = { ...coinbase(1), outputs: [outputOf(1, Uint8Array.of(0x51))] };
    expect(ruleFor(toAnybody)).toBe("output-not-taproot-or-data");
  });
});

test("problems carry the facts", () => {
  const facts = (given: Partial<Transaction>) => {
    const verdict = checkTransaction(payment(given));
    return verdict.ok ? undefined : verdict.problem;
  };
  const twice = { inputs: [inputOf(0), inputOf(7), inputOf(7)] };
  expect(facts(twice)).toEqual({
    rule: "bad-txns-inputs-duplicate",
    coin: `${"11".repeat(32)}:7`,
  });
  expect(facts({ outputs: [outputOf(1), outputOf(moneyMax + 1)] })).toEqual({
    rule: "bad-txns-vout-toolarge",
    output: 1,
    value: moneyMax + 1,
  });
});

test("the value paid is the sum of all outputs", () => {
  expect(valueOut(payment({ outputs: [outputOf(3), outputOf(4), outputOf(0)] }))).toBe(7);
});

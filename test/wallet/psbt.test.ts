/** PSBTs beside @scure/btc-signer, judged by our own rules, and the BIPs' own examples. */

import { base64 } from "@scure/base";
import { HDKey } from "@scure/bip32";
import { mnemonicToSeedSync } from "@scure/bip39";
import * as scure from "@scure/btc-signer";
import type { Signer } from "@scure/btc-signer/transaction.js";
import { describe, expect, test } from "vitest";
import { regtest } from "../../src/consensus/params.ts";
import type { Satoshi, Txid } from "../../src/primitives/brand.ts";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import { decodeTransaction, type Transaction, txidOf } from "../../src/primitives/transaction.ts";
import { type Verdict } from "../../src/primitives/verdict.ts";
import { Account } from "../../src/wallet/keys.ts";
import { type OwnCoin, planPayment } from "../../src/wallet/payment.ts";
import { describePsbtProblem, isOwnOutput, Psbt, type PsbtProblem } from "../../src/wallet/psbt.ts";
import { brokenRule } from "./broken-rule.ts";
import { invalidVectors, validVectors } from "./psbt-vectors.ts";

const words = `${"abandon ".repeat(11)}about`;
const account = new Account(words, regtest);
const other = new Account(`${"zoo ".repeat(11)}wrong`, regtest);
const shop = other.keyAt({ use: "receiving", index: 0 });
const change = account.keyAt({ use: "change", index: 3 });

function coinOf(owner: Account, index: number, value: number): OwnCoin {
  const place = { use: "receiving", index } as const;
  const point = { txid: `${index}`.repeat(64) as Txid, index };
  return { point, value: value as Satoshi, script: owner.keyAt(place).script, place };
}

const coins = [coinOf(account, 1, 60_000), coinOf(account, 2, 50_000)];

function must<Value>(verdict: Verdict<Value, PsbtProblem>): Value {
  if (!verdict.ok) throw new Error(describePsbtProblem(verdict.problem));
  return verdict.value;
}

function plannedPsbt(): Psbt {
  const plan = planPayment(
    coins,
    [{ value: 100_000 as Satoshi, script: shop.script }],
    change.script,
    2,
  );
  if (!plan.ok) throw new Error(plan.problem.rule);
  return Psbt.ofPayment(plan.value, change, account);
}

type AddedInput = Parameters<scure.Transaction["addInput"]>[0];

/** A PSBT as another program makes it. */
function foreignPsbt(
  inputs: readonly (OwnCoin & { readonly sighashType?: number })[],
  paid = 90_000,
): Psbt {
  const signer = new scure.Transaction();
  for (const { point, value, script, sighashType } of inputs) {
    const witnessUtxo = { script, amount: BigInt(value) };
    signer.addInput({
      txid: point.txid,
      index: point.index,
      witnessUtxo,
      ...(sighashType !== undefined && { sighashType }),
    });
  }
  signer.addOutput({ script: shop.script, amount: BigInt(paid) });
  return must(Psbt.decode(signer.toPSBT()));
}

function ruleOf(verdict: Verdict<unknown, PsbtProblem>): PsbtProblem | undefined {
  return verdict.ok ? undefined : verdict.problem;
}

function decoded(bytes: Uint8Array): Transaction {
  const transaction = decodeTransaction(bytes);
  if (!transaction.ok) throw new Error(transaction.problem.reason);
  return transaction.value;
}

describe("a payment as a PSBT", () => {
  test("keeps everything over base64, and is signed and finished by the same wallet", () => {
    const psbt = must(Psbt.decode(base64.decode(plannedPsbt().toBase64())));
    expect(psbt.inputs.map(({ state }) => state)).toEqual(["unsigned", "unsigned"]);
    expect(psbt.outputs.map((output) => isOwnOutput(account, output))).toEqual([false, true]);
    expect(must(psbt.sign(account))).toEqual([0, 1]);
    const read = must(Psbt.decode(psbt.encode()));
    expect(read.inputs.map(({ state }) => state)).toEqual(["signed", "signed"]);
    const transaction = must(read.finish());
    expect(brokenRule(transaction, coins)).toBe("none");
    expect(txidOf(transaction)).toBe(txidOf(psbt.transaction));
  });

  test("says enough for @scure/btc-signer to sign it with nothing but the words", () => {
    const signer = scure.Transaction.fromPSBT(plannedPsbt().encode());
    const root = HDKey.fromMasterSeed(mnemonicToSeedSync(words)) as unknown as Signer;
    expect(signer.sign(root)).toBe(2);
    const transaction = must(must(Psbt.decode(signer.toPSBT())).finish());
    expect(brokenRule(transaction, coins)).toBe("none");
  });

  test("signed here, is finished by @scure/btc-signer to the same bytes", () => {
    const psbt = plannedPsbt();
    must(psbt.sign(account));
    const signer = scure.Transaction.fromPSBT(psbt.encode());
    signer.finalize();
    expect(decoded(signer.extract())).toEqual(must(psbt.finish()));
  });

  test("may have been signed before: then there is nothing to sign", () => {
    const psbt = plannedPsbt();
    must(psbt.sign(account));
    expect(must(psbt.sign(account))).toEqual([]);
  });
});

describe("a PSBT of another program", () => {
  test("is signed although it does not say where its keys come from", () => {
    const psbt = foreignPsbt(coins);
    expect(must(psbt.sign(account))).toEqual([0, 1]);
    expect(brokenRule(must(psbt.finish()), coins)).toBe("none");
  });

  test("is signed with SIGHASH_ALL where it asks for it", () => {
    const psbt = foreignPsbt([{ ...coins[0]!, sighashType: 1 }, coins[1]!]);
    must(psbt.sign(account));
    const transaction = must(psbt.finish());
    expect(transaction.inputs.map(({ witness }) => witness[0]?.length)).toEqual([65, 64]);
    expect(brokenRule(transaction, coins)).toBe("none");
  });

  test("is signed by one owner after the other, and is incomplete between them", () => {
    const both = [coins[0]!, coinOf(other, 5, 50_000)];
    const psbt = foreignPsbt(both);
    expect(must(psbt.sign(account))).toEqual([0]);
    expect(ruleOf(psbt.finish())).toEqual({ rule: "incomplete", inputs: [1] });
    const passedOn = must(Psbt.decode(psbt.encode()));
    expect(must(passedOn.sign(other))).toEqual([1]);
    expect(brokenRule(must(passedOn.finish()), both)).toBe("none");
  });

  test("keeps what powlab does not know", () => {
    const signer = new scure.Transaction({ unknown: "ignore" });
    const { point, script, value } = coins[0]!;
    const unknown = [[{ type: 0x77, key: Uint8Array.of(1) }, Uint8Array.of(2, 3)]];
    const witnessUtxo = { script, amount: BigInt(value) };
    const input = { txid: point.txid, index: point.index, witnessUtxo, unknown };
    signer.addInput(input as unknown as AddedInput);
    signer.addOutput({ script: shop.script, amount: 50_000n });
    const psbt = must(Psbt.decode(signer.toPSBT()));
    must(psbt.sign(account));
    expect(bytesToHex(psbt.encode())).toContain("027701020203");
  });
});

describe("is refused", () => {
  test("by a wallet that has none of its coins", () => {
    expect(ruleOf(foreignPsbt(coins).sign(other))).toEqual({ rule: "not-ours" });
  });

  test("if it hides what another input spends, because every signature covers it", () => {
    const signer = scure.Transaction.fromPSBT(foreignPsbt(coins).encode());
    signer.addInput({ txid: "07".repeat(32), index: 0 });
    const psbt = must(Psbt.decode(signer.toPSBT()));
    expect(psbt.fee).toBeUndefined();
    expect(ruleOf(psbt.sign(account))).toEqual({ rule: "coin-unknown", input: 2 });
  });

  test.each([2, 3, 0x81, 0x83])("if a signature of type %i is asked for", (sighashType) => {
    const psbt = foreignPsbt([coins[0]!, { ...coins[1]!, sighashType }]);
    const problem = { rule: "hash-type", input: 1, hashType: sighashType };
    expect(ruleOf(psbt.sign(account))).toEqual(problem);
    expect(psbt.inputs.map(({ state }) => state)).toEqual(["unsigned", "unsigned"]);
  });

  test("if it pays more than it spends", () => {
    const psbt = foreignPsbt(coins, 110_001);
    expect(ruleOf(psbt.sign(account))).toEqual({ rule: "overspent", missing: 1 });
    expect(ruleOf(psbt.finish())).toEqual({ rule: "overspent", missing: 1 });
  });

  test.each(invalidVectors)("as $name", ({ text }) => {
    const problem = ruleOf(Psbt.decode(base64.decode(text)));
    expect(problem?.rule).toBe("malformed");
    expect(describePsbtProblem(problem!)).toMatch(/^This is no PSBT that can be read: [^\n]+\.$/);
  });

  test("wherever it is cut off", () => {
    const bytes = plannedPsbt().encode();
    for (let size = 0; size < bytes.length; size++) {
      expect(ruleOf(Psbt.decode(bytes.subarray(0, size)))?.rule).toBe("malformed");
    }
  });
});

test.each(validVectors)("is read and written again unchanged: $name", ({ text, paysTo }) => {
  const psbt = must(Psbt.decode(base64.decode(text)));
  expect(psbt.fee).toBe(3_000);
  expect(psbt.outputs.map(({ script }) => bytesToHex(script))).toEqual([paysTo]);
  const { fingerprint, path } = psbt.inputs[0]!.origins[0]!;
  expect([fingerprint.toString(16), path.slice(3)]).toEqual(["772b2da7", [1, 0]]);
  expect(must(Psbt.decode(psbt.encode())).toBase64()).toBe(psbt.toBase64());
  expect(ruleOf(psbt.finish())).toEqual({ rule: "incomplete", inputs: [0] });
});

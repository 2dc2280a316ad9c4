/** Checks the rules for spending coins, on either side of every boundary. */

import { sha256 } from "@noble/hashes/sha2.js";
import { hashes, schnorr } from "@noble/secp256k1";
import { describe, expect, test } from "vitest";
import type { Coin } from "../../src/consensus/coin.ts";
import type { LockContext } from "../../src/consensus/locks.ts";
import { moneyMax } from "../../src/consensus/money.ts";
import { lab, regtest } from "../../src/consensus/params.ts";
import { checkSpend, signatureChecks } from "../../src/consensus/spend.ts";
import { SighashMaker } from "../../src/primitives/sighash.ts";
import type { Transaction } from "../../src/primitives/transaction.ts";
import { inputOf, outputKey, outputOf, payment, ruleOf } from "./samples.ts";

// The library leaves the choice of a hash function to its user.
hashes.sha256 = sha256;

const context: LockContext = { height: 200, medianTime: 1_700_000_000, medianTimeAt: () => 0 };

function coinOf(value: number, given: Partial<Coin> = {}): Coin {
  return { output: outputOf(value), height: 1, isCoinbase: false, ...given };
}

/** Judges a payment that spends one coin after the other. */
function spend(coins: readonly (Coin | undefined)[], given: Partial<Transaction> = {}) {
  const inputs = coins.map((_, i) => inputOf(i));
  return checkSpend(payment({ inputs, ...given }), ({ index }) => coins[index], context, regtest);
}

describe("spending", () => {
  test("gives the coins in the inputs' order and the fee", () => {
    const coins = [coinOf(700), coinOf(500)];
    const verdict = spend(coins, { outputs: [outputOf(900), outputOf(100)] });
    expect(verdict).toEqual({ ok: true, value: { spent: coins, fee: 200 } });
  });

  test("a coin that is not there is refused by name", () => {
    expect(spend([coinOf(1000), undefined])).toEqual({
      ok: false,
      problem: { rule: "bad-txns-inputs-missingorspent", coin: `${"11".repeat(32)}:1` },
    });
  });

  test.each([
    ["nothing for a fee", 1000, "valid"],
    ["a satoshi too little", 999, "bad-txns-in-belowout"],
  ])("%s: what of it?", (_what, value, rule) => {
    expect(ruleOf(spend([coinOf(value)], { outputs: [outputOf(1000)] }))).toBe(rule);
  });

  test.each([
    ["all money", [moneyMax - 1, 1], "valid"],
    ["a satoshi more", [moneyMax, 1], "bad-txns-inputvalues-outofrange"],
    ["a coin of more", [moneyMax + 1], "bad-txns-inputvalues-outofrange"],
  ])("coins worth %s: what of it?", (_what, values, rule) => {
    expect(ruleOf(spend(values.map((value) => coinOf(value))))).toBe(rule);
  });

  test("a lock that counts from the coin holds", () => {
    const locked = (sequence: number) =>
      ruleOf(spend([coinOf(1000)], { inputs: [inputOf(0, { sequence })] }));
    expect(locked(199)).toBe("valid");
    expect(locked(200)).toBe("bad-txns-nonfinal");
  });
});

describe("a coinbase", () => {
  test.each([
    [regtest, 100],
    [lab, 10],
  ])("of $name is mature after so many blocks: %#", (params, maturity) => {
    const judge = (height: number, isCoinbase: boolean) =>
      checkSpend(payment(), () => coinOf(1000, { height, isCoinbase }), context, params);
    const youngest = context.height - maturity;
    expect(judge(youngest, true).ok).toBe(true);
    expect(judge(youngest + 1, false).ok).toBe(true);
    expect(judge(youngest + 1, true)).toEqual({
      ok: false,
      problem: {
        rule: "bad-txns-premature-spend-of-coinbase",
        coin: `${"11".repeat(32)}:0`,
        depth: maturity - 1,
        maturity,
      },
    });
  });
});

describe("what a verifier is asked", () => {
  const secretKey = new Uint8Array(32).with(31, 1);
  const coins = [coinOf(1000), coinOf(2000)];
  const outputs = coins.map(({ output }) => output);
  const unsigned = payment({ inputs: [inputOf(0), inputOf(1)] });
  const maker = new SighashMaker(unsigned, outputs);

  function sign(position: number, hashType?: number, annex?: Uint8Array): Uint8Array[] {
    const message = maker.message(position, hashType, annex)!;
    const signature = schnorr.sign(message, secretKey);
    const typed = hashType === undefined ? signature : Uint8Array.of(...signature, hashType);
    return annex === undefined ? [typed] : [typed, annex];
  }

  function checksOf(...witnesses: Uint8Array[][]) {
    const inputs = unsigned.inputs.map((input, i) => ({ ...input, witness: witnesses[i]! }));
    return signatureChecks([{ transaction: { ...unsigned, inputs }, spent: coins }]);
  }

  function hold(verdict: ReturnType<typeof checksOf>): boolean[] {
    if (!verdict.ok) throw new Error(verdict.problem.rule);
    return verdict.value.map(({ signature, message, publicKey }) =>
      schnorr.verify(signature, message, publicKey),
    );
  }

  test("holds for every input of a signed transaction", () => {
    const verdict = checksOf(sign(0), sign(1, 0x83 - 2, Uint8Array.of(0x50, 9)));
    expect(hold(verdict)).toEqual([true, true]);
    expect(verdict.ok && verdict.value[0]!.publicKey).toEqual(outputKey);
  });

  test("does not hold for another input's signature, a changed hash type or a changed annex", () => {
    expect(hold(checksOf(sign(1), sign(0)))).toEqual([false, false]);
    const [asAll] = sign(0, 1);
    const [withAnnex] = sign(1, 1, Uint8Array.of(0x50, 9));
    const changed = checksOf([asAll!.with(64, 2)], [withAnnex!, Uint8Array.of(0x50, 8)]);
    expect(hold(changed)).toEqual([false, false]);
  });

  test.each([
    ["no witness", [], "Witness program was passed an empty witness"],
    ["63 bytes", [new Uint8Array(63)], "Invalid Schnorr signature size"],
    ["an undefined hash type", [new Uint8Array(65).fill(9)], "Invalid Schnorr signature hash type"],
    [
      "SIGHASH_SINGLE without its output",
      [new Uint8Array(65).with(64, 3)],
      "Invalid Schnorr signature hash type",
    ],
    ["a script path", [new Uint8Array(64), new Uint8Array(33)], "script path is not allowed"],
  ])("is nothing for %s: the input is named instead", (_what, witness, reason) => {
    expect(checksOf(sign(0), witness)).toEqual({
      ok: false,
      problem: { rule: "mandatory-script-verify-flag-failed", input: 1, reason },
    });
  });

  test("a coin that the subset does not know cannot be in the coin set", () => {
    const coin = coinOf(1000, { output: outputOf(1000, Uint8Array.of(0x51)) });
    const transaction = payment({ inputs: [inputOf(0, { witness: [new Uint8Array(64)] })] });
    expect(() => signatureChecks([{ transaction, spent: [coin] }])).toThrow(/another script/);
  });
});

/** Payments, judged by our own rules and by @scure/btc-signer, and the other way round. */

import { HDKey } from "@scure/bip32";
import { mnemonicToSeedSync } from "@scure/bip39";
import * as scure from "@scure/btc-signer";
import { describe, expect, test } from "vitest";
import { regtest } from "../../src/consensus/params.ts";
import { createNobleVerifier } from "../../src/io/verifying/signature-verifier.ts";
import type { Satoshi, Txid } from "../../src/primitives/brand.ts";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import {
  decodeTransaction,
  encodeTransaction,
  type Transaction,
  txidOf,
  virtualSizeOf,
  weightOf,
} from "../../src/primitives/transaction.ts";
import { weightOfPayment } from "../../src/wallet/coins.ts";
import { Account, createWords, type KeyPlace } from "../../src/wallet/keys.ts";
import { type OwnCoin, planPayment, planSweep, signPayment } from "../../src/wallet/payment.ts";
import { brokenRule } from "./broken-rule.ts";

const words = createWords();
const account = new Account(words, regtest);
const shop = new Account(createWords(), regtest).keyAt({ use: "receiving", index: 0 });
const change = account.keyAt({ use: "change", index: 0 });
const txid = (digit: number): Txid => `${digit}`.repeat(64) as Txid;

const coins = [60_000, 50_000, 40_000].map((value, i): OwnCoin => {
  const place: KeyPlace = { use: i === 1 ? "change" : "receiving", index: i };
  const { script } = account.keyAt(place);
  return { point: { txid: txid(i + 1), index: i }, value: value as Satoshi, script, place };
});

function paid(amount: number, feeRate: number): Transaction {
  const outputs = [{ value: amount as Satoshi, script: shop.script }];
  const plan = planPayment(coins, outputs, change.script, feeRate);
  if (!plan.ok) throw new Error(plan.problem.rule);
  return signPayment(plan.value, (place) => account.secretKeyAt(place));
}

describe("a payment", () => {
  test("is signed so that the rules and both verifiers accept it", () => {
    expect(brokenRule(paid(100_000, 2), coins)).toBe("none");
  });

  test("has the weight and pays the fee that were planned", () => {
    const transaction = paid(100_000, 3);
    expect(weightOf(transaction)).toBe(weightOfPayment(2, transaction.outputs));
    const valueOut = transaction.outputs.reduce((total, { value }) => total + value, 0);
    expect(60_000 + 50_000 - valueOut).toBe(3 * virtualSizeOf(transaction));
  });

  test("can be replaced, and says so to the nodes that ask", () => {
    expect(paid(100_000, 2).inputs.map(({ sequence }) => sequence)).toEqual([
      0xffff_fffd, 0xffff_fffd,
    ]);
  });

  test("is no longer valid once a single satoshi of it is changed", () => {
    const transaction = paid(100_000, 2);
    const outputs = transaction.outputs.map((output, i) =>
      i === 0 ? { ...output, value: (output.value - 1) as Satoshi } : output,
    );
    expect(brokenRule({ ...transaction, outputs }, coins)).toBe("invalid signature");
  });

  test("of everything leaves nothing behind", () => {
    const plan = planSweep(coins, shop.script, 1);
    if (!plan.ok) throw new Error(plan.problem.rule);
    const transaction = signPayment(plan.value, (place) => account.secretKeyAt(place));
    expect(brokenRule(transaction, coins)).toBe("none");
    expect(transaction.outputs).toEqual([
      { value: 150_000 - virtualSizeOf(transaction), script: shop.script },
    ]);
  });
});

describe("beside @scure/btc-signer", () => {
  const network = { ...scure.TEST_NETWORK, bech32: "bcrt" };

  test("it reads our transaction as we do, and makes the same bytes of it", () => {
    const transaction = paid(100_000, 2);
    const raw = encodeTransaction(transaction);
    const theirs = scure.Transaction.fromRaw(raw);
    expect(theirs.id).toBe(txidOf(transaction));
    expect(theirs.vsize).toBe(virtualSizeOf(transaction));
    expect(bytesToHex(theirs.toBytes(true, true))).toBe(bytesToHex(raw));
  });

  test("it derives our addresses from our keys", () => {
    const { internalKey, address } = account.keyAt({ use: "receiving", index: 7 });
    expect(scure.p2tr(internalKey, undefined, network).address).toBe(address);
  });

  test("its message to sign is ours, so that our signature is also good to it", () => {
    const transaction = paid(100_000, 2);
    const theirs = scure.Transaction.fromRaw(encodeTransaction(transaction));
    const spent = coins.slice(0, 2);
    for (const [i, coin] of spent.entries()) {
      const message = theirs.preimageWitnessV1(
        i,
        spent.map(({ script }) => script),
        scure.SigHash.DEFAULT,
        spent.map(({ value }) => BigInt(value)),
      );
      const [signature] = transaction.inputs[i]!.witness;
      const publicKey = coin.script.subarray(2);
      const check = { message, publicKey, signature: signature! };
      expect(createNobleVerifier().firstInvalid([check])).toBeUndefined();
    }
  });

  test("a transaction that it signs for our keys is accepted by our rules", () => {
    const theirs = new scure.Transaction();
    for (const { point, value, script, place } of coins) {
      theirs.addInput({
        txid: point.txid,
        index: point.index,
        witnessUtxo: { script, amount: BigInt(value) },
        tapInternalKey: account.keyAt(place).internalKey,
      });
    }
    theirs.addOutputAddress(shop.address, 149_000n, network);
    for (const [i, { place }] of coins.entries()) theirs.signIdx(untweakedKeyAt(place), i);
    theirs.finalize();
    const decoded = decodeTransaction(theirs.extract());
    expect(decoded.ok && brokenRule(decoded.value, coins)).toBe("none");
  });
});

/** Without any of our code: the library tweaks it itself. */
function untweakedKeyAt(place: KeyPlace): Uint8Array {
  return HDKey.fromMasterSeed(mnemonicToSeedSync(words)).derive(account.pathOf(place)).privateKey!;
}

/** Checks what a key-path signature signs against BIP341's and Bitcoin Core's public cases. */

import { sha256 } from "@noble/hashes/sha2.js";
import { hashes, schnorr } from "@noble/secp256k1";
import { describe, expect, test } from "vitest";
import type { Satoshi } from "../../src/primitives/brand.ts";
import { bytesToHex, decodeWhole, parseHex } from "../../src/primitives/bytes.ts";
import { taprootKey } from "../../src/primitives/script.ts";
import {
  hashSighashes,
  parseKeyPathWitness,
  SighashMaker,
  sighashTypes,
} from "../../src/primitives/sighash.ts";
import {
  decodeTransaction,
  type Output,
  readOutput,
  type Transaction,
} from "../../src/primitives/transaction.ts";
import { describeVectors } from "../vectors/suite.ts";

// The library leaves the choice of a hash function to its user.
hashes.sha256 = sha256;

function decode(hex: string): Transaction {
  const verdict = decodeTransaction(parseHex(hex));
  if (!verdict.ok) throw new Error(verdict.problem.reason);
  return verdict.value;
}

type Bip341 = {
  readonly keyPathSpending: {
    readonly given: {
      readonly rawUnsignedTx: string;
      readonly utxosSpent: { readonly scriptPubKey: string; readonly amountSats: number }[];
    };
    readonly inputSpending: {
      readonly given: { readonly txinIndex: number; readonly hashType: number };
      readonly intermediary: { readonly sigHash: string };
      readonly expected: { readonly witness: string[] };
    }[];
  }[];
};

describeVectors("BIP341's wallet cases", "bip341-wallet-test-vectors.json", (file) => {
  const [spending]: Bip341["keyPathSpending"] = JSON.parse(file.toString()).keyPathSpending;
  const { given, inputSpending } = spending!;
  const spent = given.utxosSpent.map(({ scriptPubKey, amountSats }) => ({
    script: parseHex(scriptPubKey),
    value: amountSats as Satoshi,
  }));
  const maker = new SighashMaker(decode(given.rawUnsignedTx), spent);

  test("there are 7 inputs, one for each hash type", () => {
    const types = inputSpending.map((input) => input.given.hashType);
    expect(types).toHaveLength(7);
    expect(new Set(types)).toEqual(sighashTypes);
  });

  test.each(inputSpending)(
    "input $given.txinIndex with hash type $given.hashType signs BIP341's message",
    ({ given: { txinIndex, hashType }, intermediary, expected }) => {
      const message = maker.message(txinIndex, hashType)!;
      expect(bytesToHex(message)).toBe(intermediary.sigHash);
      const witness = parseKeyPathWitness(expected.witness.map(parseHex));
      if ("fault" in witness) throw new Error(witness.fault);
      expect(witness.hashType).toBe(hashType);
      const key = taprootKey(spent[txinIndex]!.script)!;
      expect(schnorr.verify(witness.signature, message, key)).toBe(true);
    },
  );
});

type Attempt = { readonly scriptSig: string; readonly witness: string[] };
type KeyPathCase = {
  readonly tx: string;
  /** Each with its amount before its script. */
  readonly prevouts: string[];
  readonly index: number;
  readonly comment: string;
  readonly success?: Attempt;
  readonly failure: Attempt;
};

function isValid(given: KeyPathCase, attempt: Attempt): boolean {
  const spent = given.prevouts.map(decodeOutput);
  const witness = parseKeyPathWitness(attempt.witness.map(parseHex));
  if ("fault" in witness || attempt.scriptSig !== "") return false;
  const maker = new SighashMaker(decode(given.tx), spent);
  const message = maker.message(given.index, witness.hashType, witness.annex);
  const key = taprootKey(spent[given.index]!.script)!;
  return message !== undefined && schnorr.verify(witness.signature, message, key);
}

function decodeOutput(hex: string): Output {
  const verdict = decodeWhole(parseHex(hex), readOutput);
  if (!verdict.ok) throw new Error(verdict.problem.reason);
  return verdict.value;
}

describeVectors("Bitcoin Core's key-path witnesses", "taproot-keypath.json.gz", (file) => {
  const cases: KeyPathCase[] = JSON.parse(file.toString());

  test("all 298 valid ones are accepted", () => {
    const valid = cases.filter(({ success }) => success !== undefined);
    expect(valid).toHaveLength(298);
    const refused = valid.filter((given) => !isValid(given, given.success!));
    expect(refused.map(({ comment, tx }) => ({ comment, tx }))).toEqual([]);
  });

  test("all 299 invalid ones are refused", () => {
    expect(cases).toHaveLength(299);
    const accepted = cases.filter((given) => isValid(given, given.failure));
    expect(accepted.map(({ comment, tx }) => ({ comment, tx }))).toEqual([]);
  });
});

describe("a key-path witness", () => {
  const signature = new Uint8Array(64).fill(7);
  const typed = (hashType: number) => Uint8Array.of(...signature, hashType);
  const annex = Uint8Array.of(0x50, 1, 2);

  test("of 64 bytes signs everything", () => {
    expect(parseKeyPathWitness([signature])).toEqual({ signature, hashType: 0, annex: undefined });
  });

  test.each([1, 2, 3, 0x81, 0x82, 0x83])("of 65 bytes may end in hash type %i", (hashType) => {
    const parsed = parseKeyPathWitness([typed(hashType)]);
    expect(parsed).toEqual({ signature, hashType, annex: undefined });
  });

  test("may have an annex, even one of a single byte", () => {
    expect(parseKeyPathWitness([signature, annex])).toEqual({ signature, hashType: 0, annex });
    const shortest = parseKeyPathWitness([signature, Uint8Array.of(0x50)]);
    expect("fault" in shortest ? shortest.fault : shortest.annex).toEqual(Uint8Array.of(0x50));
  });

  test("has a signature that begins like an annex if nothing stands before it", () => {
    const alike = signature.with(0, 0x50);
    expect(parseKeyPathWitness([alike])).toEqual({
      signature: alike,
      hashType: 0,
      annex: undefined,
    });
  });

  test.each([
    ["nothing", [], "Witness program was passed an empty witness"],
    ["an empty item", [new Uint8Array()], "Invalid Schnorr signature size"],
    ["63 bytes", [signature.subarray(1)], "Invalid Schnorr signature size"],
    ["66 bytes", [Uint8Array.of(...typed(1), 0)], "Invalid Schnorr signature size"],
    ["type 0 spelled out", [typed(0)], "Invalid Schnorr signature hash type"],
    ["type 4", [typed(4)], "Invalid Schnorr signature hash type"],
    ["type 0x80", [typed(0x80)], "Invalid Schnorr signature hash type"],
    ["type 0x84", [typed(0x84)], "Invalid Schnorr signature hash type"],
    ["two items and no annex", [signature, signature], "script path is not allowed"],
    ["an empty last item", [signature, new Uint8Array()], "script path is not allowed"],
    ["two items and an annex", [signature, signature, annex], "script path is not allowed"],
    ["two annexes", [signature, annex, annex], "script path is not allowed"],
  ])("is none with %s", (_what, witness, fault) => {
    expect(parseKeyPathWitness(witness)).toEqual({ fault });
  });
});

describe("the message", () => {
  const input = {
    previous: { txid: "11".repeat(32), index: 0 } as Transaction["inputs"][number]["previous"],
    scriptSig: new Uint8Array(),
    sequence: 0,
    witness: [],
  };
  const output: Output = { value: 1 as Satoshi, script: parseHex("6a") };
  const second = { ...input, previous: { ...input.previous, index: 1 } };
  const transaction: Transaction = {
    version: 2,
    inputs: [input, second],
    outputs: [output],
    lockTime: 0,
  };
  const maker = new SighashMaker(transaction, [output, output]);

  test.each([3, 0x83])("of type %i does not exist for an input without its output", (hashType) => {
    expect(maker.message(0, hashType)).toBeInstanceOf(Uint8Array);
    expect(maker.message(1, hashType)).toBeUndefined();
  });

  test("differs for every input, hash type and annex", () => {
    const types = [...sighashTypes];
    const messages = [0, 1].flatMap((position) =>
      types.flatMap((hashType) => [
        maker.message(position, hashType),
        maker.message(position, hashType, Uint8Array.of(0x50)),
        maker.message(position, hashType, Uint8Array.of(0x50, 0)),
      ]),
    );
    const existing = messages.filter((message) => message !== undefined).map(bytesToHex);
    expect(existing).toHaveLength(2 * 7 * 3 - 2 * 3);
    expect(new Set(existing).size).toBe(existing.length);
  });

  test("is the same for many transactions at once as for each alone", () => {
    const other: Transaction = { ...transaction, lockTime: 9, outputs: [output, output] };
    const spendings = [transaction, other].map((each) => {
      return { transaction: each, spent: [output, output] };
    });
    const makers = SighashMaker.forAll(spendings);
    const requests = makers.flatMap((each) => [
      { maker: each, position: 0 },
      { maker: each, position: 1, hashType: 0x81, annex: Uint8Array.of(0x50) },
    ]);
    const messages = spendings.flatMap(({ transaction: each, spent }) => [
      new SighashMaker(each, spent).message(0)!,
      new SighashMaker(each, spent).message(1, 0x81, Uint8Array.of(0x50))!,
    ]);
    expect(bytesToHex(hashSighashes(requests))).toBe(messages.map(bytesToHex).join(""));
  });

  test("cannot be asked for without all spent outputs, nor for an input that is not there", () => {
    expect(() => new SighashMaker(transaction, [output])).toThrow(RangeError);
    expect(() => maker.message(2)).toThrow(RangeError);
  });
});

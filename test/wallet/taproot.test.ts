/** Tweaks and signatures, against BIP341's published cases. */

import { expect, test } from "vitest";
import { encodeWitnessAddress } from "../../src/primitives/address.ts";
import { bytesToHex, parseHex } from "../../src/primitives/bytes.ts";
import { SighashMaker } from "../../src/primitives/sighash.ts";
import { decodeTransaction, type Output } from "../../src/primitives/transaction.ts";
import { signSchnorr, tweakPublicKey, tweakSecretKey } from "../../src/wallet/taproot.ts";
import { describeVectors } from "../vectors/suite.ts";

type Bip341 = {
  readonly scriptPubKey: readonly {
    readonly given: { readonly internalPubkey: string };
    readonly intermediary: { readonly merkleRoot: string | null; readonly tweakedPubkey: string };
    readonly expected: { readonly scriptPubKey: string; readonly bip350Address: string };
  }[];
  readonly keyPathSpending: readonly {
    readonly given: {
      readonly rawUnsignedTx: string;
      readonly utxosSpent: readonly { scriptPubKey: string; amountSats: number }[];
    };
    readonly inputSpending: readonly {
      readonly given: {
        readonly txinIndex: number;
        readonly internalPrivkey: string;
        readonly merkleRoot: string | null;
        readonly hashType: number;
      };
      readonly intermediary: { readonly tweakedPrivkey: string };
      readonly expected: { readonly witness: readonly string[] };
    }[];
  }[];
};

describeVectors("BIP341's wallet cases", "bip341-wallet-test-vectors.json", (file) => {
  const { scriptPubKey, keyPathSpending }: Bip341 = JSON.parse(file.toString());

  test("there are 7 keys to derive and 7 inputs to sign", () => {
    expect(scriptPubKey).toHaveLength(7);
    expect(keyPathSpending.flatMap(({ inputSpending }) => inputSpending)).toHaveLength(7);
  });

  test.each(scriptPubKey)(
    "the key $given.internalPubkey is tweaked to its address $expected.bip350Address",
    ({ given, intermediary, expected }) => {
      const program = tweakPublicKey(parseHex(given.internalPubkey), root(intermediary.merkleRoot));
      expect(bytesToHex(program)).toBe(intermediary.tweakedPubkey);
      expect(`5120${bytesToHex(program)}`).toBe(expected.scriptPubKey);
      const address = encodeWitnessAddress({ prefix: "bc", version: 1, program });
      expect(address).toBe(expected.bip350Address);
    },
  );

  for (const { given: spending, inputSpending } of keyPathSpending) {
    const maker = new SighashMaker(unsigned(spending.rawUnsignedTx), spending.utxosSpent.map(coin));

    test.each(inputSpending)(
      "input $given.txinIndex is signed with its tweaked key",
      ({ given, intermediary, expected }) => {
        const secret = tweakSecretKey(parseHex(given.internalPrivkey), root(given.merkleRoot));
        expect(bytesToHex(secret)).toBe(intermediary.tweakedPrivkey);
        const message = maker.message(given.txinIndex, given.hashType)!;
        const signature = signSchnorr(message, secret, new Uint8Array(32));
        const suffix = given.hashType === 0 ? [] : [given.hashType];
        expect([bytesToHex(Uint8Array.of(...signature, ...suffix))]).toEqual(expected.witness);
      },
    );
  }
});

test("a signature is random, so that a fault while signing gives no key away", () => {
  const secret = parseHex("01".repeat(32));
  const message = parseHex("02".repeat(32));
  expect(signSchnorr(message, secret)).not.toEqual(signSchnorr(message, secret));
});

function root(merkleRoot: string | null): Uint8Array | undefined {
  return merkleRoot === null ? undefined : parseHex(merkleRoot);
}

function unsigned(hex: string) {
  const decoded = decodeTransaction(parseHex(hex));
  if (!decoded.ok) throw new Error(decoded.problem.reason);
  return decoded.value;
}

function coin(given: { scriptPubKey: string; amountSats: number }): Output {
  return { value: given.amountSats as Output["value"], script: parseHex(given.scriptPubKey) };
}

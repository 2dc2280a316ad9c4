/** Keys, signed payments and verifiers for tests. */

import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { hashes, schnorr } from "@noble/secp256k1";
import type { Satoshi } from "../src/primitives/brand.ts";
import { payToTaproot } from "../src/primitives/script.ts";
import { SighashMaker } from "../src/primitives/sighash.ts";
import type { SignatureVerifier } from "../src/primitives/signature.ts";
import {
  type Input,
  type OutPoint,
  type Output,
  type Transaction,
  txidOf,
} from "../src/primitives/transaction.ts";

hashes.sha256 = sha256;

export type TestKey = {
  readonly secret: Uint8Array;
  /** Pays to this key, which is the output key itself: no tweak. */
  readonly script: Uint8Array;
};

const keys = new Map<string, TestKey>();

/** The same name gives the same key. */
export function keyOf(name: string): TestKey {
  let key = keys.get(name);
  if (key === undefined) {
    const secret = sha256(utf8ToBytes(name));
    key = { secret, script: payToTaproot(schnorr.getPublicKey(secret)) };
    keys.set(name, key);
  }
  return key;
}

/** A coin to spend, and the key that may. */
export type Spendable = {
  readonly point: OutPoint;
  readonly output: Output;
  readonly key: TestKey;
};

/** Output `index` of a transaction, as its owner sees it. */
export function spendable(transaction: Transaction, index: number, key: TestKey): Spendable {
  return { point: { txid: txidOf(transaction), index }, output: transaction.outputs[index]!, key };
}

export function output(value: number, script: Uint8Array): Output {
  return { value: value as Satoshi, script };
}

export type PaymentOptions = {
  readonly from: readonly Spendable[];
  readonly to: readonly Output[];
  readonly version?: number;
  readonly lockTime?: number;
  /** Of every input. */
  readonly sequence?: number;
};

/** A payment with real signatures; they take some milliseconds each. */
export function payment(options: PaymentOptions): Transaction {
  const draft = blankPayment(options);
  const maker = new SighashMaker(
    draft,
    options.from.map((coin) => coin.output),
  );
  const inputs = draft.inputs.map((input, i): Input => {
    const signature = schnorr.sign(maker.message(i)!, options.from[i]!.key.secret);
    return { ...input, witness: [signature] };
  });
  return { ...draft, inputs };
}

/** The same payment with 64 zero bytes for each signature: for tests where nobody looks. */
export function blankPayment(options: PaymentOptions): Transaction {
  const inputs = options.from.map(({ point }): Input => {
    const sequence = options.sequence ?? 0xffff_fffd;
    return { previous: point, scriptSig: new Uint8Array(), sequence, witness: [blankSignature] };
  });
  const { version = 2, lockTime = 0, to } = options;
  return { version, inputs, outputs: to, lockTime };
}

const blankSignature = new Uint8Array(64);

/** For tests where signatures do not matter. */
export const trustingVerifier: SignatureVerifier = { firstInvalid: () => undefined };

/** BIP340 by @noble/secp256k1. */
export const nobleVerifier: SignatureVerifier = {
  firstInvalid(checks) {
    const at = checks.findIndex(
      ({ signature, message, publicKey }) => !schnorr.verify(signature, message, publicKey),
    );
    return at < 0 ? undefined : at;
  },
};

/** Small valid transactions, blocks and ancestors, for tests that break one rule at a time. */

import { type Ancestor, medianTimeOf } from "../../src/consensus/ancestor.ts";
import { witnessCommitment } from "../../src/consensus/block.ts";
import { checkProofOfWork } from "../../src/consensus/header.ts";
import { regtest } from "../../src/consensus/params.ts";
import type { Block } from "../../src/primitives/block.ts";
import type {
  BlockHash,
  CompactTarget,
  Milliseconds,
  Satoshi,
  Txid,
} from "../../src/primitives/brand.ts";
import { parseHex } from "../../src/primitives/bytes.ts";
import { zeroHash } from "../../src/primitives/hash.ts";
import type { Header } from "../../src/primitives/header.ts";
import { merkleRoot } from "../../src/primitives/merkle.ts";
import { commitmentScript, heightPush, payToTaproot } from "../../src/primitives/script.ts";
import {
  type Input,
  noOutputIndex,
  type OutPoint,
  type Output,
  type Transaction,
  txidOf,
  wtxidOf,
} from "../../src/primitives/transaction.ts";
import type { Verdict } from "../../src/primitives/verdict.ts";

/** The x coordinate of secp256k1's generator: the public key of the secret key 1. */
export const outputKey = parseHex(
  "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
);

export const startTime = 1_700_000_000;
export const now = (startTime * 1000) as Milliseconds;

/** The rule that a verdict names, or "valid". */
export function ruleOf(verdict: Verdict<unknown, { readonly rule: string }>): string {
  return verdict.ok ? "valid" : verdict.problem.rule;
}

export function satoshis(value: number): Satoshi {
  return value as Satoshi;
}

/** Output `index` of one and the same made-up transaction. */
export function coinNamed(index: number): OutPoint {
  return { txid: "11".repeat(32) as Txid, index };
}

export function outputOf(value: number, script: Uint8Array = payToTaproot(outputKey)): Output {
  return { value: satoshis(value), script };
}

export function inputOf(index: number, given: Partial<Input> = {}): Input {
  return {
    previous: coinNamed(index),
    scriptSig: new Uint8Array(),
    sequence: 0xffff_ffff,
    witness: [],
    ...given,
  };
}

export function payment(given: Partial<Transaction> = {}): Transaction {
  return { version: 2, inputs: [inputOf(0)], outputs: [outputOf(1000)], lockTime: 0, ...given };
}

/** A coinbase without witness commitment; its script is the height and one byte more. */
export function coinbase(height: number, input: Partial<Input> = {}): Transaction {
  const previous = { txid: zeroHash as Txid, index: noOutputIndex };
  const scriptSig = Uint8Array.of(...heightPush(height), 0);
  return payment({ inputs: [inputOf(0, { previous, scriptSig, ...input })] });
}

/** The same transactions, the first of which now commits to the witnesses of the others. */
export function committed(transactions: readonly Transaction[]): Transaction[] {
  const [first, ...others] = transactions;
  const reserved = new Uint8Array(32);
  const script = commitmentScript(witnessCommitment(others.map(wtxidOf), reserved));
  const inputs = first!.inputs.map((input) => ({ ...input, witness: [reserved] }));
  return [{ ...first!, inputs, outputs: [...first!.outputs, outputOf(0, script)] }, ...others];
}

/** A header for regtest whose nonce proves its work. */
export function solvedHeader(given: Partial<Header> = {}): Header {
  for (let nonce = 0; ; nonce++) {
    const header = headerOf({ ...given, nonce });
    if (checkProofOfWork(header, regtest).ok) return header;
  }
}

export function headerOf(given: Partial<Header> = {}): Header {
  return {
    version: 0x2000_0000,
    previous: regtest.genesisHash,
    merkleRoot: zeroHash,
    time: startTime,
    bits: regtest.genesis.header.bits,
    nonce: 0,
    ...given,
  };
}

/** A block for regtest with the right merkle root and proof of work. */
export function blockOf(transactions: readonly Transaction[], given: Partial<Header> = {}): Block {
  const { root } = merkleRoot(transactions.map(txidOf));
  return { header: solvedHeader({ merkleRoot: root, ...given }), transactions };
}

/**
 * A line of ancestors with these times.
 *
 * @param heightOfLast how high the last one is; there need not be a genesis below.
 * @returns the last one.
 */
export function lineOf(
  times: readonly number[],
  heightOfLast: number = times.length - 1,
  bits: CompactTarget = regtest.genesis.header.bits,
): Ancestor {
  const first = heightOfLast - times.length + 1;
  let last: Ancestor | undefined;
  for (const [i, time] of times.entries())
    last = childOf(last, first + i, headerOf({ time, bits }));
  return last!;
}

export function childOf(parent: Ancestor | undefined, height: number, header: Header): Ancestor {
  return { header, height, medianTime: medianTimeOf(header, parent), parent };
}

/** A hash that no block has. */
export const madeUpHash = "22".repeat(32) as BlockHash;

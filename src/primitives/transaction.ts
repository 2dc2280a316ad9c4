/** A transaction: coins spent, coins made, and the witness that proves the right to spend. */

import type { Satoshi, Txid, Wtxid } from "./brand.ts";
import { ByteWriter, decodeWhole, type ByteReader, type Malformed } from "./bytes.ts";
import { displayHash, hashBytes, sha256d, zeroHash } from "./hash.ts";
import type { Verdict } from "./verdict.ts";

/** Names one output of one transaction, and so one coin. */
export type OutPoint = { readonly txid: Txid; readonly index: number };

export type Input = {
  readonly previous: OutPoint;
  readonly scriptSig: Uint8Array;
  /** Unsigned 32 bits; BIP68 reads a relative lock from it. */
  readonly sequence: number;
  readonly witness: readonly Uint8Array[];
};

export type Output = { readonly value: Satoshi; readonly script: Uint8Array };

export type Transaction = {
  /** Unsigned 32 bits; relative locks hold from version 2 on. */
  readonly version: number;
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
  /** Unsigned 32 bits: a height below 500,000,000, else a time in seconds. */
  readonly lockTime: number;
};

/** The index with which a coinbase's only input names no coin. */
export const noOutputIndex = 0xffff_ffff;

/** True for a transaction whose only input names no coin, as a block's first must. */
export function isCoinbase(transaction: Transaction): boolean {
  const [first] = transaction.inputs;
  return transaction.inputs.length === 1 && first !== undefined && isNoCoin(first.previous);
}

export function isNoCoin(previous: OutPoint): boolean {
  return previous.index === noOutputIndex && previous.txid === zeroHash;
}

/** A coin's name as one string, for maps and messages: `txid:index`. */
export function outPointName(point: OutPoint): string {
  return `${point.txid}:${point.index}`;
}

export function hasWitness(transaction: Transaction): boolean {
  return transaction.inputs.some((input) => input.witness.length > 0);
}

/** The bytes that travel and that a wtxid hashes (BIP144). */
export function encodeTransaction(transaction: Transaction): Uint8Array {
  const writer = new ByteWriter();
  writeTransaction(writer, transaction, hasWitness(transaction));
  return writer.finish();
}

/** The bytes without witness, which a txid hashes. */
export function encodeStripped(transaction: Transaction): Uint8Array {
  const writer = new ByteWriter();
  writeTransaction(writer, transaction, false);
  return writer.finish();
}

function writeTransaction(writer: ByteWriter, transaction: Transaction, witness: boolean): void {
  writer.uint32(transaction.version);
  if (witness) writer.uint8(0).uint8(1);
  writer.list(transaction.inputs, (input) => {
    writeOutPoint(writer, input.previous);
    writer.prefixed(input.scriptSig).uint32(input.sequence);
  });
  writer.list(transaction.outputs, (output) => writeOutput(writer, output));
  if (witness) {
    for (const input of transaction.inputs) {
      writer.list(input.witness, (item) => writer.prefixed(item));
    }
  }
  writer.uint32(transaction.lockTime);
}

export function writeOutPoint(writer: ByteWriter, point: OutPoint): void {
  writer.bytes(hashBytes(point.txid)).uint32(point.index);
}

export function writeOutput(writer: ByteWriter, output: Output): void {
  writer.uint64(output.value).prefixed(output.script);
}

const inputSizeMin = 41;
const outputSizeMin = 9;

/** Reads one transaction; only the one minimal encoding is taken. */
export function readTransaction(reader: ByteReader): Transaction {
  const version = reader.uint32();
  let inputs = reader.list(inputSizeMin, () => readInput(reader));
  const hasFlag = inputs.length === 0;
  if (hasFlag) {
    if (reader.uint8() !== 1) reader.fail("a transaction needs inputs");
    inputs = reader.list(inputSizeMin, () => readInput(reader));
    if (inputs.length === 0) reader.fail("a transaction needs inputs");
  }
  const outputs = reader.list(outputSizeMin, () => readOutput(reader));
  if (hasFlag) {
    inputs = inputs.map((input) => ({ ...input, witness: readWitness(reader) }));
    if (!inputs.some((input) => input.witness.length > 0)) {
      reader.fail("witness flag without a witness");
    }
  }
  return { version, inputs, outputs, lockTime: reader.uint32() };
}

export function readOutPoint(reader: ByteReader): OutPoint {
  return { txid: displayHash<Txid>(reader.bytes(32)), index: reader.uint32() };
}

export function readOutput(reader: ByteReader): Output {
  return { value: reader.uint64() as Satoshi, script: reader.prefixed() };
}

function readInput(reader: ByteReader): Input {
  return {
    previous: readOutPoint(reader),
    scriptSig: reader.prefixed(),
    sequence: reader.uint32(),
    witness: [],
  };
}

function readWitness(reader: ByteReader): Uint8Array[] {
  return reader.list(1, () => reader.prefixed());
}

export function decodeTransaction(bytes: Uint8Array): Verdict<Transaction, Malformed> {
  return decodeWhole(bytes, readTransaction);
}

type Measures = {
  readonly txid: Txid;
  readonly wtxid: Wtxid;
  readonly strippedSizeBytes: number;
  readonly totalSizeBytes: number;
};

const measured = new WeakMap<Transaction, Measures>();

/** Names and sizes, computed once for each transaction object. */
function measure(transaction: Transaction): Measures {
  let measures = measured.get(transaction);
  if (measures === undefined) {
    const stripped = hashAndSize(transaction, false);
    const total = hasWitness(transaction) ? hashAndSize(transaction, true) : stripped;
    measures = {
      txid: stripped.hash,
      wtxid: total.hash as string as Wtxid,
      strippedSizeBytes: stripped.sizeBytes,
      totalSizeBytes: total.sizeBytes,
    };
    measured.set(transaction, measures);
  }
  return measures;
}

function hashAndSize(
  transaction: Transaction,
  witness: boolean,
): { readonly hash: Txid; readonly sizeBytes: number } {
  const writer = new ByteWriter();
  writeTransaction(writer, transaction, witness);
  return writer.read((bytes) => ({
    hash: displayHash<Txid>(sha256d(bytes)),
    sizeBytes: bytes.length,
  }));
}

export function txidOf(transaction: Transaction): Txid {
  return measure(transaction).txid;
}

export function wtxidOf(transaction: Transaction): Wtxid {
  return measure(transaction).wtxid;
}

export function strippedSizeOf(transaction: Transaction): number {
  return measure(transaction).strippedSizeBytes;
}

export function totalSizeOf(transaction: Transaction): number {
  return measure(transaction).totalSizeBytes;
}

/** BIP141: stripped size counts four times, witness bytes once. */
export function weightOf(transaction: Transaction): number {
  const { strippedSizeBytes, totalSizeBytes } = measure(transaction);
  return strippedSizeBytes * 3 + totalSizeBytes;
}

/** A quarter of the weight, rounded up: what fee rates are paid for. */
export function virtualSizeOf(transaction: Transaction): number {
  return Math.ceil(weightOf(transaction) / 4);
}

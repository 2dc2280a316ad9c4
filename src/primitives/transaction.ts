/** A transaction: coins spent, coins made, and the witness that proves the right to spend. */

import type { Satoshi, Txid, Wtxid } from "./brand.ts";
import { type ByteReader, ByteWriter, decodeWhole, type Malformed } from "./bytes.ts";
import { displayHash, displayHashes, hashWritten, zeroHash } from "./hash.ts";
import { currentHashing } from "./hashing.ts";
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

/** The sequence of an input that needs no lock. @see Bitcoin Core, CTxIn::SEQUENCE_FINAL */
export const sequenceFinal = 0xffff_ffff;

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
  writer.hash(point.txid).uint32(point.index);
}

export function writeOutput(writer: ByteWriter, output: Output): void {
  writer.uint64(output.value).prefixed(output.script);
}

/** One input, one output, no scripts. */
export const transactionSizeMin = 60;
const inputSizeMin = 41;
const outputSizeMin = 9;

type Measures = {
  readonly txid: Txid;
  readonly wtxid: Wtxid;
  readonly strippedSizeBytes: number;
  readonly totalSizeBytes: number;
};

/** What a transaction's bytes say, and where they are. */
type Draft = Transaction & {
  readonly hasFlag: boolean;
  readonly start: number;
  /** From the inputs' count to the outputs' end: what the txid hashes besides the ends. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly end: number;
};

/** A transaction that came as bytes. It knows its measures, which do not spread into changed copies. */
class DecodedTransaction implements Transaction {
  readonly version: number;
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
  readonly lockTime: number;
  readonly #measures: Measures;

  constructor(draft: Draft, measures: Measures) {
    this.version = draft.version;
    this.inputs = draft.inputs;
    this.outputs = draft.outputs;
    this.lockTime = draft.lockTime;
    this.#measures = measures;
  }

  static measuresOf(transaction: Transaction): Measures | undefined {
    return #measures in transaction ? transaction.#measures : undefined;
  }
}

/** Reads one transaction; only the one minimal encoding is taken. */
export function readTransaction(reader: ByteReader): Transaction {
  return readTransactions(reader, 1)[0] as Transaction;
}

/** Reads transactions that stand one after the other; their ids are hashed all at once. */
export function readTransactions(reader: ByteReader, count: number): Transaction[] {
  const drafts = Array.from({ length: count }, () => readDraft(reader));
  const measures = measureDrafts(reader, drafts);
  return drafts.map((draft, i) => new DecodedTransaction(draft, measures[i] as Measures));
}

function readDraft(reader: ByteReader): Draft {
  const start = reader.position;
  const version = reader.uint32();
  let bodyStart = reader.position;
  let inputs = reader.list(inputSizeMin, () => readInput(reader));
  const hasFlag = inputs.length === 0;
  if (hasFlag) {
    if (reader.uint8() !== 1) reader.fail("a transaction needs inputs");
    bodyStart = reader.position;
    inputs = reader.list(inputSizeMin, () => readInput(reader));
    if (inputs.length === 0) reader.fail("a transaction needs inputs");
  }
  const outputs = reader.list(outputSizeMin, () => readOutput(reader));
  const bodyEnd = reader.position;
  if (hasFlag) {
    for (const input of inputs) input.witness = readWitness(reader);
    if (!inputs.some((input) => input.witness.length > 0)) {
      reader.fail("witness flag without a witness");
    }
  }
  const lockTime = reader.uint32();
  const end = reader.position;
  return { version, inputs, outputs, lockTime, hasFlag, start, bodyStart, bodyEnd, end };
}

const versionSizeBytes = 4;
const lockTimeSizeBytes = 4;

/** Hashes the bytes as they came: nothing is encoded again. */
function measureDrafts(reader: ByteReader, drafts: readonly Draft[]): Measures[] {
  const origin = drafts[0]?.start ?? 0;
  const bytes = reader.passed(origin, reader.position);
  const pieces: number[] = [];
  const pieceCounts: number[] = [];
  for (const { hasFlag, start, bodyStart, bodyEnd, end } of drafts) {
    pieces.push(start - origin, end - start);
    pieceCounts.push(1);
    if (!hasFlag) continue;
    pieces.push(start - origin, versionSizeBytes, bodyStart - origin, bodyEnd - bodyStart);
    pieces.push(end - lockTimeSizeBytes - origin, lockTimeSizeBytes);
    pieceCounts.push(3);
  }
  const hashes = currentHashing().hashMessages("twice", { bytes, pieces, pieceCounts });
  const ids = displayHashes<Txid>(hashes);
  let position = 0;
  return drafts.map(({ hasFlag, start, bodyStart, bodyEnd, end }) => {
    const whole = ids[position++] as Txid;
    return {
      txid: hasFlag ? (ids[position++] as Txid) : whole,
      wtxid: whole as string as Wtxid,
      strippedSizeBytes: versionSizeBytes + bodyEnd - bodyStart + lockTimeSizeBytes,
      totalSizeBytes: end - start,
    };
  });
}

export function readOutPoint(reader: ByteReader): OutPoint {
  return { txid: reader.hash<Txid>(), index: reader.uint32() };
}

export function readOutput(reader: ByteReader): Output {
  return { value: reader.int64() as Satoshi, script: reader.prefixed() };
}

type UnsignedInput = Omit<Input, "witness"> & { witness: Input["witness"] };

function readInput(reader: ByteReader): UnsignedInput {
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

/** Of transactions that were made here. */
const measured = new WeakMap<Transaction, Measures>();

/** Names and sizes, computed once for each transaction object. */
function measure(transaction: Transaction): Measures {
  const known = DecodedTransaction.measuresOf(transaction) ?? measured.get(transaction);
  if (known !== undefined) return known;
  let [strippedSizeBytes, totalSizeBytes] = [0, 0];
  const hashes = hashWritten("twice", (writer, end) => {
    writeTransaction(writer, transaction, false);
    strippedSizeBytes = writer.length;
    end();
    writeTransaction(writer, transaction, hasWitness(transaction));
    totalSizeBytes = writer.length - strippedSizeBytes;
    end();
  });
  const txid = displayHash<Txid>(hashes);
  const wtxid = displayHash<Txid>(hashes, 1) as string as Wtxid;
  const measures = { txid, wtxid, strippedSizeBytes, totalSizeBytes };
  measured.set(transaction, measures);
  return measures;
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

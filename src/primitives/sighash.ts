/** What a taproot key-path signature signs. */

import { ByteWriter } from "./bytes.ts";
import { sha256, taggedHash } from "./hash.ts";
import { writeOutPoint, writeOutput, type Output, type Transaction } from "./transaction.ts";

export const sighashDefault = 0x00;
export const sighashAll = 0x01;
export const sighashNone = 0x02;
export const sighashSingle = 0x03;
export const sighashAnyoneCanPay = 0x80;

/** The seven hash types that BIP341 defines. */
export const sighashTypes: ReadonlySet<number> = new Set([0, 1, 2, 3, 0x81, 0x82, 0x83]);

/** The first byte that makes a last witness item an annex. */
const annexTag = 0x50;

export type KeyPathWitness = {
  readonly signature: Uint8Array;
  readonly hashType: number;
  readonly annex: Uint8Array | undefined;
};

/** Why a witness is no key-path witness, in Bitcoin Core's words where it has them. */
export type WitnessFault =
  | "Witness program was passed an empty witness"
  | "script path is not allowed"
  | "Invalid Schnorr signature size"
  | "Invalid Schnorr signature hash type";

/** Takes a witness apart: one signature of 64 or 65 bytes, and perhaps an annex. */
export function parseKeyPathWitness(
  witness: readonly Uint8Array[],
): KeyPathWitness | { readonly fault: WitnessFault } {
  const last = witness.at(-1);
  const annex = witness.length >= 2 && last?.[0] === annexTag ? last : undefined;
  const items = annex === undefined ? witness.length : witness.length - 1;
  const [signature] = witness;
  if (signature === undefined) return { fault: "Witness program was passed an empty witness" };
  if (items > 1) return { fault: "script path is not allowed" };
  if (signature.length !== 64 && signature.length !== 65) {
    return { fault: "Invalid Schnorr signature size" };
  }
  const hashType = signature[64] ?? sighashDefault;
  const isDefaultSpelledOut = signature.length === 65 && hashType === sighashDefault;
  if (isDefaultSpelledOut || !sighashTypes.has(hashType)) {
    return { fault: "Invalid Schnorr signature hash type" };
  }
  return { signature: signature.subarray(0, 64), hashType, annex };
}

/** The hashes that all inputs of one transaction share. */
type SharedHashes = {
  readonly prevouts: Uint8Array;
  readonly amounts: Uint8Array;
  readonly scripts: Uint8Array;
  readonly sequences: Uint8Array;
  readonly outputs: Uint8Array;
};

/** Makes signature messages for one transaction; what inputs share is hashed once. */
export class SighashMaker {
  readonly #transaction: Transaction;
  readonly #spent: readonly Output[];
  #shared: SharedHashes | undefined;

  /** @param spent the outputs that the inputs spend, in the inputs' order. */
  constructor(transaction: Transaction, spent: readonly Output[]) {
    if (spent.length !== transaction.inputs.length) {
      throw new RangeError(`${transaction.inputs.length} inputs need as many spent outputs`);
    }
    this.#transaction = transaction;
    this.#spent = spent;
  }

  /**
   * The 32 bytes that the signature of input `position` signs, or undefined where
   * SIGHASH_SINGLE has no output to sign.
   *
   * @see BIP341, "Common signature message"
   */
  message(
    position: number,
    hashType: number = sighashDefault,
    annex?: Uint8Array,
  ): Uint8Array | undefined {
    const transaction = this.#transaction;
    const input = transaction.inputs[position];
    const spent = this.#spent[position];
    if (input === undefined || spent === undefined) throw new RangeError(`no input ${position}`);
    const outputMode = hashType === sighashDefault ? sighashAll : hashType & 3;
    const isAnyoneCanPay = (hashType & sighashAnyoneCanPay) !== 0;
    const shared = (this.#shared ??= hashShared(transaction, this.#spent));

    const writer = new ByteWriter();
    writer.uint8(0); // the epoch
    writer.uint8(hashType).uint32(transaction.version).uint32(transaction.lockTime);
    if (!isAnyoneCanPay) {
      writer.bytes(shared.prevouts).bytes(shared.amounts);
      writer.bytes(shared.scripts).bytes(shared.sequences);
    }
    if (outputMode === sighashAll) writer.bytes(shared.outputs);
    writer.uint8(annex === undefined ? 0 : 1); // the key path is extension 0
    if (isAnyoneCanPay) {
      writeOutPoint(writer, input.previous);
      writeOutput(writer, spent);
      writer.uint32(input.sequence);
    } else {
      writer.uint32(position);
    }
    if (annex !== undefined) writer.bytes(hashOf((inner) => inner.prefixed(annex)));
    if (outputMode === sighashSingle) {
      const output = transaction.outputs[position];
      if (output === undefined) return undefined;
      writer.bytes(hashOf((single) => writeOutput(single, output)));
    }
    return writer.read((bytes) => taggedHash("TapSighash", bytes));
  }
}

function hashShared(transaction: Transaction, spent: readonly Output[]): SharedHashes {
  const { inputs, outputs } = transaction;
  return {
    prevouts: hashOf((writer) => inputs.forEach(({ previous }) => writeOutPoint(writer, previous))),
    amounts: hashOf((writer) => spent.forEach(({ value }) => writer.uint64(value))),
    scripts: hashOf((writer) => spent.forEach(({ script }) => writer.prefixed(script))),
    sequences: hashOf((writer) => inputs.forEach(({ sequence }) => writer.uint32(sequence))),
    outputs: hashOf((writer) => outputs.forEach((output) => writeOutput(writer, output))),
  };
}

function hashOf(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return writer.read(sha256);
}

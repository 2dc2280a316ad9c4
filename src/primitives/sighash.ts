/** What a taproot key-path signature signs. */

import { ByteWriter } from "./bytes.ts";
import { hashWritten, sha256, taggedMethod } from "./hash.ts";
import { hashSizeBytes } from "./hashing.ts";
import { type Output, type Transaction, writeOutPoint, writeOutput } from "./transaction.ts";

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

/** A transaction with the outputs that its inputs spend, in the inputs' order. */
export type Spending = { readonly transaction: Transaction; readonly spent: readonly Output[] };

/** What inputs share, in the order of the message: prevouts, amounts, scripts, sequences; outputs. */
const sharedHashCount = 5;
const sharedSizeBytes = sharedHashCount * hashSizeBytes;
const inputsSizeBytes = 4 * hashSizeBytes;

/** Makes signature messages for one transaction; what inputs share is hashed once. */
export class SighashMaker {
  readonly #transaction: Transaction;
  readonly #spent: readonly Output[];
  #shared: Uint8Array | undefined;

  /** @param spent the outputs that the inputs spend, in the inputs' order. */
  constructor(transaction: Transaction, spent: readonly Output[]) {
    if (spent.length !== transaction.inputs.length) {
      throw new RangeError(`${transaction.inputs.length} inputs need as many spent outputs`);
    }
    this.#transaction = transaction;
    this.#spent = spent;
  }

  /** One for each transaction; what their inputs share is hashed for all at once. */
  static forAll(spendings: readonly Spending[]): SighashMaker[] {
    const shared = hashShared(spendings);
    return spendings.map(({ transaction, spent }, i) => {
      const maker = new SighashMaker(transaction, spent);
      maker.#shared = shared.subarray(i * sharedSizeBytes, (i + 1) * sharedSizeBytes);
      return maker;
    });
  }

  /** False where SIGHASH_SINGLE has no output to sign. */
  hasMessage(position: number, hashType: number = sighashDefault): boolean {
    return outputMode(hashType) !== sighashSingle || position < this.#transaction.outputs.length;
  }

  /**
   * The 32 bytes that the signature of input `position` signs, or undefined if it has no message.
   *
   * @see BIP341, "Common signature message"
   */
  message(position: number, hashType?: number, annex?: Uint8Array): Uint8Array | undefined {
    if (!this.hasMessage(position, hashType)) return undefined;
    return hashSighashes([{ maker: this, position, hashType, annex }]);
  }

  /** Writes what the hash of a message is of. */
  write(
    writer: ByteWriter,
    position: number,
    hashType: number = sighashDefault,
    annex?: Uint8Array,
  ): void {
    const transaction = this.#transaction;
    const input = transaction.inputs[position];
    const spent = this.#spent[position];
    if (input === undefined || spent === undefined) throw new RangeError(`no input ${position}`);
    const mode = outputMode(hashType);
    const isAnyoneCanPay = (hashType & sighashAnyoneCanPay) !== 0;
    this.#shared ??= hashShared([{ transaction, spent: this.#spent }]);

    writer.uint8(0); // the epoch
    writer.uint8(hashType).uint32(transaction.version).uint32(transaction.lockTime);
    if (!isAnyoneCanPay) writer.bytes(this.#shared.subarray(0, inputsSizeBytes));
    if (mode === sighashAll) writer.bytes(this.#shared.subarray(inputsSizeBytes));
    writer.uint8(annex === undefined ? 0 : 1); // the key path is extension 0
    if (isAnyoneCanPay) {
      writeOutPoint(writer, input.previous);
      writeOutput(writer, spent);
      writer.uint32(input.sequence);
    } else {
      writer.uint32(position);
    }
    if (annex !== undefined) writer.bytes(hashOf((inner) => inner.prefixed(annex)));
    if (mode !== sighashSingle) return;
    const output = transaction.outputs[position];
    if (output === undefined) throw new RangeError(`input ${position} has no output to sign`);
    writer.bytes(hashOf((single) => writeOutput(single, output)));
  }
}

/** Asks for the message of one input. */
export type SighashRequest = {
  readonly maker: SighashMaker;
  readonly position: number;
  readonly hashType?: number | undefined;
  readonly annex?: Uint8Array | undefined;
};

/** The messages of inputs that have one, hashed all at once: 32 bytes each. */
export function hashSighashes(requests: readonly SighashRequest[]): Uint8Array {
  return hashWritten(taggedMethod("TapSighash"), (writer, end) => {
    for (const { maker, position, hashType, annex } of requests) {
      maker.write(writer, position, hashType, annex);
      end();
    }
  });
}

function outputMode(hashType: number): number {
  return hashType === sighashDefault ? sighashAll : hashType & 3;
}

function hashShared(spendings: readonly Spending[]): Uint8Array {
  return hashWritten("once", (writer, end) => {
    for (const { transaction, spent } of spendings) {
      const { inputs, outputs } = transaction;
      for (const { previous } of inputs) writeOutPoint(writer, previous);
      end();
      for (const { value } of spent) writer.uint64(value);
      end();
      for (const { script } of spent) writer.prefixed(script);
      end();
      for (const { sequence } of inputs) writer.uint32(sequence);
      end();
      for (const output of outputs) writeOutput(writer, output);
      end();
    }
  });
}

function hashOf(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return writer.read(sha256);
}

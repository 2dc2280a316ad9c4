/** The core's hashing in WebAssembly: everything is copied in once and addressed from there. */

import {
  type Hashing,
  type HashMethod,
  type HashRow,
  hashSizeBytes,
  headerSizeBytes,
  type MerkleRoot,
  type Messages,
} from "../../primitives/hashing.ts";
import { align, loadNative, type Native, type NativeVariant } from "./native.ts";

const wordSizeBytes = Uint32Array.BYTES_PER_ELEMENT;
const digitsOfHash = 2 * hashSizeBytes;
const ascii = new TextDecoder();
const encoder = new TextEncoder();

/** @throws WebAssembly.CompileError if this engine cannot run the variant. */
export function createWasmHashing(variant: NativeVariant): Hashing {
  return new WasmHashing(loadNative(variant));
}

/** Memory is used anew from its start by each call, and what comes out is a copy. */
export class WasmHashing implements Hashing {
  readonly #native: Native;
  #memory: Uint8Array;
  #words: Uint32Array;

  constructor(native: Native) {
    this.#native = native;
    this.#memory = native.reserve(0);
    this.#words = new Uint32Array(this.#memory.buffer);
  }

  hashMessages(method: HashMethod, { bytes, pieces, pieceCounts }: Messages): Uint8Array {
    const { exports, heapStart } = this.#native;
    const count = pieceCounts.length;
    const tag = align(heapStart + bytes.length);
    const pieceTable = tag + hashSizeBytes;
    const countTable = pieceTable + pieces.length * wordSizeBytes;
    const hashes = countTable + count * wordSizeBytes;
    const memory = this.#reserve(hashes + count * hashSizeBytes);
    memory.set(bytes, heapStart);
    this.#words.set(pieceCounts, countTable / wordSizeBytes);
    this.#writePieces(pieces, pieceTable / wordSizeBytes);
    if (method === "once") exports.hash_once(pieceTable, countTable, count, hashes);
    else if (method === "twice") exports.hash_twice(pieceTable, countTable, count, hashes);
    else {
      memory.set(method.tag, tag);
      exports.hash_tagged(tag, pieceTable, countTable, count, hashes);
    }
    return memory.slice(hashes, hashes + count * hashSizeBytes);
  }

  hashHeaders(headers: Uint8Array): Uint8Array {
    const { exports, heapStart } = this.#native;
    const count = headers.length / headerSizeBytes;
    const hashes = heapStart + headers.length;
    const memory = this.#reserve(hashes + count * hashSizeBytes);
    memory.set(headers, heapStart);
    exports.hash_headers(heapStart, count, hashes);
    return memory.slice(hashes, hashes + count * hashSizeBytes);
  }

  showHashes({ bytes, start, stride, count }: HashRow): string {
    const { exports, heapStart } = this.#native;
    const digits = heapStart + bytes.length;
    const end = digits + count * digitsOfHash;
    const memory = this.#reserve(end);
    memory.set(bytes, heapStart);
    exports.show_hashes(heapStart + start, stride, count, digits);
    return Buffer.from(memory.buffer, digits, end - digits).toString("latin1");
  }

  merkleRoot(ids: readonly string[]): MerkleRoot {
    const { exports, heapStart } = this.#native;
    const digits = heapStart + ids.length * hashSizeBytes;
    const memory = this.#reserve(digits + ids.length * digitsOfHash);
    encoder.encodeInto(ids.join(""), memory.subarray(digits));
    exports.parse_hashes(digits, ids.length, heapStart);
    const isMutated = exports.merkle_root(heapStart, ids.length) === 1;
    exports.show_hashes(heapStart, hashSizeBytes, 1, digits);
    return { root: ascii.decode(memory.subarray(digits, digits + digitsOfHash)), isMutated };
  }

  /** Pieces begin where the bytes do; the module wants addresses. */
  #writePieces(pieces: readonly number[], start: number): void {
    const words = this.#words;
    const { heapStart } = this.#native;
    for (let i = 0; i < pieces.length; i += 2) {
      words[start + i] = heapStart + (pieces[i] as number);
      words[start + i + 1] = pieces[i + 1] as number;
    }
  }

  /** The memory, with room up to an address. When it grows, the views of it before are lost. */
  #reserve(end: number): Uint8Array {
    if (end > this.#memory.length) {
      this.#memory = this.#native.reserve(end - this.#native.heapStart);
      this.#words = new Uint32Array(this.#memory.buffer);
    }
    return this.#memory;
  }
}

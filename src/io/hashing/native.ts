/** The Rust part of powlab (native/), as WebAssembly: what it can do, and the memory it does it in. */

import { readFileSync } from "node:fs";

/** "simd" computes four hashes at a time; not every processor can run it. */
export type NativeVariant = "simd" | "scalar";

/**
 * What native/src/exports.rs describes. All arguments but counts and nonces are addresses in
 * `memory`, where everything from `__heap_base` on is the caller's. Hashes and targets have their
 * least significant byte first. Results are signed: `>>> 0` makes them what they mean.
 */
export type NativeExports = {
  readonly memory: WebAssembly.Memory;
  readonly __heap_base: WebAssembly.Global;
  readonly lanes: () => number;
  readonly job_size: () => number;
  readonly prepare_search: (job: number, header: number, target: number) => void;
  readonly search: (job: number, start: number, count: number) => number;
  readonly hash_headers: (headers: number, count: number, hashes: number) => void;
  readonly find_unproven: (headers: number, hashes: number, count: number) => number;
  readonly show_hashes: (hashes: number, stride: number, count: number, digits: number) => void;
  readonly parse_hashes: (digits: number, count: number, hashes: number) => void;
  readonly merkle_root: (hashes: number, count: number) => number;
  readonly hash_once: HashMessages;
  readonly hash_twice: HashMessages;
  readonly hash_tagged: (tag: number, ...messages: Parameters<HashMessages>) => void;
};

type HashMessages = (pieces: number, pieceCounts: number, count: number, hashes: number) => void;

/** Enough for everything that has words, and for the processor's vectors. */
const alignmentBytes = 16;
const pageSizeBytes = 65_536;

/**
 * A module of one's own, with memory of one's own; made at once, so that it suits a worker. The
 * file is found from src/io/ as well as from dist/src/io/, because the build copies it.
 *
 * @throws WebAssembly.CompileError if this engine has no vectors and the variant needs them.
 */
export function loadNative(variant: NativeVariant): Native {
  const file = new URL(`../../../native/powlab_${variant}.wasm`, import.meta.url);
  return instantiateNative(readFileSync(file));
}

export function instantiateNative(code: Uint8Array<ArrayBuffer>): Native {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code));
  return new Native(exports as unknown as NativeExports);
}

export class Native {
  readonly exports: NativeExports;
  /** The first address that the caller may use. */
  readonly heapStart: number;

  constructor(exports: NativeExports) {
    this.exports = exports;
    this.heapStart = align(Number(exports.__heap_base.value));
  }

  /**
   * Makes room for so many bytes from `heapStart` on, and answers the whole memory. Addresses
   * stay; what was answered before may have lost its memory.
   *
   * @throws RangeError if there is no more memory.
   */
  reserve(sizeBytes: number): Uint8Array {
    const { memory } = this.exports;
    const missingBytes = this.heapStart + sizeBytes - memory.buffer.byteLength;
    if (missingBytes > 0) memory.grow(Math.ceil(missingBytes / pageSizeBytes));
    return new Uint8Array(memory.buffer);
  }
}

/** The next address at which anything may begin. */
export function align(address: number): number {
  return Math.ceil(address / alignmentBytes) * alignmentBytes;
}

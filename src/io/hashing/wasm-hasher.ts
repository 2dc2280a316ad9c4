/** The search for a nonce in WebAssembly; native/src/search.rs says what makes it fast. */

import { headerSizeBytes } from "../../primitives/hashing.ts";
import { checkRange, checkSizes, type Hasher, targetSizeBytes } from "./hasher.ts";
import { align, loadNative, type Native, type NativeVariant } from "./native.ts";

/**
 * V8 gives a function its fast code when it is called next, so one endless call would stay slow.
 * This is about 2 ms; a call itself costs nothing that could be measured.
 */
const noncesPerCall = 16_384;

/** @throws WebAssembly.CompileError if this engine cannot run the variant. */
export function createWasmHasher(variant: NativeVariant): Hasher {
  return new WasmHasher(variant === "simd" ? "wasm-simd" : "wasm", loadNative(variant));
}

export class WasmHasher implements Hasher {
  readonly name: string;
  readonly #native: Native;
  readonly #memory: Uint8Array;
  readonly #job: number;
  readonly #header: number;
  readonly #target: number;

  constructor(name: string, native: Native) {
    this.name = name;
    this.#native = native;
    this.#job = native.heapStart;
    this.#header = align(this.#job + native.exports.job_size());
    this.#target = this.#header + headerSizeBytes;
    this.#memory = native.reserve(this.#target + targetSizeBytes - native.heapStart);
  }

  prepare(header: Uint8Array, target: Uint8Array): void {
    checkSizes(header, target);
    this.#memory.set(header, this.#header);
    this.#memory.set(target, this.#target);
    this.#memory.subarray(this.#target, this.#target + targetSizeBytes).reverse();
    this.#native.exports.prepare_search(this.#job, this.#header, this.#target);
  }

  search(start: number, count: number): number | undefined {
    checkRange(start, count);
    const end = start + count;
    for (let first = start; first < end; first += noncesPerCall) {
      const nonces = Math.min(noncesPerCall, end - first);
      const failed = this.#native.exports.search(this.#job, first, nonces) >>> 0;
      if (failed < nonces) return first + failed;
    }
    return undefined;
  }
}

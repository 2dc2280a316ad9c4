/** A module that was just compiled from native/ behaves like the one that is checked in. */

import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { type Hasher, nonceCount, proveHasher } from "../../../src/io/hashing/hasher.ts";
import { instantiateNative, loadNative, type Native } from "../../../src/io/hashing/native.ts";
import { WasmHasher } from "../../../src/io/hashing/wasm-hasher.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

/** Rust's core library may have to be compiled first. */
const buildTimeoutMs = 180_000;
/** What bin/build-native.mjs exits with when there is no Rust for WebAssembly. */
const noRust = 3;

/** Headers and their hashes, as the module leaves them in its memory. */
function headerHashes(native: Native, headers: Uint8Array): Buffer {
  const count = headers.length / 80;
  native.reserve(headers.length + count * 32).set(headers, native.heapStart);
  const hashes = native.heapStart + headers.length;
  native.exports.hash_headers(native.heapStart, count, hashes);
  return Buffer.from(native.reserve(0).slice(hashes, hashes + count * 32));
}

test(
  "a rebuilt module finds the same nonces and hashes",
  (context) => {
    const folder = temporaryFolder("powlab-native");
    const program = resolve(import.meta.dirname, "../../../bin/build-native.mjs");
    const { status, stderr } = spawnSync(process.execPath, [program, folder], { encoding: "utf8" });
    if (status === noRust) context.skip("no Rust here can compile to WebAssembly");
    expect(status, stderr).toBe(0);
    for (const variant of ["simd", "scalar"] as const) {
      const checkedIn = loadNative(variant);
      const rebuilt = instantiateNative(readFileSync(join(folder, `powlab_${variant}.wasm`)));
      const headers = randomBytes(80 * 101);
      expect(headerHashes(rebuilt, headers)).toEqual(headerHashes(checkedIn, headers));
      expect(Object.keys(rebuilt.exports).sort()).toEqual(Object.keys(checkedIn.exports).sort());

      const hashers: Hasher[] = [rebuilt, checkedIn].map((each) => new WasmHasher(variant, each));
      expect(hashers.map(proveHasher)).toEqual([true, true]);
      const target = Buffer.alloc(32, 0xff).fill(0, 0, 1);
      for (let round = 0; round < 50; round++) {
        const start = randomBytes(4).readUInt32LE() % (nonceCount - 2_000);
        const header = headers.subarray(80 * round, 80 * round + 80);
        const found = hashers.map((hasher) => {
          hasher.prepare(header, target);
          return hasher.search(start, 2_000);
        });
        expect(found[0], `header ${header.toString("hex")}, start ${start}`).toBe(found[1]);
      }
    }
  },
  buildTimeoutMs,
);

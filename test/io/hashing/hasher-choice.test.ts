/** The choice of a hasher: the fastest that can run and proves itself, unless another is wanted. */

import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createJavaScriptHasher } from "../../../src/io/hashing/hasher.ts";
import {
  adoptHasher,
  chooseHasher,
  firstProven,
  type HasherCandidate,
  hasherVariable,
} from "../../../src/io/hashing/hasher-choice.ts";
import { instantiateNative } from "../../../src/io/hashing/native.ts";
import { WasmHasher } from "../../../src/io/hashing/wasm-hasher.ts";
import { WasmHashing } from "../../../src/io/hashing/wasm-hashing.ts";
import { MinerPool, type MinerPoolOptions } from "../../../src/io/mining/miner-pool.ts";
import { OwnPool } from "../../../src/io/mining/own-pool.ts";
import {
  chooseHashing,
  currentHashing,
  javaScriptHashing,
} from "../../../src/primitives/hashing.ts";

const javaScript: HasherCandidate = { name: "js", create: createJavaScriptHasher };

function readModule(variant: string): Buffer<ArrayBuffer> {
  return readFileSync(new URL(`../../../native/powlab_${variant}.wasm`, import.meta.url));
}

/** The module with one bit changed in the key of round 60, wherever it is. */
function wrongModule(): Buffer<ArrayBuffer> {
  const code = readModule("scalar");
  const key = Buffer.from("faffbe90", "hex");
  expect(code.includes(key)).toBe(true);
  for (let at = code.indexOf(key); at >= 0; at = code.indexOf(key)) code[at]! ^= 1;
  return code;
}

function candidateOf(name: string, code: Buffer<ArrayBuffer>): HasherCandidate {
  return { name, create: () => new WasmHasher(name, instantiateNative(code)) };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a hasher", () => {
  test("that can run and is right is chosen without a word", () => {
    const choice = firstProven([candidateOf("mine", readModule("scalar")), javaScript]);
    expect(choice).toEqual({ name: "mine", warnings: [] });
  });

  test("that computes wrong hashes is not used", () => {
    const { name, warnings } = firstProven([candidateOf("wrong", wrongModule()), javaScript]);
    expect(name).toBe("js");
    expect(warnings).toEqual([expect.stringContaining('"wrong" computes wrong hashes')]);
  });

  test("whose module this engine refuses is not used, and a warning says why", () => {
    // An opcode that does not exist, as vectors do not on an old processor.
    const code = readModule("simd");
    code.fill(0xff, 2_000, 2_010);
    const { name, warnings } = firstProven([candidateOf("unknown", code), javaScript]);
    expect(name).toBe("js");
    expect(warnings).toEqual([expect.stringMatching(/"unknown" cannot run here \(.*WebAssembly/)]);
  });

  test("that mines well but checks wrongly is not used", () => {
    const createHashing = () => new WasmHashing(instantiateNative(wrongModule()));
    const half = { name: "half", create: createJavaScriptHasher, createHashing };
    expect(firstProven([half, javaScript])).toEqual({
      name: "js",
      warnings: [expect.stringContaining('"half" computes wrong hashes')],
    });
  });

  test("is needed: without a right one there is no mining", () => {
    expect(() => firstProven([candidateOf("wrong", wrongModule())])).toThrow(/no hasher/);
  });
});

describe("the choice", () => {
  test("falls on the fastest when nobody wants another", () => {
    vi.stubEnv(hasherVariable, undefined);
    expect(chooseHasher()).toEqual({ name: "wasm-simd", warnings: [] });
    vi.stubEnv(hasherVariable, "");
    expect(chooseHasher().name).toBe("wasm-simd");
  });

  test("follows the environment, and what is wanted before that", () => {
    vi.stubEnv(hasherVariable, "js");
    expect(chooseHasher().name).toBe("js");
    expect(chooseHasher("wasm").name).toBe("wasm");
  });

  test("refuses a name in the environment that means nothing", () => {
    vi.stubEnv(hasherVariable, "cuda");
    expect(() => chooseHasher()).toThrow('choose one of wasm-simd, wasm, js, not "cuda"');
  });
});

describe("what is adopted", () => {
  const before = currentHashing();
  afterEach(() => chooseHashing(before));

  test("checks blocks as well as it mines", () => {
    expect(adoptHasher("wasm")).toEqual({ name: "wasm", warnings: [] });
    expect(currentHashing()).toBeInstanceOf(WasmHashing);
    adoptHasher("js");
    expect(currentHashing()).toBe(javaScriptHashing);
  });
});

describe("a pool of one's own", () => {
  test("says what it will mine with before it does", async () => {
    const pool = new OwnPool({ threads: 3, hasher: "wasm", onSolved: () => undefined });
    expect([pool.hasher, pool.threads]).toEqual(["wasm", 3]);
    await pool.stop();
  });
});

describe("a pool", () => {
  async function hasherOf(options: Partial<MinerPoolOptions>): Promise<string> {
    const solved = Promise.withResolvers<void>();
    const pool = new MinerPool({ threads: 1, onSolved: () => solved.resolve(), ...options });
    const target = Buffer.concat([Buffer.alloc(1), Buffer.alloc(31, 0xff)]);
    const header = Buffer.alloc(80);
    pool.work({ miner: "alice", template: "first", header, target, timeMaxSeconds: 0 });
    await solved.promise;
    await pool.stop();
    return pool.hasher;
  }

  test.each(["wasm-simd", "wasm", "js"] as const)("mines with %s and says so", async (hasher) => {
    expect(await hasherOf({ hasher })).toBe(hasher);
  });

  test("does as the environment says", async () => {
    vi.stubEnv(hasherVariable, "wasm");
    expect(await hasherOf({})).toBe("wasm");
  });
});

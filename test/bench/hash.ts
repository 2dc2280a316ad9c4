/** The search for a nonce, SHA-256 twice over an 80-byte header: our hashers and what else there is. */

import { createHash, hash } from "node:crypto";
import { sha256 } from "@noble/hashes/sha2.js";
import { createSHA256 } from "hash-wasm";
import { createHasher } from "../../src/io/hashing/hasher-choice.ts";
import { type HasherName, hasherNames } from "../../src/primitives/hashing.ts";
import { type Load, ratesOf, round, type Row } from "./measure.ts";

/** A contender, with as many hashes a turn as it does in some hundredths of a second. */
type Contender = { readonly name: string; readonly isBaseline: boolean; readonly load: Load };

/** A row for each contender, all in one run, each against the best of those that are not ours. */
export async function benchHash(): Promise<Row[]> {
  const contenders = [...hasherNames.map(ours), ...(await baselines())];
  const rates = ratesOf(contenders.map(({ load }) => load));
  const measured = contenders.map((contender, i) => ({ ...contender, rate: rates[i] ?? 0 }));
  const best = measured
    .filter(({ isBaseline }) => isBaseline)
    .reduce((one, other) => (one.rate > other.rate ? one : other));
  return measured.map(({ name, rate }) => ({
    name: `hash search, ${name}`,
    value: round(rate),
    unit: "hashes/s",
    versus: best.name,
    ratio: round(rate / best.rate),
  }));
}

function ours(name: HasherName): Contender {
  const hasher = createHasher(name);
  hasher.prepare(someHeader(), new Uint8Array(32)); // no hash is zero: the search never ends early
  const hashes = { "wasm-simd": 300_000, wasm: 150_000, js: 20_000 }[name];
  const load = (): number => {
    if (hasher.search(0, hashes) !== undefined) throw new Error("a hash cannot be zero");
    return hashes;
  };
  return { name, isBaseline: false, load };
}

/** What somebody would write who has a library and no hasher of ours. */
async function baselines(): Promise<Contender[]> {
  const wasm = await createSHA256();
  const midstate = sha256.create().update(someHeader().subarray(0, 64));
  return [
    baseline("noble, sha256 twice", (header) => sha256(sha256(header))),
    baseline("noble with midstate", (header) =>
      sha256(midstate.clone().update(header.subarray(64)).digest()),
    ),
    baseline("node:crypto, createHash twice", (header) =>
      createHash("sha256").update(createHash("sha256").update(header).digest()).digest(),
    ),
    baseline("node:crypto, hash twice", (header) =>
      hash("sha256", hash("sha256", header, "buffer"), "buffer"),
    ),
    baseline("hash-wasm", (header) => {
      const first = wasm.init().update(header).digest("binary");
      return wasm.init().update(first).digest("binary");
    }),
  ];
}

function baseline(name: string, hashOf: (header: Uint8Array) => Uint8Array): Contender {
  const header = Buffer.from(someHeader());
  const hashes = 15_000;
  const load = (): number => {
    for (let nonce = 0; nonce < hashes; nonce++) {
      header.writeUInt32LE(nonce, 76);
      if (hashOf(header).length !== 32) throw new Error("a hash has 32 bytes");
    }
    return hashes;
  };
  return { name, isBaseline: true, load };
}

function someHeader(): Uint8Array {
  return Uint8Array.from({ length: 80 }, (_, i) => (i * 37) & 0xff);
}

/** The search for a nonce: SHA-256 twice over an 80-byte header. */

import { createHash } from "node:crypto";
import { createJavaScriptHasher } from "../../src/io/hasher.ts";
import { compare, rowOfRates, type Row } from "./measure.ts";

const attempts = 100_000;

export async function benchHash(): Promise<Row[]> {
  const header = Uint8Array.from({ length: 80 }, (_, i) => (i * 37) & 0xff);
  const hopeless = new Uint8Array(32); // no hash is zero, so the search never ends early
  const hasher = createJavaScriptHasher();
  hasher.prepare(header, hopeless);
  const rates = compare(
    () => {
      if (hasher.search(0, attempts) !== undefined) throw new Error("a hash cannot be zero");
      return attempts;
    },
    () => searchWithNode(header),
  );
  return [rowOfRates("hash search", "hashes/s", "node:crypto, createHash twice", rates)];
}

function searchWithNode(header: Uint8Array): number {
  const bytes = Buffer.from(header);
  for (let nonce = 0; nonce < attempts; nonce++) {
    bytes.writeUInt32LE(nonce, 76);
    createHash("sha256").update(createHash("sha256").update(bytes).digest()).digest();
  }
  return attempts;
}

/** Checks partial merkle trees by reading them as a light client does. */

import { expect, test } from "vitest";
import type { Txid } from "../../src/primitives/brand.ts";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import { displayHash, hashBytes, sha256d } from "../../src/primitives/hash.ts";
import { decodeHeader } from "../../src/primitives/header.ts";
import { merkleRoot } from "../../src/primitives/merkle.ts";
import { encodeMerkleBlock } from "../../src/primitives/merkle-block.ts";

const headerBytes = Uint8Array.from({ length: 80 }, (_, i) => i);
const decoded = decodeHeader(headerBytes);
if (!decoded.ok) throw new Error("80 bytes are a header");
const header = decoded.value;

function txidsOf(count: number): Txid[] {
  return Array.from({ length: count }, (_, i) => displayHash<Txid>(sha256d(Uint8Array.of(i))));
}

/** What a client finds in a proof: the root, and which transactions it proves. */
function read(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const count = view.getUint32(80, true);
  const hashCount = bytes[84]!;
  const hashAt = (i: number) => bytes.subarray(85 + 32 * i, 117 + 32 * i);
  const flagsAt = 85 + 32 * hashCount;
  const flag = (i: number) => (bytes[flagsAt + 1 + (i >> 3)]! >> (i & 7)) & 1;
  expect(bytes).toHaveLength(flagsAt + 1 + bytes[flagsAt]!);

  let [hashesRead, flagsRead] = [0, 0];
  const proved: [position: number, txid: string][] = [];
  const walk = (height: number, at: number): Uint8Array => {
    const isAbove = flag(flagsRead++) === 1;
    if (height === 0 || !isAbove) {
      const hash = hashAt(hashesRead++);
      if (isAbove) proved.push([at, displayHash(hash)]);
      return hash;
    }
    const left = walk(height - 1, 2 * at);
    const width = Math.ceil(count / 2 ** (height - 1));
    const right = 2 * at + 1 < width ? walk(height - 1, 2 * at + 1) : left;
    return sha256d(Uint8Array.of(...left, ...right));
  };
  const root = displayHash(walk(Math.ceil(Math.log2(count)), 0));
  expect(hashesRead).toBe(hashCount);
  expect(Math.ceil(flagsRead / 8)).toBe(bytes[flagsAt]);
  return { count, root, proved };
}

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 17, 100])(
  "in a block of %i transactions each is proved against the root, and no other",
  (count) => {
    const txids = txidsOf(count);
    for (const [position, txid] of txids.entries()) {
      const bytes = encodeMerkleBlock(header, txids, position);
      expect(bytesToHex(bytes.subarray(0, 80))).toBe(bytesToHex(headerBytes));
      expect(read(bytes)).toEqual({
        count,
        root: merkleRoot(txids).root,
        proved: [[position, txid]],
      });
    }
  },
);

test("the bytes of a block with two transactions are those of BIP37", () => {
  const txids = txidsOf(2);
  const [first, second] = txids.map((txid) => bytesToHex(hashBytes(txid)));
  const rest = (position: number) =>
    bytesToHex(encodeMerkleBlock(header, txids, position).subarray(80));
  expect(rest(0)).toBe(`02000000${"02"}${first}${second}${"01"}${"03"}`); // flags 1, 1, 0
  expect(rest(1)).toBe(`02000000${"02"}${first}${second}${"01"}${"05"}`); // flags 1, 0, 1
});

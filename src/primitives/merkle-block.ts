/** A block's header with just the hashes that prove one transaction: BIP37's merkle block. */

import type { Txid } from "./brand.ts";
import { ByteWriter } from "./bytes.ts";
import { hashBytes } from "./hash.ts";
import { encodeHeader, type Header } from "./header.ts";
import { merkleLevels } from "./merkle.ts";

type Walk = {
  readonly levels: readonly (readonly Uint8Array[])[];
  readonly position: number;
  /** Whether each node that is visited has the transaction below it. */
  readonly flags: boolean[];
  readonly hashes: Uint8Array[];
};

/**
 * @param txids of all transactions in the block; there is at least one.
 * @param position which of them to prove.
 * @see BIP37, partial merkle tree; Bitcoin Core, CMerkleBlock
 */
export function encodeMerkleBlock(
  header: Header,
  txids: readonly Txid[],
  position: number,
): Uint8Array {
  const levels = merkleLevels(txids.map(hashBytes));
  const walk: Walk = { levels, position, flags: [], hashes: [] };
  visit(walk, levels.length - 1, 0);
  const { flags, hashes } = walk;
  const writer = new ByteWriter().bytes(encodeHeader(header)).uint32(txids.length);
  writer.compactSize(hashes.length);
  for (const hash of hashes) writer.bytes(hash);
  const bits = packed(flags);
  return writer.compactSize(bits.length).bytes(bits).finish();
}

/** Depth first, the left side first; only nodes above the transaction are entered. */
function visit(walk: Walk, height: number, at: number): void {
  const level = walk.levels[height] as readonly Uint8Array[];
  if (at >= level.length) return;
  const isAbove = walk.position >> height === at;
  walk.flags.push(isAbove);
  if (!isAbove || height === 0) {
    walk.hashes.push(level[at] as Uint8Array);
    return;
  }
  visit(walk, height - 1, 2 * at);
  visit(walk, height - 1, 2 * at + 1);
}

/** The first flag is the lowest bit of the first byte. */
function packed(flags: readonly boolean[]): Uint8Array {
  return Uint8Array.from({ length: Math.ceil(flags.length / 8) }, (_, byte) => {
    const own = flags.slice(8 * byte, 8 * byte + 8);
    return own.reduce((bits, flag, i) => bits | (Number(flag) << i), 0);
  });
}

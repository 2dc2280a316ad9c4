/** Bitcoin's first blocks, as btcd packs them. */

import { spawnSync } from "node:child_process";

/** Each block stands behind four bytes that name the network and four that give its length. */
const prefixSizeBytes = 8;
const unpackedSizeBytesMax = 2 ** 24;

/**
 * Unpacks a file of blocks.
 *
 * @returns undefined if there is no `bzip2` on this machine.
 */
export function unpackBlocks(packed: Buffer): Buffer[] | undefined {
  const run = spawnSync("bzip2", ["-dc"], { input: packed, maxBuffer: unpackedSizeBytesMax });
  if (run.error !== undefined) return undefined;
  if (run.status !== 0) throw new Error(`bzip2 cannot unpack the blocks: ${String(run.stderr)}`);
  const blocks: Buffer[] = [];
  for (let at = 0; at < run.stdout.length;) {
    const end = at + prefixSizeBytes + run.stdout.readUInt32LE(at + 4);
    blocks.push(run.stdout.subarray(at + prefixSizeBytes, end));
    at = end;
  }
  return blocks;
}

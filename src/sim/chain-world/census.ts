/** Who mined the blocks of the active branch, by the scripts that their coinbases pay. */

import type { Node } from "../../node/node.ts";
import { addSample, noSamples, ratioOf } from "../../theory/statistics.ts";

export type Census = {
  /** Blocks on the active branch, and those of them that pay the script. */
  readonly blocks: number;
  readonly own: number;
  readonly share: number;
  /** The standard error of the share. */
  readonly error: number;
};

/** Neighbouring blocks depend on each other, stretches of so many hardly do. */
const stretchBlocks = 20;

/**
 * Counts on a node's active branch.
 *
 * @param above the height on which the count begins.
 * @throws RangeError if there are fewer than two stretches of 20 blocks.
 */
export function takeCensus(node: Node, script: Uint8Array, above = 0): Census {
  let sums = noSamples;
  let [blocks, own] = [0, 0];
  for (let height = above + 1; height <= node.chain.tip.height; height++) {
    blocks += 1;
    if (paysTo(node, height, script)) own += 1;
    if (blocks < stretchBlocks) continue;
    sums = addSample(sums, own, blocks);
    [blocks, own] = [0, 0];
  }
  if (blocks > 0) sums = addSample(sums, own, blocks);
  const { estimate, error } = ratioOf(sums);
  return { blocks: sums.y, own: sums.x, share: estimate, error };
}

function paysTo(node: Node, height: number, script: Uint8Array): boolean {
  const entry = node.chain.entryAt(height);
  const block = entry && node.chain.blockOf(entry.hash);
  const paid = block?.transactions[0]?.outputs[0]?.script;
  if (paid === undefined) throw new Error(`the block at height ${height} is missing`);
  return paid.length === script.length && paid.every((byte, at) => byte === script[at]);
}

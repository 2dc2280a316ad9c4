/** Makes blocks at once, on the tip or on another block, where proof of work costs next to nothing. */

import type { FullNode } from "../../io/full-node.ts";
import { solve } from "../../io/mining/solved-block.ts";
import { selectionOf, templateOf } from "../../io/queries/generated-blocks.ts";
import { submitMinedBlock } from "../../io/queries/submissions.ts";
import type { BlockTemplate } from "../../mempool/template.ts";
import type { BlockHash, Satoshi } from "../../primitives/brand.ts";
import { hexToBytes } from "../../primitives/bytes.ts";
import { decodeTransaction } from "../../primitives/transaction.ts";
import { decoded } from "./trusted-data.ts";

/** Bytes are hex, so that it can be sent to another process as it is. */
export type BlocksOrder = {
  readonly count: number;
  /** The output script that their coinbases pay. */
  readonly payTo: string;
  /** A branch of its own; without it each block stands on the tip and holds what waits. */
  readonly branch?: {
    /** The block below the first. */
    readonly on: BlockHash;
    /** The transactions of each block, parents first; those of the last are missing if they are few. */
    readonly contents: readonly (readonly string[])[];
  };
};

/**
 * Makes block after block, and has the node accept each as one that it has mined.
 *
 * @returns their hashes, the lowest first.
 * @throws Error if the node rejects one of them.
 */
export async function makeBlocks(full: FullNode, order: BlocksOrder): Promise<BlockHash[]> {
  const hashes: BlockHash[] = [];
  while (hashes.length < order.count) {
    const block = await solve(nextTemplate(full, order, hashes));
    const result = await submitMinedBlock(full, block);
    if (result.status === "rejected") {
      throw new Error(`${full.name} rejects its own block: ${result.problem.rule}`);
    }
    hashes.push(result.hash);
  }
  return hashes;
}

function nextTemplate(
  full: FullNode,
  { payTo, branch }: BlocksOrder,
  made: readonly BlockHash[],
): BlockTemplate {
  const { node, name } = full;
  const script = decoded(hexToBytes(payTo));
  if (branch === undefined) return templateOf(full, selectionOf(node), script);
  const on = made.at(-1) ?? branch.on;
  const parent = node.chain.tree.get(on);
  if (parent === undefined) throw new Error(`${name} does not know the block ${on}`);
  const transactions = (branch.contents[made.length] ?? []).map((hex) =>
    decoded(decodeTransaction(decoded(hexToBytes(hex)))),
  );
  // Their fees are not claimed: what they spend is not looked up, and the rules allow to take less.
  return templateOf(full, { transactions, fees: 0 as Satoshi }, script, parent);
}

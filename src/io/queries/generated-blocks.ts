/** Blocks that are made at once on request, where proof of work costs next to nothing. */

import { randomInt } from "node:crypto";
import { weightMax } from "../../consensus/limits.ts";
import {
  type BlockTemplate,
  makeTemplate,
  type Selection,
  selectTransactions,
} from "../../mempool/template.ts";
import type { Block } from "../../primitives/block.ts";
import type { BlockHash } from "../../primitives/brand.ts";
import { search } from "../mining/solved-block.ts";
import type { ServedNode } from "./served-node.ts";
import { submitMinedBlock } from "./submissions.ts";

export type Generating = {
  /** The output script that the coinbase pays. */
  readonly payTo: Uint8Array;
  /** Hashes, of all blocks together. */
  readonly triesMax: number;
  /** Aborted when the caller has gone. */
  readonly gone: AbortSignal;
};

type Served = Pick<ServedNode, "node" | "runner" | "name">;

/** So many that no two blocks are the same. */
const extraNonceMax = 2 ** 48 - 1;

/**
 * Makes block after block on the tip, each of what waits, until there are so many, no tries are
 * left or the caller has gone.
 *
 * @returns their hashes, the lowest first.
 */
export async function generateBlocks(
  served: Served,
  count: number,
  { payTo, triesMax, gone }: Generating,
): Promise<BlockHash[]> {
  const hashes: BlockHash[] = [];
  let triesLeft = triesMax;
  while (hashes.length < count && triesLeft > 0 && !gone.aborted) {
    const template = templateOf(served, selectionOf(served.node), payTo);
    const solved = await search(template, triesLeft);
    if (solved === undefined) return hashes;
    triesLeft -= solved.header.nonce + 1;
    hashes.push(await submitGenerated(served, solved));
  }
  return hashes;
}

/** All that waits, as far as one block has room. */
export function selectionOf(node: Served["node"]): Selection {
  return selectTransactions(node.mempool, node.nextBlockView(), weightMax);
}

export function templateOf(
  { node, runner, name: tag }: Served,
  selection: Selection,
  payTo: Uint8Array,
  parent = node.chain.tip,
): BlockTemplate {
  const { params } = node;
  const now = runner.clock.read().wall;
  const extraNonce = randomInt(extraNonceMax);
  return makeTemplate({ ...selection, params, parent, payTo, now, extraNonce, tag });
}

/** The clock was set back so far that no block can be made. */
export class ClockBehindError extends Error {}

/**
 * @throws ClockBehindError
 * @throws Error if the node does not take it for another reason: what was made here is valid.
 */
export async function submitGenerated(served: Served, block: Block): Promise<BlockHash> {
  const result = await submitMinedBlock(served, block);
  if (result.status !== "rejected") return result.hash;
  if (result.problem.rule === "time-too-new") throw new ClockBehindError(result.problem.rule);
  throw new Error(`the node rejects the block that was made for it: ${result.problem.rule}`);
}

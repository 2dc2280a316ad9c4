/** The search for a block's proof of work where it costs little: first blocks, and regtest's. */

import { setImmediate as nextTurn } from "node:timers/promises";
import type { BlockTemplate } from "../../mempool/template.ts";
import type { Block } from "../../primitives/block.ts";
import { encodeHeader } from "../../primitives/header.ts";
import { targetBytes } from "../../primitives/target.ts";
import { createJavaScriptHasher, nonceCount } from "../hashing/hasher.ts";

/** Nonces between two turns of the event loop: about 10 ms. */
const chunk = 10_000;

type Unsolved = Pick<BlockTemplate, "block" | "target">;

/**
 * Searches on this thread, in small steps, so that nothing else has to wait.
 *
 * @throws Error if no nonce is one: then the block is for miners, not for this.
 */
export async function solve(template: Unsolved): Promise<Block> {
  const solved = await search(template, nonceCount);
  if (solved === undefined) throw new Error("no nonce proves the work of this block");
  return solved;
}

/** The same with so many nonces at most; undefined if none of them is one. */
export async function search(
  { block, target }: Unsolved,
  triesMax: number,
): Promise<Block | undefined> {
  const hasher = createJavaScriptHasher();
  hasher.prepare(encodeHeader(block.header), targetBytes(target));
  for (let start = 0; start < triesMax; start += chunk) {
    const nonce = hasher.search(start, Math.min(chunk, triesMax - start));
    if (nonce !== undefined) return { ...block, header: { ...block.header, nonce } };
    await nextTurn();
  }
  return undefined;
}

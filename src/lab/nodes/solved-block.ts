/** The search for a block's proof of work where it costs little: first blocks, and regtest's. */

import { setImmediate as nextTurn } from "node:timers/promises";
import { createJavaScriptHasher } from "../../io/hashing/hasher.ts";
import type { BlockTemplate } from "../../mempool/template.ts";
import type { Block } from "../../primitives/block.ts";
import { encodeHeader } from "../../primitives/header.ts";
import { targetBytes } from "../../primitives/target.ts";

/** Nonces between two turns of the event loop: about 10 ms. */
const chunk = 10_000;

/** Searches on this thread, in small steps, so that nothing else has to wait. */
export async function solve({ block, target }: BlockTemplate): Promise<Block> {
  const hasher = createJavaScriptHasher();
  hasher.prepare(encodeHeader(block.header), targetBytes(target));
  for (let start = 0; ; start += chunk) {
    const nonce = hasher.search(start, chunk);
    if (nonce !== undefined) return { ...block, header: { ...block.header, nonce } };
    await nextTurn();
  }
}

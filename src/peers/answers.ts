/** What we answer to peers' requests: what our chain and our mempool have, and no more. */

import type { Chain } from "../chain/chain.ts";
import { type Block, totalSizeOfBlock } from "../primitives/block.ts";
import type { BlockHash } from "../primitives/brand.ts";
import { type Transaction, txidOf } from "../primitives/transaction.ts";
import { unreachable } from "../primitives/verdict.ts";
import { limits } from "./limits.ts";
import { headersAfter } from "./locator.ts";
import type { Request, Response, Status } from "./message.ts";
import { inBatches } from "./outbox.ts";
import { shortTxidOf } from "./short-txid.ts";

/** What we claim about ourselves. */
export function statusOf({ tip, params }: Chain): Status {
  return { genesis: params.genesisHash, tip: tip.hash, height: tip.height, work: tip.work };
}

/** @param waiting the mempool's transactions, parents before children; read only if asked for. */
export function answerTo(
  request: Request,
  chain: Chain,
  waiting: () => readonly Transaction[],
): Response {
  switch (request.type) {
    case "get-status":
      return { type: "status", status: statusOf(chain) };
    case "get-headers": {
      const headers = headersAfter(chain, request.locator, limits.headersPerMessageMax);
      return { type: "headers", headers };
    }
    case "get-blocks":
      return { type: "blocks", blocks: bodiesOf(request.hashes, chain) };
    case "get-mempool": {
      const known = new Set(request.known);
      const others = waiting().filter((each) => !known.has(shortTxidOf(txidOf(each))));
      const transactions = inBatches(others, limits.mempoolSizeBytesMax)[0] ?? [];
      return { type: "transactions", transactions };
    }
    default:
      return unreachable(request);
  }
}

/**
 * Blocks of any branch, also those that were announced and turned out invalid later. As many as
 * fit into a message, and at least one.
 */
function bodiesOf(hashes: readonly BlockHash[], chain: Chain): Block[] {
  const blocks: Block[] = [];
  let sizeBytes = 0;
  for (const hash of hashes) {
    const block = chain.blockOf(hash);
    if (block === undefined) continue;
    sizeBytes += totalSizeOfBlock(block);
    if (blocks.length > 0 && sizeBytes > limits.blocksSizeBytesMax) break;
    blocks.push(block);
  }
  return blocks;
}

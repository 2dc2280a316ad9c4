/** Blocks in the shapes of Bitcoin Core. */

import type { Chain } from "../../../../chain/chain.ts";
import type { TreeEntry } from "../../../../chain/tree.ts";
import type { Coin } from "../../../../consensus/coin.ts";
import {
  type Block,
  strippedSizeOfBlock,
  totalSizeOfBlock,
  weightOfBlock,
} from "../../../../primitives/block.ts";
import { difficultyOf } from "../../../../primitives/target.ts";
import { isCoinbase, txidOf } from "../../../../primitives/transaction.ts";
import { TimeSlices } from "../../../platform/time-slices.ts";
import { hex32, hex256 } from "../call/figures.ts";
import { WrittenJson } from "../call/json.ts";
import { hexOf, type Members, transactionJson } from "./transaction-json.ts";

export function headerJson(chain: Chain, entry: TreeEntry): Members {
  const { header, height } = entry;
  const isActive = chain.isActive(entry);
  return {
    hash: entry.hash,
    confirmations: isActive ? chain.tip.height - height + 1 : -1,
    height,
    version: header.version,
    versionHex: hex32(header.version),
    merkleroot: header.merkleRoot,
    time: header.time,
    mediantime: entry.medianTime,
    nonce: header.nonce,
    bits: hex32(header.bits),
    difficulty: difficultyOf(header.bits),
    chainwork: hex256(entry.work),
    nTx: entry.measures?.transactionCount ?? 0, // it has no body
    previousblockhash: entry.parent?.hash,
    nextblockhash: isActive ? chain.entryAt(height + 1)?.hash : undefined,
  };
}

/** With its transactions' ids. */
export function blockJson(chain: Chain, entry: TreeEntry, block: Block): Members {
  return {
    ...headerJson(chain, entry),
    strippedsize: strippedSizeOfBlock(block),
    size: totalSizeOfBlock(block),
    weight: weightOfBlock(block),
    tx: block.transactions.map(txidOf),
  };
}

/** In slices, with its transactions whole; those that they spend are known of blocks that were active once. */
export async function fullBlockJson(
  chain: Chain,
  entry: TreeEntry,
  block: Block,
  showsSpent: boolean,
): Promise<Members> {
  const { addressPrefix: prefix } = chain.params;
  const spent = spentByEach(block, chain.spentBy(entry.hash));
  const slices = new TimeSlices();
  const tx: WrittenJson[] = [];
  for (const [i, transaction] of block.transactions.entries()) {
    const own = spent[i];
    const json = transactionJson(transaction, { prefix, showsSpent, ...(own && { spent: own }) });
    tx.push(new WrittenJson({ ...json, hex: hexOf(transaction) }));
    await slices.turn();
  }
  return { ...blockJson(chain, entry, block), tx };
}

/** What each transaction of a block spends; undefined where it is not known. */
export function spentByEach(
  block: Block,
  coins: readonly Coin[] | undefined,
): (readonly Coin[] | undefined)[] {
  let end = 0;
  return block.transactions.map((transaction) => {
    const start = end;
    end += isCoinbase(transaction) ? 0 : transaction.inputs.length;
    return coins?.slice(start, end);
  });
}

/** Forged blocks and headers: any content, with a real proof of work. */

import { type Ancestor, medianTimeOf } from "../../consensus/ancestor.ts";
import { nextBits } from "../../consensus/difficulty.ts";
import { earliestTime } from "../../consensus/header.ts";
import { makeTemplate } from "../../mempool/template.ts";
import type { Node } from "../../node/node.ts";
import type { Block } from "../../primitives/block.ts";
import type { BlockHash, Milliseconds, Satoshi } from "../../primitives/brand.ts";
import { bytesToHex } from "../../primitives/bytes.ts";
import { blockHash, type Header } from "../../primitives/header.ts";
import { merkleRoot } from "../../primitives/merkle.ts";
import { solveHeader } from "../../primitives/proof.ts";
import type { Random } from "../../primitives/random.ts";
import { dataScript } from "../../primitives/script.ts";
import { decodeCompact } from "../../primitives/target.ts";
import { type Transaction, txidOf } from "../../primitives/transaction.ts";

/** A block on any parent; it claims no fees, so it is valid whatever its payments leave. */
export function forgeBlock(
  node: Node,
  parent: Ancestor,
  transactions: readonly Transaction[],
  now: Milliseconds,
  extraNonce: number,
): Block {
  const { block } = makeTemplate({
    params: node.params,
    parent,
    payTo: node.payTo ?? dataScript(),
    transactions,
    fees: 0 as Satoshi,
    now,
    extraNonce,
  });
  return seal(block);
}

/** Makes the header fit the transactions again, and finds a proof for it. */
export function seal(block: Block): Block {
  const { root } = merkleRoot(block.transactions.map(txidOf));
  const header = { ...block.header, merkleRoot: root };
  return { ...block, header: solveHeader(header, decodeCompact(header.bits).target) };
}

/** A header without a body anywhere. */
export function forgeHeader(node: Node, parent: Ancestor, random: Random): Header {
  const header: Header = {
    version: 0x2000_0000,
    previous: blockHash(parent.header),
    merkleRoot: randomHash(random),
    time: earliestTime(parent, node.params),
    bits: nextBits(parent, node.params),
    nonce: 0,
  };
  return solveHeader(header, decodeCompact(header.bits).target);
}

/** A header in its place, so that another can be put upon it. */
export function ancestorOf(header: Header, parent: Ancestor): Ancestor {
  const medianTime = medianTimeOf(header, parent);
  return { header, height: parent.height + 1, medianTime, parent };
}

export function randomHash(random: Random): BlockHash {
  return bytesToHex(random.nextBytes(32)) as BlockHash;
}

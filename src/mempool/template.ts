/** The next block without its proof of work: which transactions, and what a miner is given. */

import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { Ancestor } from "../consensus/ancestor.ts";
import { witnessCommitment } from "../consensus/block.ts";
import { nextBits } from "../consensus/difficulty.ts";
import { futureLimit, timeOfChild } from "../consensus/header.ts";
import { isFinal } from "../consensus/locks.ts";
import { subsidyAt } from "../consensus/money.ts";
import type { Params } from "../consensus/params.ts";
import type { Block } from "../primitives/block.ts";
import type { BlockHash, Brand, Milliseconds, Satoshi, Txid } from "../primitives/brand.ts";
import { ByteWriter } from "../primitives/bytes.ts";
import { zeroHash } from "../primitives/hash.ts";
import { blockHash, type Header } from "../primitives/header.ts";
import { merkleRoot } from "../primitives/merkle.ts";
import { commitmentScript, heightPush } from "../primitives/script.ts";
import { targetOf } from "../primitives/target.ts";
import {
  noOutputIndex,
  sequenceFinal,
  type Transaction,
  txidOf,
  wtxidOf,
} from "../primitives/transaction.ts";
import {
  ancestorsOf,
  descendantsOf,
  inOrder,
  type MempoolEntry,
  type PackageSums,
  sumsWithout,
} from "./entry.ts";
import { feeRateOf } from "./fee-rate.ts";
import type { Mempool } from "./mempool.ts";
import { PriorityQueue } from "./queue.ts";
import type { NextBlockView } from "./view.ts";

export type Selection = {
  /** Parents first. */
  readonly transactions: readonly Transaction[];
  readonly fees: Satoshi;
};

/** Left free for the header and the coinbase. @see Bitcoin Core, BlockAssembler */
export const coinbaseWeightMax = 4_000;

/** A nearly full block is full after this many packages in a row that do not fit. */
const failuresMax = 1_000;

/** What an entry's package has to offer while some of it is chosen already. */
type Offer = {
  readonly entry: MempoolEntry;
  readonly sums: PackageSums;
  readonly feeRate: number;
};

/**
 * Chooses what pays most: again and again the transaction that, with all it still needs, has the
 * best fee rate.
 *
 * @param weightMax of the whole block.
 * @see Bitcoin Core, BlockAssembler::addPackageTxs
 */
export function selectTransactions(
  mempool: Mempool,
  view: NextBlockView,
  weightMax: number,
): Selection {
  const offers = new Offers(mempool.entries());
  const chosen = new Set<MempoolEntry>();
  let roomWeight = weightMax - coinbaseWeightMax;
  let failures = 0;
  for (let entry = offers.take(); entry !== undefined; entry = offers.take()) {
    const needed = inOrder(ancestorsOf([entry])).filter((each) => !chosen.has(each));
    const weight = needed.reduce((sum, each) => sum + each.weight, 0);
    const isRipe = needed.every(({ transaction }) =>
      isFinal(transaction, view.height, view.medianTime),
    );
    if (weight > roomWeight || !isRipe) {
      failures += 1;
      if (failures > failuresMax && roomWeight < coinbaseWeightMax) break;
      continue;
    }
    failures = 0;
    roomWeight -= weight;
    for (const each of needed) chosen.add(each);
    offers.withdraw(needed);
  }
  const fees = [...chosen].reduce((sum, { fee }) => sum + fee, 0) as Satoshi;
  return { transactions: Array.from(chosen, ({ transaction }) => transaction), fees };
}

/** Packages, the best fee rate first; of equals the one that came first. */
export class Offers {
  readonly #sums = new Map<MempoolEntry, PackageSums>();
  readonly #queue = new PriorityQueue<Offer>(isBetter);

  constructor(entries: Iterable<MempoolEntry>) {
    for (const entry of entries) this.#offer(entry, entry.ancestors);
  }

  take(): MempoolEntry | undefined {
    for (let offer = this.#queue.pop(); offer !== undefined; offer = this.#queue.pop()) {
      const isCurrent = this.#sums.get(offer.entry) === offer.sums;
      if (isCurrent) return offer.entry;
    }
    return undefined;
  }

  /** Ends the offers of what was chosen. What needs it gets better: that part is paid. */
  withdraw(chosen: readonly MempoolEntry[]): void {
    for (const entry of chosen) this.#sums.delete(entry);
    for (const entry of chosen) {
      for (const descendant of descendantsOf(entry.children)) {
        const sums = this.#sums.get(descendant);
        if (sums !== undefined) this.#offer(descendant, sumsWithout(sums, entry));
      }
    }
  }

  #offer(entry: MempoolEntry, sums: PackageSums): void {
    this.#sums.set(entry, sums);
    this.#queue.push({ entry, sums, feeRate: feeRateOf(sums.fees, sums.virtualSizeBytes) });
  }
}

function isBetter(a: Offer, b: Offer): boolean {
  if (a.feeRate !== b.feeRate) return a.feeRate > b.feeRate;
  return a.entry.position < b.entry.position;
}

/** Names a template: the hash of its header with nonce zero. */
export type TemplateId = Brand<string, "TemplateId">;

export type BlockTemplate = {
  readonly id: TemplateId;
  /** Its nonce is zero. */
  readonly block: Block;
  readonly height: number;
  readonly target: bigint;
  readonly fees: Satoshi;
  /** The latest time that a miner may write into the header, in seconds. */
  readonly timeMaxSeconds: number;
};

export type TemplateOptions = Selection & {
  readonly params: Params;
  readonly parent: Ancestor;
  /** The script that gets subsidy and fees. */
  readonly payTo: Uint8Array;
  readonly now: Milliseconds;
  /** Another number gives another block: miners of one key must not search the same hashes. */
  readonly extraNonce: number;
  /** A name to leave in the coinbase; of at most 75 bytes in UTF-8. */
  readonly tag?: string;
};

/** @see Bitcoin Core, VERSIONBITS_TOP_BITS */
const blockVersion = 0x2000_0000;

/**
 * Makes the block that a miner searches a nonce for.
 *
 * @throws RangeError if the tag is too long.
 */
export function makeTemplate(options: TemplateOptions): BlockTemplate {
  const { params, parent, now, fees } = options;
  const transactions = [makeCoinbase(options), ...options.transactions];
  const header: Header = {
    version: blockVersion,
    previous: blockHash(parent.header),
    merkleRoot: merkleRoot(transactions.map(txidOf)).root,
    time: timeOfChild(parent, params, now),
    bits: nextBits(parent, params),
    nonce: 0,
  };
  const target = targetOf(header.bits);
  if (target === undefined) throw new Error("the next target must be one that can be met");
  return {
    id: templateId(blockHash(header)),
    block: { header, transactions },
    height: parent.height + 1,
    target,
    fees,
    timeMaxSeconds: futureLimit(now, params),
  };
}

function templateId(hash: BlockHash): TemplateId {
  return hash as string as TemplateId;
}

const reservedValue = new Uint8Array(32);

/** It commits to witnesses even if there are none, as Bitcoin Core's does. */
function makeCoinbase(options: TemplateOptions): Transaction {
  const height = options.parent.height + 1;
  const value = (subsidyAt(height, options.params) + options.fees) as Satoshi;
  const commitment = witnessCommitment(options.transactions.map(wtxidOf), reservedValue);
  return {
    version: 2,
    inputs: [
      {
        previous: { txid: zeroHash as Txid, index: noOutputIndex },
        scriptSig: coinbaseScript(height, options.extraNonce, options.tag ?? ""),
        sequence: sequenceFinal,
        witness: [reservedValue],
      },
    ],
    outputs: [
      { value, script: options.payTo },
      { value: 0 as Satoshi, script: commitmentScript(commitment) },
    ],
    lockTime: 0,
  };
}

/** The longest that one opcode of one byte can push. */
const tagSizeBytesMax = 75;

function coinbaseScript(height: number, extraNonce: number, tag: string): Uint8Array {
  const tagBytes = utf8ToBytes(tag);
  if (tagBytes.length > tagSizeBytesMax) {
    throw new RangeError(`the tag has ${tagBytes.length} bytes, at most ${tagSizeBytesMax} fit`);
  }
  const writer = new ByteWriter().bytes(heightPush(height)).uint8(8).uint64(extraNonce);
  if (tagBytes.length > 0) writer.prefixed(tagBytes);
  return writer.finish();
}

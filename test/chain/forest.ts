/** Blocks of test chains: mined in a moment, drawn as lines of short names. */

import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { Ancestor } from "../../src/consensus/ancestor.ts";
import { nextBits } from "../../src/consensus/difficulty.ts";
import { subsidyAt } from "../../src/consensus/money.ts";
import { type Params, regtest } from "../../src/consensus/params.ts";
import { type Block, hashOfBlock } from "../../src/primitives/block.ts";
import type { BlockHash, Txid } from "../../src/primitives/brand.ts";
import { blockHash, type Header } from "../../src/primitives/header.ts";
import { heightPush } from "../../src/primitives/script.ts";
import { type Transaction, txidOf } from "../../src/primitives/transaction.ts";
import { blankPayment, keyOf, output, type Spendable, spendable } from "../builders.ts";
import { blockOf, childOf, coinbase, committed } from "../consensus/samples.ts";

/** Regtest, but coins ripen and the subsidy halves soon. */
export const practice: Params = Object.freeze({
  ...regtest,
  coinbaseMaturity: 2,
  halvingInterval: 4,
});

export const miner = keyOf("miner");

/** What a block is made of; whatever is left out is as it should be. */
export type Seed = {
  readonly payments?: readonly Transaction[];
  /** What the payments leave to the miner. */
  readonly fees?: number;
  /** Satoshis that the coinbase takes beyond subsidy and fees. */
  readonly excess?: number;
  /** Makes the coinbase another one. */
  readonly tag?: string;
  /** What the coinbase says its height is. */
  readonly height?: number;
  /** Seconds after its parent. */
  readonly spacing?: number;
  readonly header?: Partial<Header>;
  /** The coinbase's first output. */
  readonly payTo?: Uint8Array;
};

/** Mines a block on a parent. */
export function grow(parent: Ancestor, params: Params, seed: Seed = {}): Block {
  const { payments = [], fees = 0, excess = 0, tag = "", payTo = miner.script } = seed;
  const height = parent.height + 1;
  const scriptSig = Uint8Array.of(...heightPush(seed.height ?? height), 0, ...utf8ToBytes(tag));
  const reward = output(subsidyAt(height, params) + fees + excess, payTo);
  const first = { ...coinbase(height, { scriptSig }), outputs: [reward] };
  return blockOf(committed([first, ...payments]), {
    previous: blockHash(parent.header),
    time: parent.header.time + (seed.spacing ?? params.spacingSeconds),
    bits: nextBits(parent, params),
    ...seed.header,
  });
}

export function rootOf(params: Params): Ancestor {
  return childOf(undefined, 0, params.genesis.header);
}

type Tree = { readonly block: Block; readonly place: Ancestor };

const feeOfPayment = 1000;

/**
 * Blocks by their names. In `plant("a1 a2:pay a3!")` each word grows on the one before, the first
 * on genesis; `a2` holds the payment `pay`, `a3` takes one satoshi too much. A line that begins
 * with a name that is there already branches off from that block.
 */
export class Forest {
  readonly params: Params;
  readonly #trees = new Map<string, Tree>();
  readonly #payments = new Map<string, Transaction>();

  constructor(params: Params = practice) {
    this.params = params;
    this.#trees.set("genesis", { block: params.genesis, place: rootOf(params) });
  }

  /** @param seed what all new blocks of the line have in common. */
  plant(line: string, seed: Seed = {}): this {
    let parent = this.#tree("genesis");
    for (const word of line.split(" ")) {
      const { name, payments, isGreedy } = parseWord(word);
      if (!this.#trees.has(name)) {
        const block = grow(parent.place, this.params, {
          tag: name,
          payments: payments.map((each) => this.payment(each)),
          fees: payments.length * feeOfPayment,
          excess: isGreedy ? 1 : 0,
          ...seed,
        });
        const place = childOf(parent.place, parent.place.height + 1, block.header);
        this.#trees.set(name, { block, place });
      }
      parent = this.#tree(name);
    }
    return this;
  }

  block(name: string): Block {
    return this.#tree(name).block;
  }

  blocks(...names: string[]): Block[] {
    return names.map((name) => this.block(name));
  }

  headers(...names: string[]): Header[] {
    return names.map((name) => this.block(name).header);
  }

  hash(name: string): BlockHash {
    return hashOfBlock(this.block(name));
  }

  heightOf(name: string): number {
    return this.#tree(name).place.height;
  }

  nameOf(hash: BlockHash): string {
    for (const [name, { block }] of this.#trees) if (hashOfBlock(block) === hash) return name;
    return `unknown ${hash}`;
  }

  /** The coin that a block's coinbase made. */
  reward(name: string): Spendable {
    return spendable(this.block(name).transactions[0]!, 0, miner);
  }

  /** Makes a payment to somebody of a coin, or of the reward of the block with this name. */
  pay(name: string, from: string | Spendable, to = "somebody"): this {
    const coin = typeof from === "string" ? this.reward(from) : from;
    const value = coin.output.value - feeOfPayment;
    return this.note(name, blankPayment({ from: [coin], to: [output(value, keyOf(to).script)] }));
  }

  /** Gives a payment a name. */
  note(name: string, payment: Transaction): this {
    this.#payments.set(name, payment);
    return this;
  }

  payment(name: string): Transaction {
    const payment = this.#payments.get(name);
    if (payment === undefined) throw new Error(`there is no payment ${name}`);
    return payment;
  }

  txid(name: string): Txid {
    return txidOf(this.payment(name));
  }

  #tree(name: string): Tree {
    const tree = this.#trees.get(name);
    if (tree === undefined) throw new Error(`there is no block ${name}`);
    return tree;
  }
}

function parseWord(word: string) {
  const [, name, payments, exclamation] = /^(\w+)(?::([\w,]+))?(!)?$/.exec(word) ?? [];
  if (name === undefined) throw new Error(`a block is not written ${word}`);
  return { name, payments: payments?.split(",") ?? [], isGreedy: exclamation !== undefined };
}

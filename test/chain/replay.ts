/**
 * The slow twin of a chain: it keeps all blocks in a map and never undoes anything. To know the
 * coins at a block it counts them from genesis.
 */

import { subsidyAt } from "../../src/consensus/money.ts";
import type { Params } from "../../src/consensus/params.ts";
import { type Block, hashOfBlock } from "../../src/primitives/block.ts";
import type { BlockHash } from "../../src/primitives/brand.ts";
import { blockHash, type Header } from "../../src/primitives/header.ts";
import { heightPush, isUnspendable } from "../../src/primitives/script.ts";
import {
  isCoinbase,
  outPointName,
  type Transaction,
  txidOf,
} from "../../src/primitives/transaction.ts";

export type PlainCoin = {
  readonly value: number;
  readonly script: Uint8Array;
  readonly height: number;
  readonly isCoinbase: boolean;
};

export type PlainCoins = Map<string, PlainCoin>;

/** Every target is the same, so height is work. */
type Known = {
  readonly hash: BlockHash;
  readonly parent: Known | undefined;
  readonly height: number;
  block: Block | undefined;
  isInvalid: boolean;
  wasActive: boolean;
};

export class Replay {
  readonly #params: Params;
  /** All whose headers came. */
  readonly #known = new Map<BlockHash, Known>();
  /** In the order in which their bodies came. */
  readonly #bodies: Known[] = [];
  /** Branches that are complete, in the order in which they became so. */
  readonly #complete: Known[] = [];
  #tip: Known;

  constructor(params: Params) {
    this.#params = params;
    const block = params.genesis;
    const hash = hashOfBlock(block);
    const height = 0;
    this.#tip = { hash, parent: undefined, height, block, isInvalid: false, wasActive: true };
    this.#known.set(hash, this.#tip);
    this.#bodies.push(this.#tip);
    this.#complete.push(this.#tip);
  }

  get tip(): BlockHash {
    return this.#tip.hash;
  }

  get coins(): PlainCoins {
    return coinsOf(this.#tip);
  }

  /** True if no header waits for its body. */
  get hasAllBodies(): boolean {
    return [...this.#known.values()].every(({ block, isInvalid }) => block || isInvalid);
  }

  /**
   * What became of it: a status or a rule.
   *
   * @param faultOfBody the rule that this body breaks by not being the header's own.
   */
  accept(block: Block, faultOfBody?: string): string {
    const hash = hashOfBlock(block);
    const known = this.#known.get(hash);
    if (known?.isInvalid) return "duplicate-invalid";
    if (known?.block) return "known";
    const parent = this.#known.get(block.header.previous);
    if (parent === undefined) return "orphan";
    if (parent.isInvalid) return "bad-prevblk";
    if (faultOfBody !== undefined) return faultOfBody;
    const own = known ?? this.#add(hash, parent);
    if (!hasRightHeight(block, own.height)) {
      this.#invalidate(own);
      return "bad-cb-height";
    }
    own.block = block;
    this.#bodies.push(own);
    this.#completeBranches();
    const before = this.#tip;
    const problems = this.#chooseTip();
    if (own.isInvalid) return problems.get(own) ?? "bad-prevblk";
    return this.#tip === before ? "side" : "tip";
  }

  /** "ok" or a rule. The first header must be a child of genesis. */
  acceptHeaders(headers: readonly Header[]): string {
    const fresh = headers.filter((header) => !this.#known.has(blockHash(header)));
    const old = headers.filter((header) => this.#known.has(blockHash(header)));
    if (old.some((header) => this.#known.get(blockHash(header))!.isInvalid)) return "bad-prevblk";
    if (fresh.length > 0 && headers.length < this.#tip.height) return "too-little-work";
    for (const header of fresh) {
      this.#add(blockHash(header), this.#known.get(header.previous)!);
    }
    return "ok";
  }

  /** The tip leaves a block and all above it. */
  invalidate(hash: BlockHash): void {
    const known = this.#known.get(hash);
    if (known === undefined || known.parent === undefined) return;
    this.#invalidate(known);
    this.#chooseTip();
  }

  /** Gives a block, its ancestors and all above it another chance. */
  reconsider(hash: BlockHash): void {
    const own = this.#known.get(hash);
    if (own === undefined) return;
    for (const known of this.#known.values()) {
      if (pathTo(known).includes(own) || pathTo(own).includes(known)) known.isInvalid = false;
    }
    this.#chooseTip();
  }

  /** From now on a block counts as the first of its height. */
  prefer(hash: BlockHash): void {
    const known = this.#known.get(hash);
    if (known === undefined || known.height < this.#tip.height) return;
    this.#putFirst(known);
    this.#chooseTip();
  }

  /** Branches are in another order then, which depends on records that the twin does not have. */
  restart(sequenceOf: (hash: BlockHash) => number): void {
    this.#complete.sort((a, b) => sequenceOf(a.hash) - sequenceOf(b.hash));
    this.#putFirst(this.#tip);
  }

  #putFirst(known: Known): void {
    const at = this.#complete.indexOf(known);
    if (at >= 0) this.#complete.unshift(...this.#complete.splice(at, 1));
  }

  /** For each end of a branch its status and its distance from the active branch. */
  get tips(): Readonly<Record<string, string>> {
    const parents = new Set(Array.from(this.#known.values(), ({ parent }) => parent));
    const active = new Set(pathTo(this.#tip));
    const ends = [...this.#known.values()].filter((each) => !parents.has(each));
    const lines = [this.#tip, ...ends].map((end) => {
      const branchLength = pathTo(end).filter((each) => !active.has(each)).length;
      return [end.hash, `${this.#statusOf(end)} ${branchLength}`] as const;
    });
    return Object.fromEntries(lines);
  }

  #statusOf(known: Known): string {
    if (pathTo(this.#tip).includes(known)) return "active";
    if (known.isInvalid) return "invalid";
    if (!this.#complete.includes(known)) return "headers-only";
    return known.wasActive ? "valid-fork" : "valid-headers";
  }

  #add(hash: BlockHash, parent: Known): Known {
    const { height, isInvalid } = parent;
    const known: Known = {
      hash,
      parent,
      height: height + 1,
      block: undefined,
      isInvalid,
      wasActive: false,
    };
    this.#known.set(hash, known);
    return known;
  }

  /** Adds every branch that has all its bodies now: parents first, then by the bodies' order. */
  #completeBranches(): void {
    const fresh = this.#bodies.filter((known) => {
      return pathTo(known).every(({ block }) => block) && !this.#complete.includes(known);
    });
    const rank = new Map(this.#bodies.map((known, position) => [known, position]));
    const rankPath = (known: Known) => pathTo(known).map((each) => rank.get(each)!);
    fresh.sort((a, b) => a.height - b.height || compareLists(rankPath(a), rankPath(b)));
    this.#complete.push(...fresh);
  }

  /** Takes the first of the highest valid branches; answers what was wrong with those that fell. */
  #chooseTip(): Map<Known, string> {
    const problems = new Map<Known, string>();
    for (;;) {
      const valid = this.#complete.filter(({ isInvalid }) => !isInvalid);
      const best = valid.reduce((a, b) => (b.height > a.height ? b : a));
      if (best === this.#tip) return problems;
      const fault = this.#firstFault(best);
      if (fault === undefined) {
        this.#tip = best;
        for (const known of pathTo(best)) known.wasActive = true;
        return problems;
      }
      problems.set(fault.known, fault.rule);
      this.#invalidate(fault.known);
    }
  }

  #firstFault(end: Known): { known: Known; rule: string } | undefined {
    const coins: PlainCoins = new Map();
    for (const known of pathTo(end).slice(1)) {
      const rule = checkAndApply(known.block!, known.height, coins, this.#params);
      if (rule !== undefined) return { known, rule };
    }
    return undefined;
  }

  #invalidate(from: Known): void {
    for (const known of this.#known.values()) {
      if (pathTo(known).includes(from)) known.isInvalid = true;
    }
  }
}

/** From genesis. */
function pathTo(end: Known): Known[] {
  const path: Known[] = [];
  for (let at: Known | undefined = end; at !== undefined; at = at.parent) path.unshift(at);
  return path;
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((rank, i) => rank !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

/** Takes what a transaction spends and adds what it makes, without any check. */
function applyTransaction(transaction: Transaction, height: number, coins: PlainCoins): void {
  for (const { previous } of transaction.inputs) coins.delete(outPointName(previous));
  const txid = txidOf(transaction);
  for (const [index, { value, script }] of transaction.outputs.entries()) {
    if (isUnspendable(script)) continue;
    const coin = { value, script, height, isCoinbase: isCoinbase(transaction) };
    coins.set(outPointName({ txid, index }), coin);
  }
}

/** Applies a block, whether it is valid or not. */
export function applyBlock({ transactions }: Block, height: number, coins: PlainCoins): void {
  for (const transaction of transactions) applyTransaction(transaction, height, coins);
}

function coinsOf(end: Known): PlainCoins {
  const coins: PlainCoins = new Map();
  for (const { block, height } of pathTo(end).slice(1)) applyBlock(block!, height, coins);
  return coins;
}

/** Applies a block up to the first rule that it breaks, which is answered. */
function checkAndApply(
  block: Block,
  height: number,
  coins: PlainCoins,
  params: Params,
): string | undefined {
  let left: number = subsidyAt(height, params);
  for (const transaction of block.transactions) {
    const inputs = isCoinbase(transaction) ? [] : transaction.inputs;
    let fee = -valueOut(transaction);
    for (const { previous } of inputs) {
      const coin = coins.get(outPointName(previous));
      if (coin === undefined) return "bad-txns-inputs-missingorspent";
      const isRipe = !coin.isCoinbase || height >= coin.height + params.coinbaseMaturity;
      if (!isRipe) return "bad-txns-premature-spend-of-coinbase";
      fee += coin.value;
    }
    if (fee < 0 && inputs.length > 0) return "bad-txns-in-belowout";
    left += fee;
    applyTransaction(transaction, height, coins);
  }
  return left < 0 ? "bad-cb-amount" : undefined;
}

function valueOut(transaction: Transaction): number {
  return transaction.outputs.reduce((sum, { value }) => sum + value, 0);
}

function hasRightHeight({ transactions }: Block, height: number): boolean {
  const push = heightPush(height);
  const script = transactions[0]!.inputs[0]!.scriptSig;
  return push.every((byte, i) => script[i] === byte);
}

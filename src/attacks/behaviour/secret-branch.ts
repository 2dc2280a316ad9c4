/** Blocks that are not published yet, and the chain as all other nodes see it. */

import type { Chain } from "../../chain/chain.ts";
import { bestOf } from "../../chain/fork-choice.ts";
import type { TreeEntry } from "../../chain/tree.ts";
import type { Effect } from "../../node/effect.ts";
import { limits } from "../../peers/limits.ts";
import type { Gossip, Request, Response, Status } from "../../peers/message.ts";
import { type ShortTxid, shortTxidOf } from "../../peers/short-txid.ts";
import { type Block, hashOfBlock } from "../../primitives/block.ts";
import type { BlockHash, Txid } from "../../primitives/brand.ts";
import { blockHash, type Header } from "../../primitives/header.ts";
import { type Transaction, txidOf } from "../../primitives/transaction.ts";
import { unreachable } from "../../primitives/verdict.ts";

/** What makes a block secret: a transaction in it, which stays as secret, or that we mined it. */
export type Secret =
  { readonly type: "transaction"; readonly txid: Txid } | { readonly type: "mined-blocks" };

/**
 * The branch forks from the tip of the chain as it is when this is made. A block belongs to it if
 * it is secret by itself, or stands on one that belongs to it and is still hidden.
 */
export class SecretBranch {
  readonly fork: TreeEntry;
  readonly #chain: Chain;
  readonly #secret: Secret;
  /** All blocks of the branch, and those of them that no other node has. */
  readonly #own = new Set<BlockHash>();
  readonly #hidden = new Set<BlockHash>();
  #tip: TreeEntry;

  constructor(chain: Chain, secret: Secret) {
    this.#chain = chain;
    this.#secret = secret;
    this.fork = chain.tip;
    this.#tip = chain.tip;
  }

  /** The newest secret block; the fork while there is none. */
  get tip(): TreeEntry {
    return this.#tip;
  }

  /** From the first above the fork to the tip. */
  get blocks(): readonly TreeEntry[] {
    return this.#chain.tree.path(this.fork, this.#tip).forth;
  }

  /** Whether it is of this branch, and no other node has it. */
  isHidden(hash: BlockHash): boolean {
    return this.#hidden.has(hash);
  }

  /** Those that others have above the fork, up to a public tip; upwards. */
  publicBlocks(tip: TreeEntry): readonly TreeEntry[] {
    return this.#chain.tree.path(this.fork, tip).forth;
  }

  /** The block with the most work that others may know. */
  publicTip(): TreeEntry {
    return this.#bestWithout(this.#hidden);
  }

  /** The block with the most work that is not of this branch, revealed or not. */
  rivalTip(): TreeEntry {
    return this.#bestWithout(this.#own);
  }

  #bestWithout(excluded: ReadonlySet<BlockHash>): TreeEntry {
    const tips = Array.from(this.#chain.tree.leaves(), (leaf) => lastOutside(leaf, excluded));
    return bestOf(tips) ?? this.fork;
  }

  /** Finds new secret blocks among those that the effects speak of. */
  learn(effects: readonly Effect[]): void {
    for (const effect of effects) {
      const block = blockIn(effect);
      if (block === undefined) continue;
      const hash = hashOfBlock(block);
      if (!this.#isSecret(block) && !this.#isOwnWork(effect)) continue;
      this.#own.add(hash);
      this.#hidden.add(hash);
      const entry = this.#chain.tree.get(hash);
      const isUsable = entry !== undefined && entry.isLinked && !entry.isInvalid;
      if (isUsable && entry.work > this.#tip.work) this.#tip = entry;
    }
  }

  /** Lets others know the hidden blocks up to a height; answers them upwards. */
  reveal(heightMax: number): readonly TreeEntry[] {
    const revealed = this.blocks.filter(({ height, hash }) => {
      return height <= heightMax && this.#hidden.has(hash);
    });
    for (const { hash } of revealed) this.#hidden.delete(hash);
    return revealed;
  }

  /** What an effect may look like to others; undefined if all of it is secret. */
  conceal(effect: Effect): Effect | undefined {
    switch (effect.type) {
      case "gossip": {
        const message = this.#concealGossip(effect.message);
        return message && { ...effect, message };
      }
      case "respond":
        return { ...effect, response: this.#concealResponse(effect.response) };
      case "request":
        return { ...effect, request: this.#concealRequest(effect.request) };
      case "persist":
      case "judge-gossip":
      case "disconnect":
      case "mine":
      case "wake":
      case "answer":
      case "news":
        return effect; // stays in this node, or names nothing
      default:
        return unreachable(effect);
    }
  }

  #concealGossip(message: Gossip): Gossip | undefined {
    switch (message.type) {
      case "block":
        return this.#isSecret(message.block) ? undefined : message;
      case "header":
        return this.#hidden.has(blockHash(message.header)) ? undefined : message;
      case "transactions": {
        const transactions = this.#withoutSecret(message.transactions);
        return transactions.length === 0 ? undefined : { ...message, transactions };
      }
      default:
        return unreachable(message);
    }
  }

  #concealResponse(response: Response): Response {
    switch (response.type) {
      case "status":
        return { ...response, status: this.#concealStatus(response.status) };
      case "headers":
        return { ...response, headers: this.#concealHeaders(response.headers) };
      case "blocks":
        return { ...response, blocks: response.blocks.filter((block) => !this.#isSecret(block)) };
      case "transactions":
        return { ...response, transactions: this.#withoutSecret(response.transactions) };
      default:
        return unreachable(response);
    }
  }

  /** Even a request reveals our tip. */
  #concealRequest(request: Request): Request {
    switch (request.type) {
      case "get-status":
        return { ...request, status: this.#concealStatus(request.status) };
      case "get-headers":
        return { ...request, locator: this.#withoutHidden(request.locator) };
      case "get-blocks":
        return { ...request, hashes: this.#withoutHidden(request.hashes) };
      case "get-mempool":
        return { ...request, known: request.known.filter((id) => !this.#isSecretId(id)) };
      default:
        return unreachable(request);
    }
  }

  #concealStatus(status: Status): Status {
    if (!this.#hidden.has(status.tip)) return status;
    const { hash, height, work } = this.publicTip();
    return { ...status, tip: hash, height, work };
  }

  /**
   * Where a secret header would follow, the public branch does: a cut alone would leave the asker
   * without what our status claims, and that is punished.
   */
  #concealHeaders(headers: readonly Header[]): readonly Header[] {
    const [first] = headers;
    if (first === undefined || !headers.some((each) => this.#hidden.has(blockHash(each)))) {
      return headers;
    }
    const parent = this.#chain.tree.get(first.previous) ?? this.fork;
    const from = lastOutside(parent, this.#hidden);
    const { forth } = this.#chain.tree.path(from, this.publicTip());
    return forth.slice(0, limits.headersPerMessageMax).map(({ header }) => header);
  }

  #withoutHidden(hashes: readonly BlockHash[]): readonly BlockHash[] {
    return hashes.filter((hash) => !this.#hidden.has(hash));
  }

  #withoutSecret(transactions: readonly Transaction[]): readonly Transaction[] {
    return transactions.filter((transaction) => !this.#isSecretTransaction(transaction));
  }

  #isSecret({ header, transactions }: Block): boolean {
    if (this.#hidden.has(header.previous) || this.#hidden.has(blockHash(header))) return true;
    return transactions.some((transaction) => this.#isSecretTransaction(transaction));
  }

  #isSecretId(id: ShortTxid): boolean {
    return this.#secret.type === "transaction" && shortTxidOf(this.#secret.txid) === id;
  }

  #isSecretTransaction(transaction: Transaction): boolean {
    return this.#secret.type === "transaction" && txidOf(transaction) === this.#secret.txid;
  }

  #isOwnWork(effect: Effect): boolean {
    if (this.#secret.type !== "mined-blocks") return false;
    if (effect.type !== "news" || effect.news.type !== "block-accepted") return false;
    return effect.news.origin === "mined";
  }
}

/** The highest block below that could be connected and is not one of these. */
function lastOutside(from: TreeEntry, excluded: ReadonlySet<BlockHash>): TreeEntry {
  let at = from;
  while (!at.isLinked || at.isInvalid || excluded.has(at.hash)) {
    if (at.parent === undefined) throw new Error("genesis is known to all");
    at = at.parent;
  }
  return at;
}

function blockIn(effect: Effect): Block | undefined {
  if (effect.type === "gossip" && effect.message.type === "block") return effect.message.block;
  if (effect.type === "news" && effect.news.type === "block-accepted") return effect.news.block;
  return undefined;
}

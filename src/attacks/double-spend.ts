/** The double spend: take a payment back by a secret branch that pays someone else. */

import type { TreeEntry } from "../chain/tree.ts";
import { makeTemplate } from "../mempool/template.ts";
import type { Effect } from "../node/effect.ts";
import type { Node } from "../node/node.ts";
import { announce } from "../peers/message.ts";
import { hashOfBlock } from "../primitives/block.ts";
import type { BlockHash, Milliseconds, Satoshi, Txid } from "../primitives/brand.ts";
import { txidOf, type Transaction } from "../primitives/transaction.ts";
import type { Behaviour } from "./behaviour.ts";
import { SecretBranch } from "./secret-branch.ts";
import { requireCount } from "./statistics.ts";

export type DoubleSpendOptions = {
  readonly node: Node;
  /** What the victim waits for; not mined yet. */
  readonly payment: Txid;
  /** Spends a coin of the payment to someone else; goes into the first secret block. */
  readonly conflict: Transaction;
  readonly conflictFee: Satoshi;
  /** The script that gets the secret blocks' rewards. */
  readonly payTo: Uint8Array;
  /** What the victim waits for before it delivers. */
  readonly confirmations: number;
  /** The public branch's lead over the secret one, in blocks, at which the attack ends. */
  readonly giveUpBehind: number;
};

export type DoubleSpendPhase = "mining" | "published" | "given-up";

/** How the attack stands; once it has ended, how it stood then. */
export type DoubleSpendState = {
  readonly phase: DoubleSpendPhase;
  /** Secret blocks, the first above the fork first. */
  readonly secret: readonly BlockHash[];
  /** Blocks that the secret branch is ahead; negative if it is behind. */
  readonly lead: number;
  /** Those that the payment has on the public branch. */
  readonly confirmations: number;
  readonly forkHeight: number;
  readonly publicHeight: number;
  readonly paymentBlock: BlockHash | undefined;
};

/** A template lives so long, because its time must stay near the clock. */
const templateRenewalMs = 1_000;

/**
 * Mines in secret from the tip on which it is made. It publishes when the payment has its
 * confirmations and the secret branch is strictly heavier, since nodes keep what they saw first;
 * it gives up when too far behind. Either way it is honest from then on.
 *
 * It sees of the public branch what its own node has connected; a block that got lost on the way
 * is missing until the public branch is the heavier one again.
 */
export class DoubleSpend implements Behaviour {
  readonly #options: DoubleSpendOptions;
  readonly #branch: SecretBranch;
  readonly #paymentBlocks = new Set<BlockHash>();
  #state: DoubleSpendState;
  /** What the honest node would mine. */
  #honestMine: Effect = { type: "mine", template: undefined };
  #minedOn: TreeEntry | undefined;
  #renewAt = 0;
  #extraNonce = 0;

  constructor(options: DoubleSpendOptions) {
    requireCount("confirmations", options.confirmations, 0);
    requireCount("giveUpBehind", options.giveUpBehind, 1);
    this.#options = options;
    this.#branch = new SecretBranch(options.node.chain, txidOf(options.conflict));
    this.#state = this.#measure(this.#branch.fork);
  }

  get state(): DoubleSpendState {
    return this.#state;
  }

  filter(effects: readonly Effect[], node: Node, now: Milliseconds): readonly Effect[] {
    if (this.#state.phase !== "mining") return effects;
    this.#branch.learn(effects);
    this.#findPayment(effects);
    const hasHonestMine = this.#keepHonestMine(effects);
    const carried = effects.flatMap((effect) => {
      return effect.type === "mine" ? [] : (this.#branch.conceal(effect) ?? []);
    });

    this.#state = this.#decide(this.#branch.publicTip());
    switch (this.#state.phase) {
      case "mining":
        if (this.#needsTemplate(hasHonestMine, now)) carried.push(this.#mineSecretly(node, now));
        return carried;
      case "published":
        // Last, so that the newest secret block is on disk before anybody hears of it.
        return [...carried, ...this.#publish(node), this.#honestMine];
      case "given-up":
        return [...carried, this.#honestMine];
    }
  }

  #findPayment(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type !== "news" || effect.news.type !== "block-accepted") continue;
      const { block } = effect.news;
      const pays = block.transactions.some((each) => txidOf(each) === this.#options.payment);
      if (pays) this.#paymentBlocks.add(hashOfBlock(block));
    }
  }

  #keepHonestMine(effects: readonly Effect[]): boolean {
    const last = effects.findLast(({ type }) => type === "mine");
    if (last !== undefined) this.#honestMine = last;
    return last !== undefined;
  }

  #decide(publicTip: TreeEntry): DoubleSpendState {
    const { confirmations, giveUpBehind } = this.#options;
    const state = this.#measure(publicTip);
    const isHeavier = this.#branch.tip.work > publicTip.work;
    if (isHeavier && state.confirmations >= confirmations) return { ...state, phase: "published" };
    return -state.lead >= giveUpBehind ? { ...state, phase: "given-up" } : state;
  }

  #measure(publicTip: TreeEntry): DoubleSpendState {
    const branch = this.#branch;
    const above = branch.publicBlocks(publicTip);
    const payment = above.find(({ hash }) => this.#paymentBlocks.has(hash));
    return {
      phase: "mining",
      secret: branch.blocks.map(({ hash }) => hash),
      lead: branch.tip.height - publicTip.height,
      confirmations: payment === undefined ? 0 : publicTip.height - payment.height + 1,
      forkHeight: branch.fork.height,
      publicHeight: publicTip.height,
      paymentBlock: payment?.hash,
    };
  }

  #needsTemplate(hasHonestMine: boolean, now: Milliseconds): boolean {
    return hasHonestMine || this.#minedOn !== this.#branch.tip || now >= this.#renewAt;
  }

  #mineSecretly(node: Node, now: Milliseconds): Effect {
    const parent = this.#branch.tip;
    const isFirst = parent === this.#branch.fork;
    const { conflict, conflictFee, payTo } = this.#options;
    this.#minedOn = parent;
    this.#renewAt = now + templateRenewalMs;
    const template = makeTemplate({
      params: node.params,
      parent,
      payTo,
      transactions: isFirst ? [conflict] : [],
      fees: isFirst ? conflictFee : (0 as Satoshi),
      now,
      extraNonce: ++this.#extraNonce,
    });
    return { type: "mine", template };
  }

  #publish(node: Node): Effect[] {
    return this.#branch.blocks.map(({ hash }) => {
      const block = node.chain.blockOf(hash);
      if (block === undefined) throw new Error(`the body of secret block ${hash} is missing`);
      return { type: "gossip", message: announce(block) };
    });
  }
}

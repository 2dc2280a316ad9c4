/** What the attacker's node does in a double spend. */

import type { TreeEntry } from "../../chain/tree.ts";
import type { Now } from "../../machine/now.ts";
import type { Effect } from "../../node/effect.ts";
import type { Node } from "../../node/node.ts";
import { hashOfBlock } from "../../primitives/block.ts";
import type { BlockHash, Satoshi, Txid } from "../../primitives/brand.ts";
import { type Transaction, txidOf } from "../../primitives/transaction.ts";
import { requireCount } from "../../theory/statistics.ts";
import { type Behaviour, publish } from "../behaviour/behaviour.ts";
import { SecretBranch } from "../behaviour/secret-branch.ts";
import { emptySelection, SecretMiner } from "../behaviour/secret-miner.ts";
import type { DoubleSpendRace } from "./theory.ts";

/** On what the attacker decides; the same in a network and in a race without nodes. */
export type DoubleSpendTerms = Pick<DoubleSpendRace, "confirmations" | "giveUpBehind">;

export type DoubleSpendOptions = DoubleSpendTerms & {
  readonly node: Node;
  /** What the victim waits for; not mined yet. */
  readonly payment: Txid;
  /** Spends a coin of the payment to someone else; goes into the first secret block. */
  readonly conflict: Transaction;
  readonly conflictFee: Satoshi;
  /** The script that gets the secret blocks' rewards. */
  readonly payTo: Uint8Array;
  /** Secret blocks to have before the payment is made; none if left out. */
  readonly premine?: 0 | 1;
  /** Publishes only after it was notified of the delivery; else confirmations are enough. */
  readonly awaitsDelivery?: boolean;
};

export type DoubleSpendPhase = "mining" | "published" | "given-up";

/** How the attack stands; once it has ended, how it stood then. */
export type DoubleSpendState = {
  readonly phase: DoubleSpendPhase;
  /** True once the premine is there: now the payment should be made. */
  readonly isReady: boolean;
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

/** How the branches stand to each other. */
export type DoubleSpendStanding = {
  readonly isHeavier: boolean;
  readonly lead: number;
  readonly confirmations: number;
};

export function decideDoubleSpend(
  standing: DoubleSpendStanding,
  { confirmations, giveUpBehind }: DoubleSpendTerms,
): DoubleSpendPhase {
  if (standing.isHeavier && standing.confirmations >= confirmations) return "published";
  return -standing.lead >= giveUpBehind ? "given-up" : "mining";
}

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
  readonly #miner: SecretMiner;
  readonly #paymentBlocks = new Set<BlockHash>();
  #branch: SecretBranch;
  #isReady = false;
  #hasGoods: boolean;
  #isEnding = false;
  #state: DoubleSpendState;

  constructor(options: DoubleSpendOptions) {
    requireCount("confirmations", options.confirmations, 0);
    requireCount("giveUpBehind", options.giveUpBehind, 1);
    this.#options = options;
    this.#miner = new SecretMiner(options.payTo);
    this.#hasGoods = options.awaitsDelivery !== true;
    this.#branch = this.#newBranch();
    this.#prepare();
    this.#state = this.#measure(this.#branch.fork);
  }

  get state(): DoubleSpendState {
    return this.#state;
  }

  /** The caller should wake the node, so that it takes effect at once. */
  noteDelivery(): void {
    this.#hasGoods = true;
  }

  /** Ends it with the next event: it publishes if it is heavier then, and gives up if not. */
  end(): void {
    this.#isEnding = true;
  }

  /** Whether this block must stay secret. */
  isSecret(hash: BlockHash): boolean {
    return this.#state.phase === "mining" && this.#state.secret.includes(hash);
  }

  filter(effects: readonly Effect[], node: Node, now: Now): readonly Effect[] {
    if (this.#state.phase !== "mining") return effects;
    this.#branch.learn(effects);
    this.#findPayment(effects);
    const carried = this.#miner.withhold(effects).flatMap((effect) => {
      return this.#branch.conceal(effect) ?? [];
    });
    this.#prepare();
    this.#state = this.#decide(this.#branch.publicTip());
    switch (this.#state.phase) {
      case "mining":
        return [...carried, ...this.#mineSecretly(node, now)];
      case "published":
        // Last, so that the newest secret block is on disk before it is published.
        return [
          ...carried,
          ...publish(this.#branch.blocks, node),
          ...this.#miner.mineHonestly(now),
        ];
      case "given-up":
        return [...carried, ...this.#miner.mineHonestly(now)];
    }
  }

  #newBranch(): SecretBranch {
    const txid = txidOf(this.#options.conflict);
    return new SecretBranch(this.#options.node.chain, { type: "transaction", txid });
  }

  /** As long as nothing is paid, a public block that comes before the premine costs nothing. */
  #prepare(): void {
    if (this.#isReady) return;
    this.#isReady = this.#branch.blocks.length >= (this.#options.premine ?? 0);
    const isOutdated = !this.#isReady && this.#branch.publicTip() !== this.#branch.fork;
    if (isOutdated) this.#branch = this.#newBranch();
  }

  #findPayment(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type !== "news" || effect.news.type !== "block-accepted") continue;
      const { block } = effect.news;
      const pays = block.transactions.some((each) => txidOf(each) === this.#options.payment);
      if (pays) this.#paymentBlocks.add(hashOfBlock(block));
    }
  }

  #decide(publicTip: TreeEntry): DoubleSpendState {
    const state = this.#measure(publicTip);
    const isHeavier = this.#branch.tip.work > publicTip.work;
    if (this.#isEnding) return { ...state, phase: isHeavier ? "published" : "given-up" };
    const phase = decideDoubleSpend({ ...state, isHeavier }, this.#options);
    return { ...state, phase: phase === "published" && !this.#hasGoods ? "mining" : phase };
  }

  #measure(publicTip: TreeEntry): DoubleSpendState {
    const branch = this.#branch;
    const above = branch.publicBlocks(publicTip);
    const payment = above.find(({ hash }) => this.#paymentBlocks.has(hash));
    return {
      phase: "mining",
      isReady: this.#isReady,
      secret: branch.blocks.map(({ hash }) => hash),
      lead: branch.tip.height - publicTip.height,
      confirmations: payment === undefined ? 0 : publicTip.height - payment.height + 1,
      forkHeight: branch.fork.height,
      publicHeight: publicTip.height,
      paymentBlock: payment?.hash,
    };
  }

  #mineSecretly(node: Node, now: Now): Effect[] {
    const { conflict, conflictFee } = this.#options;
    const { tip, fork } = this.#branch;
    const first = { transactions: [conflict], fees: conflictFee };
    return this.#miner.mineOn(tip, tip === fork ? first : emptySelection, node, now);
  }
}

/** What the active branch of one node makes of the keys: carried on with each block, and undone. */

import type { Chain } from "../../chain/chain.ts";
import type { BlockHash, Txid } from "../../primitives/brand.ts";
import { txidOf } from "../../primitives/transaction.ts";
import {
  type Answer,
  apply,
  emptyKeyValue,
  type KeyValueState,
} from "../../protocols/process/key-value.ts";
import { commandIn } from "./data-wallet.ts";

type Applied = {
  readonly hash: BlockHash;
  readonly height: number;
  readonly answers: ReadonlyMap<Txid, Answer>;
  /** Before this block. */
  readonly before: KeyValueState;
};

/** What a move of the tip did to commands: those that lost their place, and those that got one. */
export type Moved = { readonly left: readonly Txid[]; readonly entered: readonly Txid[] };

export class BranchLedger {
  readonly #blocks: Applied[] = [];
  readonly #first: number;
  readonly #answers = new Map<Txid, Answer>();
  #state: KeyValueState = emptyKeyValue;

  /** @param height above which blocks may have commands. */
  constructor(height: number) {
    this.#first = height + 1;
  }

  get state(): KeyValueState {
    return this.#state;
  }

  /** What the branch makes of a command; undefined if it has none of this name. */
  answerTo(txid: Txid): Answer | undefined {
    return this.#answers.get(txid);
  }

  /** The hashes of the blocks above the head start, the lowest first. */
  get hashes(): readonly BlockHash[] {
    return this.#blocks.map(({ hash }) => hash);
  }

  /** Follows the tip of a chain. */
  follow(chain: Chain): Moved {
    const [left, entered] = [new Set<Txid>(), new Set<Txid>()];
    let top = this.#blocks.at(-1);
    while (top !== undefined && chain.entryAt(top.height)?.hash !== top.hash) {
      this.#blocks.pop();
      this.#state = top.before;
      for (const txid of top.answers.keys()) {
        this.#answers.delete(txid);
        left.add(txid);
      }
      top = this.#blocks.at(-1);
    }
    for (let height = (top?.height ?? this.#first - 1) + 1; height <= chain.tip.height; height++) {
      for (const txid of this.#connect(chain, height)) if (!left.delete(txid)) entered.add(txid);
    }
    return { left: [...left], entered: [...entered] };
  }

  #connect(chain: Chain, height: number): Iterable<Txid> {
    const entry = chain.entryAt(height);
    const block = entry && chain.blockOf(entry.hash);
    if (entry === undefined || block === undefined) throw new Error(`no block at height ${height}`);
    const before = this.#state;
    const answers = new Map<Txid, Answer>();
    for (const transaction of block.transactions) {
      const command = commandIn(transaction);
      if (command === undefined) continue;
      const { state, answer } = apply(this.#state, command);
      this.#state = state;
      answers.set(txidOf(transaction), answer);
    }
    for (const [txid, answer] of answers) this.#answers.set(txid, answer);
    this.#blocks.push({ hash: entry.hash, height, answers, before });
    return answers.keys();
  }
}

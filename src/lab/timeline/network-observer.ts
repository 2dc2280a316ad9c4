/** Joins the news of all nodes of a lab to events of the network: blocks, forks, reorganisations. */

import type { EventJson } from "../../contract/node-api.ts";
import type { LabFacts } from "../../contract/timeline.ts";
import type { BlockHash, CompactTarget, Elapsed, Milliseconds } from "../../primitives/brand.ts";

export type RecordFacts = (facts: LabFacts, at: Milliseconds) => void;

/** How many blocks are kept; the oldest are dropped first. */
const blocksMax = 20_000;

type KnownBlock = {
  readonly hash: BlockHash;
  readonly height: number;
  readonly previous: BlockHash;
  readonly bits: CompactTarget;
  readonly transactions: number;
  /** Payments on its branch since the lab opened, its own included. */
  readonly transactionsTotal: number;
  readonly isSecret: boolean;
  /** While only its miner has it. */
  isHidden: boolean;
  miner: string | null;
};

type NewsOf<Type extends EventJson["type"]> = Extract<EventJson, { readonly type: Type }>;
type Reorganisation = { readonly news: NewsOf<"reorganised">; readonly nodes: string[] };

/** An event that some nodes have not reported yet. It is written when all have, or after some time. */
type Pending = {
  readonly at: Milliseconds;
  /** By the clock that is never set. */
  readonly since: Elapsed;
} & (
  | { readonly type: "block"; readonly block: KnownBlock }
  | { readonly type: "fork"; readonly branches: readonly KnownBlock[] }
  | ({ readonly type: "reorganised" } & Reorganisation)
);

/** Numbers of blocks, forks and reorganisations since the lab opened. */
export type Counts = { readonly blocks: number; readonly forks: number; readonly reorgs: number };

export class NetworkObserver {
  readonly #names: readonly string[];
  readonly #record: RecordFacts;
  readonly #tips = new Map<string, { readonly hash: BlockHash; readonly height: number }>();
  readonly #blocks = new Map<BlockHash, KnownBlock>();
  readonly #children = new Map<BlockHash, KnownBlock[]>();
  /** They are written in this order. */
  readonly #pending: Pending[] = [];
  readonly #counts = { blocks: 0, forks: 0, reorgs: 0 };
  readonly #down = new Set<string>();
  #attacker: string | undefined;
  /** When the news in hand came. */
  #since = 0 as Elapsed;

  constructor(names: readonly string[], record: RecordFacts) {
    this.#names = names;
    this.#record = record;
  }

  /** Sets the tip of a node before its first news: when it joins, or has started again. */
  setTip(node: string, hash: BlockHash, height: number): void {
    this.#down.delete(node);
    this.#tips.set(node, { hash, height });
  }

  /** The node does not count as honest until its tip is set again. */
  markDown(node: string): void {
    this.#down.add(node);
    this.writePending(0 as Elapsed);
  }

  /** The attacker does not count as honest, so agreement does not wait for it. */
  setAttacker(name: string | undefined): void {
    this.#attacker = name;
  }

  tipOf(node: string): { readonly hash: BlockHash; readonly height: number } | undefined {
    return this.#tips.get(node);
  }

  /** Those that are up and do not attack. */
  get honest(): readonly string[] {
    return this.#names.filter((name) => name !== this.#attacker && !this.#down.has(name));
  }

  get isAgreed(): boolean {
    const hashes = this.honest.map((name) => this.#tips.get(name)?.hash);
    return hashes.every((hash) => hash !== undefined && hash === hashes[0]);
  }

  get counts(): Counts {
    return this.#counts;
  }

  /** Null if it is not known: the block came before the lab opened, or was dropped. */
  minerOf(hash: BlockHash): string | null {
    return this.#blocks.get(hash)?.miner ?? null;
  }

  /** Payments since the lab opened, on the branch that ends there. */
  transactionsUpTo(tip: BlockHash): number {
    return this.#blocks.get(tip)?.transactionsTotal ?? 0;
  }

  /** @param since when it came, by this process's clock that is never set. */
  receive(node: string, news: EventJson, isSecret: boolean, since: Elapsed): void {
    this.#since = since;
    switch (news.type) {
      case "block-accepted":
        this.#noteBlock(node, news, isSecret);
        return;
      case "tip-extended":
        this.#moveTip(node, news.tip, news.height);
        return;
      case "reorganised":
        this.#noteReorganisation(node, news);
        this.#moveTip(node, news.tip, news.height);
        return;
      case "block-rejected":
      case "transaction-admitted":
      case "transaction-removed":
      case "peer-ready":
      case "peer-left":
      case "peer-banned":
      case "miners-rest":
      case "clock-disagrees":
    }
  }

  /** Writes the events that are complete, and those that have waited since before this time. */
  writePending(before: Elapsed): void {
    for (;;) {
      const [first] = this.#pending;
      if (first === undefined || (first.since >= before && !this.#isComplete(first))) return;
      this.#pending.shift();
      this.#write(first);
    }
  }

  #noteBlock(node: string, news: NewsOf<"block-accepted">, isSecret: boolean): void {
    const { hash, height, previous, bits, origin, at } = news;
    const known = this.#blocks.get(hash);
    const miner = origin === "mined" ? node : null;
    if (known !== undefined) {
      known.miner ??= miner;
      if (known.isHidden && !isSecret) this.#reveal(known, at);
      return;
    }
    this.writePending(Infinity as Elapsed);
    const transactions = news.tx_count - 1;
    const transactionsTotal = this.transactionsUpTo(previous) + transactions;
    const block = {
      hash,
      height,
      previous,
      bits,
      transactions,
      transactionsTotal,
      isSecret,
      isHidden: isSecret,
      miner,
    };
    this.#remember(block);
    this.#counts.blocks += 1;
    this.#pending.push({ type: "block", at, since: this.#since, block });
    this.#noteFork(block, at);
    this.writePending(0 as Elapsed);
  }

  #remember(block: KnownBlock): void {
    this.#blocks.set(block.hash, block);
    const siblings = this.#children.get(block.previous) ?? [];
    this.#children.set(block.previous, [...siblings, block]);
    if (this.#blocks.size <= blocksMax) return;
    for (const oldest of this.#blocks.values()) {
      this.#blocks.delete(oldest.hash);
      this.#children.delete(oldest.previous);
      return;
    }
  }

  /** A secret block that is published may make a fork, now that others see it. */
  #reveal(block: KnownBlock, at: Milliseconds): void {
    block.isHidden = false;
    this.#noteFork(block, at);
  }

  #noteFork(block: KnownBlock, at: Milliseconds): void {
    const siblings = this.#children.get(block.previous) ?? [];
    const branches = siblings.filter(({ isHidden }) => !isHidden);
    if (block.isHidden || branches.length < 2) return;
    this.#counts.forks += 1;
    this.#pending.push({ type: "fork", at, since: this.#since, branches });
  }

  #noteReorganisation(node: string, news: NewsOf<"reorganised">): void {
    if (node === this.#attacker) return;
    const same = this.#pending.find((each) => {
      return each.type === "reorganised" && each.news.tip === news.tip && isSamePath(each, news);
    });
    if (same?.type === "reorganised") {
      same.nodes.push(node);
      return;
    }
    this.#counts.reorgs += 1;
    this.#pending.push({
      type: "reorganised",
      at: news.at,
      since: this.#since,
      news,
      nodes: [node],
    });
  }

  #moveTip(node: string, hash: BlockHash, height: number): void {
    this.#tips.set(node, { hash, height });
    this.writePending(0 as Elapsed);
  }

  /** Whether no later news can add to it. */
  #isComplete(pending: Pending): boolean {
    if (pending.type !== "block") return false;
    const { isSecret, hash } = pending.block;
    return isSecret || this.#followersOf(hash).length === this.honest.length;
  }

  /** Honest nodes on whose branch it is. */
  #nodesAbove(hash: BlockHash): string[] {
    return this.honest.filter((name) => this.#isBelow(hash, this.#tips.get(name)?.hash));
  }

  #isBelow(hash: BlockHash, tip: BlockHash | undefined): boolean {
    const height = this.#blocks.get(hash)?.height ?? 0;
    let at = tip === undefined ? undefined : this.#blocks.get(tip);
    while (at !== undefined && at.height > height) at = this.#blocks.get(at.previous);
    return at?.hash === hash;
  }

  #followersOf(hash: BlockHash): string[] {
    return this.honest.filter((name) => this.#tips.get(name)?.hash === hash);
  }

  #write(pending: Pending): void {
    switch (pending.type) {
      case "block": {
        const { hash, height, previous, bits, miner, transactions, isSecret } = pending.block;
        const agree = this.#followersOf(hash).length;
        const standing = { agree, honest: this.honest.length };
        const block = { hash, height, previous, bits, miner, transactions, isSecret };
        this.#record({ type: "block", ...block, ...standing }, pending.at);
        return;
      }
      case "fork": {
        const branches = pending.branches.map(({ hash, miner }) => {
          return { hash, miner, nodes: this.#nodesAbove(hash) };
        });
        const height = pending.branches[0]?.height ?? 0;
        this.#record({ type: "fork", height, branches }, pending.at);
        return;
      }
      case "reorganised": {
        const { news, nodes, at } = pending;
        const { type, tip, height, fork_height: forkHeight, depth, readmitted } = news;
        const returned = readmitted.length;
        const movers = this.#names.filter((name) => nodes.includes(name));
        this.#record({ type, tip, height, forkHeight, depth, returned, nodes: movers }, at);
        return;
      }
    }
  }
}

function isSamePath({ news }: Reorganisation, other: NewsOf<"reorganised">): boolean {
  return news.fork === other.fork && news.depth === other.depth;
}

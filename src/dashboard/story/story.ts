/** What is known of a network at one moment, as the events of its timeline tell it. */

import type { EventJson } from "../../contract/node-api.ts";
import type { AttackVerdict } from "../../attacks/catalogue.ts";
import type { AttackStep } from "../../contract/attacks.ts";
import type { Groups, Shares } from "../../contract/network.ts";
import type { LabEvent, Summary } from "../../contract/timeline.ts";
import type { BlockHash, Milliseconds, PeerId, Txid } from "../../primitives/brand.ts";
import { emptyBlock, StoryBlocks, type StoryBlock } from "./story-block.ts";
import { copyOfNode, newNode, type ChangingNode, type StoryNode } from "./story-node.ts";
import { StoryPayments, type StoryPayment } from "./story-payment.ts";

export type { Arrival, StoryBlock } from "./story-block.ts";
export type { StoryNode } from "./story-node.ts";
export type { StoryPayment } from "./story-payment.ts";

/** A real or intended connection of two nodes. */
export type StoryLink = {
  readonly between: readonly [string, string];
  readonly isCut: boolean;
  /** What it takes each way; null if nobody told. */
  readonly delayMs: number | null;
};

export type StoryAttack = {
  readonly startedAt: Milliseconds;
  readonly steps: readonly { readonly at: Milliseconds; readonly step: AttackStep }[];
  readonly verdict: AttackVerdict | null;
};

export type Setting = Extract<LabEvent, { readonly type: "opening" }>;

/** Something that travelled from one node to another. */
export type Hop = (
  | { readonly type: "block"; readonly name: BlockHash }
  | { readonly type: "transaction"; readonly name: Txid }
) & { readonly from: string; readonly to: string; readonly at: Milliseconds };

type NewsOf<Type extends EventJson["type"]> = Extract<EventJson, { readonly type: Type }>;

/** Hops that are remembered: what a view can still show of them. */
export const hopsMax = 256;
/** Of one node; those that came longest ago are forgotten first. */
const waitingMax = 20_000;

/** Told event by event, in their order. Whoever keeps an older moment makes a copy. */
export class Story {
  readonly #nodes = new Map<string, ChangingNode>();
  readonly #links = new Map<string, StoryLink>();
  readonly #names = new Map<PeerId, string>();
  #blocks = new StoryBlocks();
  #payments = new StoryPayments();
  #hops: Hop[] = [];
  #setting: Setting | null = null;
  #shares: Shares = {};
  #groups: Groups | null = null;
  #attack: StoryAttack | null = null;
  #summary: Summary | null = null;
  #at = 0 as Milliseconds;
  #isStarted = false;
  #revision = 0;

  /** When the last event happened; 0 before the first. */
  get at(): Milliseconds {
    return this.#at;
  }

  /** How many events were told: what was computed from a story is good until this changes. */
  get revision(): number {
    return this.#revision;
  }

  /** Null before the first event. */
  get setting(): Setting | null {
    return this.#setting;
  }

  /** Whether mining has begun. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  get nodes(): readonly StoryNode[] {
    return [...this.#nodes.values()];
  }

  node(name: string): StoryNode | undefined {
    return this.#nodes.get(name);
  }

  /** In the order in which they were told: parents first. */
  get blocks(): Iterable<StoryBlock> {
    return this.#blocks.blocks.values();
  }

  get blockCount(): number {
    return this.#blocks.blocks.size;
  }

  block(hash: BlockHash): StoryBlock | undefined {
    return this.#blocks.blocks.get(hash);
  }

  childrenOf(hash: BlockHash): readonly BlockHash[] {
    return this.#blocks.families.get(hash) ?? [];
  }

  get payments(): Iterable<StoryPayment> {
    return this.#payments.payments.values();
  }

  payment(txid: Txid): StoryPayment | undefined {
    return this.#payments.payments.get(txid);
  }

  get links(): readonly StoryLink[] {
    return [...this.#links.values()];
  }

  /** The newest last. */
  get hops(): readonly Hop[] {
    return this.#hops;
  }

  get shares(): Shares {
    return this.#shares;
  }

  /** Null if nobody is parted from anybody. */
  get groups(): Groups | null {
    return this.#groups;
  }

  /** The latest one. */
  get attack(): StoryAttack | null {
    return this.#attack;
  }

  /** Only when the lab has ended. */
  get summary(): Summary | null {
    return this.#summary;
  }

  /** A story of its own, as it stands. */
  copy(): Story {
    const copy = new Story();
    for (const [name, node] of this.#nodes) copy.#nodes.set(name, copyOfNode(node));
    for (const [key, link] of this.#links) copy.#links.set(key, link);
    for (const [peer, name] of this.#names) copy.#names.set(peer, name);
    copy.#blocks = new StoryBlocks(this.#blocks);
    copy.#payments = new StoryPayments(this.#payments);
    copy.#hops = [...this.#hops];
    copy.#setting = this.#setting;
    copy.#shares = this.#shares;
    copy.#groups = this.#groups;
    copy.#attack = this.#attack;
    copy.#summary = this.#summary;
    copy.#at = this.#at;
    copy.#isStarted = this.#isStarted;
    copy.#revision = this.#revision;
    return copy;
  }

  tell(event: LabEvent): void {
    this.#revision += 1;
    this.#at = Math.max(this.#at, event.at) as Milliseconds;
    switch (event.type) {
      case "opening":
        return this.#open(event);
      case "node-up":
        return this.#raise(event);
      case "node-down":
        return this.#lose(event.node, "down");
      case "node-failed":
        return this.#lose(event.node, "failed");
      case "started":
        return this.#start(event);
      case "news":
        return this.#hear(event.node, event.news);
      case "measured":
        for (const [name, measurement] of Object.entries(event.nodes)) {
          this.#nodeNamed(name).measurement = measurement;
        }
        return;
      case "block":
        return this.#describe(event);
      case "payment": {
        const { txid, from, to, value, fee, at } = event;
        return this.#payments.note(txid, at, { from, to, value, fee });
      }
      case "partitioned":
        this.#groups = event.groups;
        return;
      case "healed":
        return this.#heal();
      case "link": {
        const { between, isCut, delayMs } = event;
        this.#links.set(linkKey(...between), { between, isCut, delayMs });
        return;
      }
      case "shares":
        this.#shares = event.shares;
        return;
      case "attack":
        return this.#follow(event.step, event.at);
      case "verdict":
        if (this.#attack !== null) this.#attack = { ...this.#attack, verdict: event };
        return;
      case "summary":
        this.#summary = event;
        return;
      case "fork":
      case "reorganised":
      case "payment-failed":
    }
  }

  /** A lab that goes on in the folder of an earlier one keeps the earlier one's blocks. */
  #open(event: Setting): void {
    this.#setting = event;
    this.#nodes.clear();
    this.#links.clear();
    this.#groups = null;
    this.#attack = null;
    this.#summary = null;
    this.#isStarted = false;
    for (const { name, role } of event.nodes) this.#nodes.set(name, newNode(name, role));
  }

  #start(event: Extract<LabEvent, { readonly type: "started" }>): void {
    this.#isStarted = true;
    this.#shares = event.shares;
    for (const { name, role, url, peerId, listen, address } of event.nodes) {
      const facts = { role, url, peerId, listen, address, state: "up" };
      Object.assign(this.#nodeNamed(name), facts);
      this.#names.set(peerId, name);
    }
    for (const { from, to } of event.links) this.#mend([from, to]);
  }

  #raise(event: Extract<LabEvent, { readonly type: "node-up" }>): void {
    const { node, peerId, height, tip, work, at } = event;
    Object.assign(this.#nodeNamed(node), { state: "up", peerId, height, tip });
    this.#names.set(peerId, node);
    if (this.block(tip) !== undefined) return;
    // The tip with which a node comes is the ground on which the tree stands.
    this.#blocks.put({ ...emptyBlock(tip, height, at), work: workOf(work) });
  }

  #lose(name: string, state: "down" | "failed"): void {
    const node = this.#nodeNamed(name);
    node.state = state;
    node.measurement = null;
    node.peers.clear();
    node.waiting.clear();
    for (const other of this.#nodes.values()) other.peers.delete(name);
  }

  #heal(): void {
    this.#groups = null;
    for (const { between } of this.links) this.#mend(between);
  }

  #mend(between: readonly [string, string]): void {
    const delayMs = this.#setting?.latencyMs ?? null;
    this.#links.set(linkKey(...between), { between, isCut: false, delayMs });
  }

  #hear(name: string, news: EventJson): void {
    const node = this.#nodeNamed(name);
    switch (news.type) {
      case "block-accepted":
        return this.#meet(name, news);
      case "tip-extended":
        return this.#extendTip(node, news.tip, news.height);
      case "reorganised":
        node.tip = news.tip;
        node.height = news.height;
        for (const txid of news.readmitted) node.waiting.add(txid);
        for (const hash of news.forth) this.#dropMined(node, hash);
        return;
      case "transaction-admitted":
        return this.#admit(node, news);
      case "transaction-removed":
        node.waiting.delete(news.txid);
        if (news.by !== null) this.#payments.noteRivals(news.txid, news.by, news.at);
        return;
      case "peer-ready":
        node.peers.add(this.#nameOf(news.peer));
        return;
      case "peer-left":
      case "peer-banned":
        node.peers.delete(this.#nameOf(news.peer));
        return;
      case "block-rejected":
    }
  }

  #meet(name: string, news: NewsOf<"block-accepted">): void {
    const { hash, at } = news;
    const known = this.block(hash) ?? this.#newBlock(news, news.tx_count - 1);
    const isNew = !known.arrivals.some((arrival) => arrival.node === name);
    const from = news.from === null ? null : this.#nameOf(news.from);
    this.#blocks.put({
      ...known,
      previous: known.previous ?? this.#parentOf(news),
      bits: news.bits,
      work: workOf(news.work),
      time: news.time,
      sizeBytes: news.size,
      transactions: news.tx_count - 1,
      txids: news.txids,
      miner: known.miner ?? (news.origin === "mined" ? name : null),
      arrivals: isNew ? [...known.arrivals, { node: name, at, from }] : known.arrivals,
    });
    for (const txid of news.txids) this.#payments.noteBlock(txid, hash, at);
    if (isNew && from !== null) this.#hop({ type: "block", name: hash, from, to: name, at });
  }

  /** What the lab says of a block, which its nodes may have told already. */
  #describe(event: Extract<LabEvent, { readonly type: "block" }>): void {
    const known = this.block(event.hash) ?? this.#newBlock(event, event.transactions);
    const miner = known.miner ?? event.miner;
    this.#blocks.put({ ...known, miner, isSecret: known.isSecret || event.isSecret });
  }

  #newBlock(
    facts: Pick<NewsOf<"block-accepted">, "hash" | "height" | "previous" | "bits" | "at">,
    transactions: number,
  ): StoryBlock {
    const { hash, height, bits, at } = facts;
    return { ...emptyBlock(hash, height, at), previous: this.#parentOf(facts), bits, transactions };
  }

  /** Null if the story does not know the parent. */
  #parentOf({ previous }: { readonly previous: BlockHash }): BlockHash | null {
    return this.block(previous) === undefined ? null : previous;
  }

  #extendTip(node: ChangingNode, tip: BlockHash, height: number): void {
    const [oldTip, oldHeight] = [node.tip, node.height];
    node.tip = tip;
    node.height = height;
    for (let hash: BlockHash | null = tip; hash !== null && hash !== oldTip;) {
      const block: StoryBlock | undefined = this.block(hash);
      if (block === undefined || block.height <= oldHeight) return;
      this.#dropMined(node, hash);
      hash = block.previous;
    }
  }

  /** What a block of its branch holds no longer waits at a node. */
  #dropMined(node: ChangingNode, hash: BlockHash): void {
    for (const txid of this.block(hash)?.txids ?? []) node.waiting.delete(txid);
  }

  #admit(node: ChangingNode, news: NewsOf<"transaction-admitted">): void {
    const { txid, at, fee } = news;
    const { name: to } = node;
    node.waiting.add(txid);
    if (node.waiting.size > waitingMax) {
      const [oldest] = node.waiting;
      if (oldest !== undefined) node.waiting.delete(oldest);
    }
    const from = news.from === null ? null : this.#nameOf(news.from);
    const arrivals = this.payment(txid)?.arrivals ?? [];
    if (arrivals.some((arrival) => arrival.node === to)) return;
    this.#payments.note(txid, at, { fee, arrivals: [...arrivals, { node: to, at, from }] });
    if (from !== null) this.#hop({ type: "transaction", name: txid, from, to, at });
  }

  #follow(step: AttackStep, at: Milliseconds): void {
    const current = step.type === "scene" ? null : this.#attack;
    const attack = current ?? { startedAt: at, steps: [], verdict: null };
    this.#attack = { ...attack, steps: [...attack.steps, { at, step }] };
    if (step.type === "paid") this.#payments.noteRivals(step.payment, step.conflict, at);
  }

  #nodeNamed(name: string): ChangingNode {
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const node = newNode(name, "observer");
    this.#nodes.set(name, node);
    return node;
  }

  #nameOf(peer: PeerId): string {
    return this.#names.get(peer) ?? peer;
  }

  #hop(hop: Hop): void {
    this.#hops.push(hop);
    if (this.#hops.length > 2 * hopsMax) this.#hops = this.#hops.slice(-hopsMax);
  }
}

/** One name for both directions of a link. */
export function linkKey(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** From 64 hex digits. */
function workOf(hex: string): bigint {
  return BigInt(`0x${hex}`);
}

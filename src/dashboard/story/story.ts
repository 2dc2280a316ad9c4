/** What is known of a network at one moment: its timeline, applied event by event. */

import type { AttackVerdict } from "../../attacks/catalogue.ts";
import type { AttackStep } from "../../contract/attacks.ts";
import type { Groups, Shares } from "../../contract/network.ts";
import type { EventJson } from "../../contract/node-api.ts";
import type { LabEvent, Summary } from "../../contract/timeline.ts";
import type { BlockHash, Milliseconds, Txid } from "../../primitives/brand.ts";
import { unreachable } from "../../primitives/verdict.ts";
import { emptyBlock, type StoryBlock, StoryBlocks } from "./story-block.ts";
import { type StoryLink, StoryNetwork } from "./story-network.ts";
import { addWaiting, type ChangingNode, type StoryNode } from "./story-node.ts";
import { type StoryPayment, StoryPayments } from "./story-payment.ts";

export type { Arrival, StoryBlock } from "./story-block.ts";
export type { StoryLink } from "./story-network.ts";
export type { StoryNode } from "./story-node.ts";
export type { StoryPayment } from "./story-payment.ts";

export type StoryAttack = {
  readonly startedAt: Milliseconds;
  readonly steps: readonly { readonly at: Milliseconds; readonly step: AttackStep }[];
  readonly verdict: AttackVerdict | null;
};

type EventOf<Type extends LabEvent["type"]> = Extract<LabEvent, { readonly type: Type }>;

/** What a lab says of itself before its nodes are up. */
export type Setting = EventOf<"opening">;

/** A block or transaction that one node sent to another. */
export type Hop = (
  | { readonly type: "block"; readonly name: BlockHash }
  | { readonly type: "transaction"; readonly name: Txid }
) & { readonly from: string; readonly to: string; readonly at: Milliseconds };

type NewsOf<Type extends EventJson["type"]> = Extract<EventJson, { readonly type: Type }>;

/** Hops that are kept: as many as a view can show. */
export const hopsMax = 256;

/** Changed by each event, in their order. To keep a moment, copy it. */
export class Story {
  #network = new StoryNetwork();
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

  /** How many events were applied: what was computed from a story is valid until this changes. */
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
    return this.#network.nodes;
  }

  node(name: string): StoryNode | undefined {
    return this.#network.node(name);
  }

  /** In the order of their first report: parents first. */
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
    return this.#network.links;
  }

  /** The newest last. */
  get hops(): readonly Hop[] {
    return this.#hops;
  }

  get shares(): Shares {
    return this.#shares;
  }

  /** The parts of a partitioned network; null if it is not partitioned. */
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

  /** An independent copy of this moment. */
  copy(): Story {
    const copy = new Story();
    copy.#network = this.#network.copy();
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

  apply(event: LabEvent): void {
    this.#revision += 1;
    this.#at = Math.max(this.#at, event.at) as Milliseconds;
    switch (event.type) {
      case "opening":
        return this.#open(event);
      case "node-up":
        return this.#addNodeUp(event);
      case "node-down":
        return this.#network.nodeDown(event.node, "down");
      case "node-failed":
        return this.#network.nodeDown(event.node, "failed");
      case "started":
        return this.#start(event);
      case "news":
        return this.#addNews(event.node, event.news);
      case "measured":
        return this.#addMeasurements(event.nodes);
      case "block":
        return this.#describeBlock(event);
      case "payment": {
        const { txid, from, to, value, fee, at } = event;
        return this.#payments.note(txid, at, { from, to, value, fee });
      }
      case "partitioned":
        this.#groups = event.groups;
        return;
      case "healed":
        this.#groups = null;
        return this.#network.restoreLinks();
      case "link":
        return this.#network.changeLink(event);
      case "shares":
        this.#shares = event.shares;
        return;
      case "attack":
        return this.#addAttackStep(event.step, event.at);
      case "verdict":
        if (this.#attack !== null) this.#attack = { ...this.#attack, verdict: event };
        return;
      case "summary":
        this.#summary = event;
        return;
      case "fork": // follow from what the nodes report
      case "reorganised":
      case "payment-failed":
        return;
      default:
        return unreachable(event);
    }
  }

  /** A lab that goes on in the folder of an earlier one keeps the earlier one's blocks. */
  #open(event: Setting): void {
    this.#setting = event;
    this.#network.open(event);
    this.#groups = null;
    this.#attack = null;
    this.#summary = null;
    this.#isStarted = false;
  }

  #start(event: EventOf<"started">): void {
    this.#isStarted = true;
    this.#shares = event.shares;
    this.#network.start(event);
  }

  /** The first tip that a node reports is the root of the tree: nothing before it is known. */
  #addNodeUp(event: EventOf<"node-up">): void {
    this.#network.nodeUp(event);
    const { tip, height, work, at } = event;
    if (this.block(tip) !== undefined) return;
    this.#blocks.put({ ...emptyBlock(tip, height, at), work: workOf(work) });
  }

  #addMeasurements(measurements: EventOf<"measured">["nodes"]): void {
    for (const [name, measurement] of Object.entries(measurements)) {
      this.#network.nodeNamed(name).measurement = measurement;
    }
  }

  #addNews(name: string, news: EventJson): void {
    const node = this.#network.nodeNamed(name);
    switch (news.type) {
      case "block-accepted":
        return this.#addArrival(name, news);
      case "tip-extended":
        return this.#extendTip(node, news.tip, news.height);
      case "reorganised":
        node.tip = news.tip;
        node.height = news.height;
        for (const txid of news.readmitted) node.waiting.add(txid);
        for (const hash of news.forth) this.#dropMined(node, hash);
        return;
      case "transaction-admitted":
        return this.#addWaiting(node, news);
      case "transaction-removed":
        node.waiting.delete(news.txid);
        if (news.by !== null) this.#payments.noteConflict(news.txid, news.by, news.at);
        return;
      case "peer-ready":
        node.peers.add(this.#network.nameOf(news.peer));
        return;
      case "peer-left":
      case "peer-banned":
        node.peers.delete(this.#network.nameOf(news.peer));
        return;
      case "block-rejected":
      case "miners-rest":
      case "clock-disagrees":
        return;
      default:
        return unreachable(news);
    }
  }

  #addArrival(name: string, news: NewsOf<"block-accepted">): void {
    const { hash, at } = news;
    const known = this.block(hash) ?? this.#newBlock(news, news.tx_count - 1);
    const isNew = !known.arrivals.some((arrival) => arrival.node === name);
    const from = news.from === null ? null : this.#network.nameOf(news.from);
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
    if (isNew && from !== null) this.#addHop({ type: "block", name: hash, from, to: name, at });
  }

  /** What the lab says of a block, which its nodes may have reported already. */
  #describeBlock(event: EventOf<"block">): void {
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

  /** Null if the parent is unknown. */
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

  #addWaiting(node: ChangingNode, news: NewsOf<"transaction-admitted">): void {
    const { txid, at, fee } = news;
    const { name: to } = node;
    addWaiting(node, txid);
    const from = news.from === null ? null : this.#network.nameOf(news.from);
    const arrivals = this.payment(txid)?.arrivals ?? [];
    if (arrivals.some((arrival) => arrival.node === to)) return;
    this.#payments.note(txid, at, { fee, arrivals: [...arrivals, { node: to, at, from }] });
    if (from !== null) this.#addHop({ type: "transaction", name: txid, from, to, at });
  }

  #addAttackStep(step: AttackStep, at: Milliseconds): void {
    const current = step.type === "scene" ? null : this.#attack;
    const attack = current ?? { startedAt: at, steps: [], verdict: null };
    this.#attack = { ...attack, steps: [...attack.steps, { at, step }] };
    if (step.type === "paid") this.#payments.noteConflict(step.payment, step.conflict, at);
  }

  #addHop(hop: Hop): void {
    this.#hops.push(hop);
    if (this.#hops.length > 2 * hopsMax) this.#hops = this.#hops.slice(-hopsMax);
  }
}

/** From 64 hex digits. */
function workOf(hex: string): bigint {
  return BigInt(`0x${hex}`);
}

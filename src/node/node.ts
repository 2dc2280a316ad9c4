/** A node: events in, effects out. It does no I/O, reads no clock and draws no random numbers. */

import { type Acceptance, Chain, type Reselection } from "../chain/chain.ts";
import type { TipChange } from "../chain/change.ts";
import type { Params } from "../consensus/params.ts";
import type { Machine } from "../machine/machine.ts";
import type { Now } from "../machine/now.ts";
import { type Admission, Mempool, newIn } from "../mempool/mempool.ts";
import { type ForcedRest, Mining } from "../mempool/mining.ts";
import { isSenderAtFault, type MempoolProblem } from "../mempool/problem.ts";
import type { BlockTemplate } from "../mempool/template.ts";
import type { NextBlockView } from "../mempool/view.ts";
import { answerTo } from "../peers/answers.ts";
import { ClockComparison } from "../peers/clock-comparison.ts";
import { announce, type Gossip, type Request, type RequestId } from "../peers/message.ts";
import { Outbox } from "../peers/outbox.ts";
import { Peers } from "../peers/peers.ts";
import { penaltyOfMalformed, penaltyOfTransaction } from "../peers/penalty.ts";
import { Sync } from "../peers/sync.ts";
import { type Block, hashOfBlock } from "../primitives/block.ts";
import type { Elapsed, Milliseconds, PeerId } from "../primitives/brand.ts";
import type { Transaction } from "../primitives/transaction.ts";
import { unreachable, type Verdict } from "../primitives/verdict.ts";
import { admitBatch } from "./batch.ts";
import { answerCommand, type CommandParts } from "./command.ts";
import type { BlockResult, Effect, GossipVerdict } from "./effect.ts";
import type { NodeEvent } from "./event.ts";
import { judgeHeader, type JudgingParts } from "./header-gossip.ts";
import {
  type BlockOrigin,
  type News,
  newsOfAdmission,
  newsOfChange,
  newsOfMempool,
  newsOfRemoval,
} from "./news.ts";
import type { NodeOptions } from "./options.ts";
import { WakeWish } from "./wake-wish.ts";

const templateRenewalMs = 1_000;
const expiryIntervalMs = 60_000;

/** Its parts may be read between two events; only `handle` changes them. */
export class Node implements Machine<NodeEvent, Effect> {
  readonly params: Params;
  readonly chain: Chain;
  readonly mempool: Mempool;
  readonly peers = new Peers();
  readonly clocks: ClockComparison;
  readonly #sync: Sync;
  readonly #mining: Mining;
  readonly #outbox = new Outbox();
  readonly #wakeWish = new WakeWish();
  readonly #judgingParts: JudgingParts;
  readonly #commandParts: CommandParts;
  #expireAt = 0 as Elapsed;
  /**
   * The time of the event in hand, and its effects so far: fields that each `handle` sets anew,
   * because nearly every method needs both and neither outlives the call.
   */
  #now: Now = { wall: 0 as Milliseconds, elapsed: 0 as Elapsed };
  #effects: Effect[] = [];

  /** @throws WrongChainError if the store holds another network's chain. */
  constructor(options: NodeOptions) {
    const { params, store, verifier, companions, policy } = options;
    this.params = params;
    this.chain = new Chain({ params, store, verifier, companions });
    this.mempool = new Mempool({ params, verifier, ...(policy && { policy }) });
    this.clocks = new ClockComparison(this.peers, params);
    const { chain, peers, clocks } = this;
    const announcer = options.random.nextUint32();
    const waiting = () => this.mempool.entries();
    this.#sync = new Sync({ chain, peers, clocks, waiting, announcer });
    this.#judgingParts = { chain, peers, clocks, sync: this.#sync };
    this.#mining = new Mining(this.chain, this.mempool, {
      payTo: options.payTo,
      renewalMs: options.templateRenewalMs ?? templateRenewalMs,
      firstExtraNonce: announcer,
      tag: options.tag ?? "powlab",
    });
    this.#commandParts = {
      ...{ chain: this.chain, mempool: this.mempool, mining: this.#mining },
      view: () => this.nextBlockView(),
      admit: (transaction) => this.#admit(transaction),
      admitPackage: (each, feeRateMax) => this.#admitPackage(each, undefined, feeRateMax),
      submitBlock: (block, origin) => this.#submitBlock(block, origin),
      reselect: (reselection) => this.#reselect(reselection),
      send: (transactions) => this.#outbox.add(transactions, this.#now.elapsed),
      report: (news) => this.#report(...news),
    };
  }

  /** The script that mined coins go to; undefined if it does not mine. */
  get payTo(): Uint8Array | undefined {
    return this.#mining.payTo;
  }

  /** What its miners search; undefined while they are idle. */
  get template(): BlockTemplate | undefined {
    return this.#mining.template;
  }

  /** Why its miners rest though they should mine; undefined if they do not. */
  get forcedRest(): ForcedRest | undefined {
    return this.#mining.forcedRest;
  }

  /** The chain as the next block's transactions will see it. */
  nextBlockView(): NextBlockView {
    return { ...this.chain.nextContext(), coinAt: (point) => this.chain.coinAt(point) };
  }

  /**
   * @throws Error if an assumption of our own does not hold: what peers send leads to a verdict.
   */
  handle(event: NodeEvent, now: Now): readonly Effect[] {
    this.#now = now;
    this.#effects = [];
    this.#wakeWish.pass(now.elapsed);
    this.#dispatch(event);
    this.#report(...this.clocks.takeNews());
    this.#expire();
    this.#sendBatches();
    this.#schedulePeers();
    this.#renewTemplate();
    this.#askToWake();
    return this.#effects;
  }

  #dispatch(event: NodeEvent): void {
    switch (event.type) {
      case "peer-joined":
        this.#sync.greet(event.peer, this.#now);
        return;
      case "peer-left":
        this.#peerLeft(event.peer);
        return;
      case "request":
        this.#answer(event.from, event.id, event.request);
        return;
      case "response":
        this.#receiveResponse(event);
        return;
      case "request-failed":
        this.#sync.failed(event.from, event.id, this.#now.elapsed);
        return;
      case "gossip":
        this.#emit({ type: "judge-gossip", verdict: this.#judge(event.from, event.message) });
        return;
      case "malformed":
        this.peers.penalise(event.from, penaltyOfMalformed, "malformed message", this.#now.elapsed);
        return;
      case "block-solved":
        this.#submitBlock(event.block, "mined");
        return;
      case "command":
        this.#emit(answerCommand(event, this.#commandParts, this.#now));
        return;
      case "woken":
        return;
      default:
        unreachable(event);
    }
  }

  #peerLeft(peer: PeerId): void {
    const wasReady = this.peers.isReady(peer);
    if (this.peers.leave(peer) && wasReady) this.#report({ type: "peer-left", peer });
  }

  #answer(from: PeerId, id: RequestId, request: Request): void {
    const wasReady = this.peers.isReady(from);
    if (request.type === "get-status")
      this.#sync.noteStatus(from, request.status, this.#now.elapsed);
    const response = answerTo(request, this.chain, () => {
      return Array.from(this.mempool.entries(), ({ transaction }) => transaction);
    });
    this.#emit({ type: "respond", to: from, id, response });
    this.#welcome(from, wasReady);
  }

  #receiveResponse({ from, id, response }: NodeEvent & { readonly type: "response" }): void {
    const wasReady = this.peers.isReady(from);
    const blocks = this.#sync.receive(from, id, response, this.#now);
    this.#welcome(from, wasReady);
    if (response.type === "transactions") this.#admitAll(response.transactions, from);
    if (blocks.length === 0) return;
    for (const block of blocks) {
      const acceptance = this.#accept(block, "synced", from);
      const { status } = acceptance;
      if (status === "rejected") this.#sync.blame(from, block, acceptance.problem, this.#now);
      const message = this.#sync.takeAnnouncement(block, acceptance);
      if (message) this.#emit({ type: "gossip", message });
    }
    if (!this.#sync.isBehind) this.#sync.sendStatus(this.#now.elapsed);
  }

  /** Transactions of a peer's mempool are passed on: a network that was split may not have them. */
  #admitAll(transactions: readonly Transaction[], from: PeerId): void {
    for (const verdict of this.#admitBatch(transactions, from)) {
      if (verdict.ok) this.#outbox.add(newIn(verdict.value), this.#now.elapsed);
    }
  }

  #welcome(peer: PeerId, wasReady: boolean): void {
    if (wasReady || !this.peers.isReady(peer)) return;
    const height = this.peers.get(peer)?.status?.height ?? 0;
    this.#report({ type: "peer-ready", peer, height });
  }

  #judge(from: PeerId, message: Gossip): GossipVerdict {
    switch (message.type) {
      case "block":
        return this.#judgeBlock(from, message.block);
      case "header":
        return judgeHeader(from, message.header, this.#judgingParts, this.#now);
      case "transactions":
        return this.#judgeTransactions(from, message.transactions);
      default:
        return unreachable(message);
    }
  }

  #judgeBlock(from: PeerId, block: Block): GossipVerdict {
    if (this.#sync.isTooStale(block.header)) return "ignore";
    const acceptance = this.#accept(block, "gossiped", from);
    switch (acceptance.status) {
      case "tip":
      case "side":
        this.clocks.note(from, block.header.time, this.#now);
        return "accept";
      case "known":
        return "ignore";
      case "orphan":
        this.#sync.noteUnknownParent(from);
        return "ignore";
      case "rejected":
        this.clocks.noteRefused(from, acceptance.problem, this.#now);
        return this.#sync.blame(from, block, acceptance.problem, this.#now) ? "reject" : "ignore";
      default:
        return unreachable(acceptance);
    }
  }

  /**
   * A batch is relayed as it came if it has anything new and nothing that we have not verified, for
   * which others would blame us. What is new in any other batch leaves in one of our own.
   */
  #judgeTransactions(from: PeerId, transactions: readonly Transaction[]): GossipVerdict {
    const admitted: Transaction[] = [];
    let isVerified = true;
    for (const admission of this.#admitBatch(transactions, from)) {
      if (admission.ok) {
        admitted.push(admission.value.entry.transaction);
        // Orphans came in other batches, which were not passed on.
        this.#outbox.add(admission.value.adopted, this.#now.elapsed);
      } else if (isSenderAtFault(admission.problem)) {
        this.#outbox.add(admitted, this.#now.elapsed);
        return "reject";
      } else if (admission.problem.rule !== "txn-already-in-mempool") isVerified = false;
    }
    if (isVerified) return admitted.length > 0 ? "accept" : "ignore";
    this.#outbox.add(admitted, this.#now.elapsed);
    return "ignore";
  }

  #admit(transaction: Transaction, from?: PeerId): Verdict<Admission, MempoolProblem> {
    const view = this.nextBlockView();
    const verdict = this.mempool.admit(transaction, view, this.#now.elapsed, from);
    if (verdict.ok) {
      this.#report(...newsOfAdmission(verdict.value, this.mempool, from));
    } else if (from !== undefined && isSenderAtFault(verdict.problem)) {
      const reason = `transaction: ${verdict.problem.rule}`;
      this.peers.penalise(from, penaltyOfTransaction, reason, this.#now.elapsed);
    }
    return verdict;
  }

  #admitBatch(transactions: readonly Transaction[], from: PeerId) {
    return admitBatch(transactions, {
      admit: (transaction) => this.#admit(transaction, from),
      admitPackage: (each) => this.#admitPackage(each, from),
    });
  }

  #admitPackage(transactions: readonly Transaction[], from?: PeerId, feeRateMaxPerKvb?: number) {
    const { mempool } = this;
    const view = this.nextBlockView();
    const result = mempool.admitPackage(transactions, view, this.#now.elapsed, feeRateMaxPerKvb);
    this.#report(...result.admissions.flatMap((each) => newsOfAdmission(each, mempool, from)));
    return result;
  }

  #reselect({ change, batch }: Reselection): void {
    if (batch.length > 0) this.#emit({ type: "persist", batch });
    if (change !== undefined) this.#follow(change);
    // Peers were not asked for what is above a block while it was invalid.
    this.#sync.sendStatus(this.#now.elapsed);
  }

  /** A block of our own: it is sent to all peers, also if it only competes with the tip. */
  #submitBlock(block: Block, origin: BlockOrigin): BlockResult {
    const acceptance = this.#accept(block, origin);
    const hash = hashOfBlock(block);
    if (acceptance.status === "tip" || acceptance.status === "side") {
      this.#emit({ type: "gossip", message: announce(block) });
    }
    if (origin === "mined") this.#mining.outdate();
    if (acceptance.status !== "rejected") return { status: acceptance.status, hash };
    return { status: "rejected", hash, problem: acceptance.problem };
  }

  /** The handling of every block: chain, disk, mempool, news. */
  #accept(block: Block, origin: BlockOrigin, from?: PeerId): Acceptance {
    const acceptance = this.chain.accept(block, this.#now.wall);
    // No peer may learn of a block before it is on disk, so this comes before every other effect.
    if ("batch" in acceptance && acceptance.batch.length > 0) {
      this.#emit({ type: "persist", batch: acceptance.batch });
    }
    switch (acceptance.status) {
      case "tip":
      case "side": {
        const { hash, height, work } = acceptance.entry;
        const isTip = this.chain.tip.hash === hash;
        const place = { hash, height, work, isTip };
        this.#report({ type: "block-accepted", ...place, block, origin, from });
        if (acceptance.status === "tip") this.#follow(acceptance.change);
        break;
      }
      case "rejected": {
        const { problem } = acceptance;
        const hash = hashOfBlock(block);
        this.#report({ type: "block-rejected", hash, origin, problem, from });
        break;
      }
      case "known":
      case "orphan":
        break;
      default:
        unreachable(acceptance);
    }
    return acceptance;
  }

  #follow(change: TipChange): void {
    const moved = this.mempool.follow(change, this.nextBlockView(), this.#now.elapsed);
    // Peers that were on another branch, or joined meanwhile, have not received what waits again.
    this.#outbox.add([...moved.readmitted, ...moved.adopted], this.#now.elapsed);
    this.#report(newsOfChange(change, this.chain.tip, moved.readmitted));
    this.#report(...newsOfMempool(moved, this.mempool));
  }

  #expire(): void {
    const { elapsed } = this.#now;
    if (elapsed < this.#expireAt) return;
    this.#expireAt = (elapsed + expiryIntervalMs) as Elapsed;
    for (const transaction of this.mempool.expire(elapsed)) {
      this.#report(newsOfRemoval(transaction, "expired"));
    }
  }

  #sendBatches(): void {
    for (const transactions of this.#outbox.takeDue(this.#now.elapsed)) {
      this.#emit({ type: "gossip", message: { type: "transactions", transactions } });
    }
  }

  #schedulePeers(): void {
    this.#sync.schedule(this.#now.elapsed);
    for (const action of this.peers.takeActions()) {
      this.#emit(action);
      if (action.type === "disconnect" && action.banMs > 0) {
        this.#report({ type: "peer-banned", peer: action.peer, reason: action.reason });
      }
    }
  }

  #renewTemplate(): void {
    const next = this.#mining.renew(this.nextBlockView(), this.#now);
    const rest = this.#mining.takeRestChange();
    if (rest !== undefined) this.#report(rest);
    if (next === undefined) return;
    this.#emit({ type: "mine", template: next === "rest" ? undefined : next });
  }

  #askToWake(): void {
    const { flushAt } = this.#outbox;
    const times = [this.#expireAt, flushAt, this.#sync.nextTime(), this.#mining.renewAt];
    for (const wake of this.#wakeWish.ask(times)) this.#emit(wake);
  }

  #emit(effect: Effect): void {
    this.#effects.push(effect);
  }

  #report(...news: readonly News[]): void {
    for (const each of news) this.#emit({ type: "news", news: each });
  }
}

/** Synchronising with the peers: what to ask next, and what their answers show. */

import type { Acceptance, Chain } from "../chain/chain.ts";
import type { HeadersProblem } from "../chain/headers.ts";
import type { TreeEntry } from "../chain/tree.ts";
import { ancestorAt } from "../consensus/ancestor.ts";
import { type BlockProblem, reasonOf } from "../consensus/problem.ts";
import type { Now } from "../machine/now.ts";
import { type Block, hashOfBlock } from "../primitives/block.ts";
import type { BlockHash, Elapsed, PeerId, Txid } from "../primitives/brand.ts";
import { blockHash, type Header } from "../primitives/header.ts";
import { workOfBits } from "../primitives/target.ts";
import { unreachable, type Verdict } from "../primitives/verdict.ts";
import { statusOf } from "./answers.ts";
import type { ClockComparison } from "./clock-comparison.ts";
import { Download } from "./download.ts";
import { limits } from "./limits.ts";
import { locatorOf } from "./locator.ts";
import {
  announce,
  type Gossip,
  type Request,
  type RequestId,
  type Response,
  type Status,
} from "./message.ts";
import type { Peer, Pending } from "./peer.ts";
import type { Peers } from "./peers.ts";
import {
  type Knowledge,
  penaltyOf,
  penaltyOfEmptyClaim,
  penaltyOfMalformed,
  penaltyOfUnrequested,
} from "./penalty.ts";
import { shortTxidsOf } from "./short-txid.ts";

const responseTypeOf = {
  "get-status": "status",
  "get-headers": "headers",
  "get-blocks": "blocks",
  "get-mempool": "transactions",
} as const satisfies Record<Request["type"], Response["type"]>;

export type SyncParts = {
  readonly chain: Chain;
  readonly peers: Peers;
  readonly clocks: ClockComparison;
  readonly waiting: () => Iterable<{ readonly txid: Txid }>;
  /** The node's number in announcements, of 32 bits. */
  readonly announcer: number;
};

export class Sync {
  readonly #chain: Chain;
  readonly #peers: Peers;
  readonly #clocks: ClockComparison;
  readonly #download: Download;
  readonly #waiting: SyncParts["waiting"];
  readonly #announcer: number;
  /** Blocks whose header a peer sent in their place; the oldest first. */
  readonly #announced = new Set<BlockHash>();

  constructor({ chain, peers, clocks, waiting, announcer }: SyncParts) {
    this.#chain = chain;
    this.#peers = peers;
    this.#clocks = clocks;
    this.#download = new Download(chain, peers);
    this.#waiting = waiting;
    this.#announcer = announcer;
  }

  /** True if some peer has shown headers with more work than our tip. */
  get isBehind(): boolean {
    for (const { best } of this.#peers.all()) {
      if (best && !best.isInvalid && best.work > this.#chain.tip.work) return true;
    }
    return false;
  }

  /** A block that branches off so far below the tip that it can only be there to fill our disk. */
  isTooStale(header: Header): boolean {
    const parent = this.#chain.tree.get(header.previous);
    if (parent === undefined) return false;
    const { tip } = this.#chain;
    const slack = workOfBits(tip.header.bits) * BigInt(limits.staleBlocksMax);
    return parent.work + slack < tip.work;
  }

  /** A peer joined: it is asked for its status, and gets ours. */
  greet(id: PeerId, now: Now): void {
    const peer = this.#peers.join(id, now);
    if (peer) this.#askStatus(peer, now.elapsed);
  }

  /** Notes what a peer claims of itself, in a request or a response. */
  noteStatus(from: PeerId, status: Status, now: Elapsed): void {
    const peer = this.#peers.get(from);
    if (peer === undefined) return;
    if (status.genesis !== this.#chain.params.genesisHash) {
      this.#peers.ban(peer, `belongs to another network (genesis ${status.genesis})`);
      return;
    }
    if (this.#isBroken(status.tip)) {
      this.#peers.ban(peer, "its tip is an invalid block");
      return;
    }
    peer.status = status;
    peer.statusAt = now;
    if (peer.isHeadersPutOff) peer.headersSyncedTip = undefined;
    peer.isHeadersPutOff = false;
    const known = this.#chain.tree.get(status.tip);
    if (known && !known.isInvalid && known.work > peer.shownWork) peer.best = known;
  }

  /** True if a peer must have known that a block which it sent is bad: it pays for it. */
  blame(from: PeerId, block: Block, problem: BlockProblem, now: Now): boolean {
    const points = penaltyOf(problem, this.#knowledgeOf(from, hashOfBlock(block)));
    this.#peers.penalise(from, points, `block: ${reasonOf(problem)}`, now.elapsed);
    return points > 0;
  }

  /** A peer relayed a block whose parent we do not know: it must know more than it has shown us. */
  noteUnknownParent(from: PeerId): void {
    const peer = this.#peers.get(from);
    if (peer) peer.announcedUnknownParent = true;
  }

  /** A peer sent a header, which our tree has by now, in place of a block that it has. */
  noteAnnounced(from: PeerId, header: Header): void {
    const peer = this.#peers.get(from);
    const entry = this.#chain.tree.get(blockHash(header));
    if (peer === undefined || entry === undefined) return;
    if (entry.work > peer.shownWork) peer.best = entry;
    this.#announced.add(entry.hash);
    for (const oldest of this.#announced) {
      if (this.#announced.size <= limits.announcedMax) break;
      this.#announced.delete(oldest);
    }
  }

  /** Our own announcement, once, of a block that a peer announced by its header. */
  takeAnnouncement(block: Block, { status }: Acceptance): Gossip | undefined {
    const isExpected = this.#announced.delete(hashOfBlock(block));
    const isNew = status === "tip" || status === "side";
    return isExpected && isNew ? announce(block, this.#announcer) : undefined;
  }

  /** Notes a response. Blocks that were asked for are returned: the chain must judge them next. */
  receive(from: PeerId, id: RequestId, response: Response, now: Now): readonly Block[] {
    const peer = this.#peers.get(from);
    const pending = peer?.pending.get(id);
    if (peer === undefined || pending === undefined) return []; // it was given up meanwhile
    peer.pending.delete(id);
    const { request } = pending;
    if (response.type !== responseTypeOf[request.type]) {
      this.#peers.penalise(peer.id, penaltyOfMalformed, "answers another question", now.elapsed);
      return [];
    }
    if (response.type !== "blocks") peer.answers.answered();
    switch (response.type) {
      case "status":
        this.noteStatus(from, response.status, now.elapsed);
        return [];
      case "headers":
        this.#receiveHeaders(peer, response.headers, now);
        return [];
      case "blocks":
        return this.#receiveBlocks(peer, pending, response.blocks, now.elapsed);
      case "transactions":
        return [];
      default:
        return unreachable(response);
    }
  }

  /** A request got no answer, or none that makes sense. */
  failed(from: PeerId, id: RequestId, now: Elapsed): void {
    const peer = this.#peers.get(from);
    const pending = peer?.pending.get(id);
    if (peer === undefined || pending === undefined) return;
    peer.pending.delete(id);
    if (!pending.isLate) this.#giveUp(peer, pending, now);
  }

  /** Gives up on late answers, and requests what is wanted next. */
  schedule(now: Elapsed): void {
    for (const peer of this.#peers.all()) this.#giveUpLate(peer, now);
    for (const peer of this.#peers.all()) {
      if (now < peer.backoffUntil) continue;
      this.#renewStatus(peer, now);
      this.#askHeaders(peer, now);
    }
    this.#download.schedule(now);
    for (const peer of this.#peers.all()) {
      if (now >= peer.backoffUntil) this.#askMempool(peer, now);
    }
  }

  /** When `schedule` is wanted again, if nothing happens before. */
  nextTime(): Elapsed | undefined {
    const times: number[] = [];
    if (this.#download.nextTime !== undefined) times.push(this.#download.nextTime);
    for (const peer of this.#peers.all()) {
      const statusDueAt = Math.max(peer.statusAt + limits.statusIntervalMs, peer.backoffUntil);
      if (!peer.isAsked("get-status")) times.push(statusDueAt);
      if (peer.backoffUntil > 0) times.push(peer.backoffUntil);
      for (const { deadline, isLate } of peer.pending.values()) if (!isLate) times.push(deadline);
    }
    return times.length === 0 ? undefined : (Math.min(...times) as Elapsed);
  }

  /** Sends our tip to every peer, and asks for theirs. */
  sendStatus(now: Elapsed): void {
    for (const peer of this.#peers.all()) {
      if (peer.isReady && !peer.isAsked("get-status")) this.#askStatus(peer, now);
    }
  }

  #receiveHeaders(peer: Peer, headers: readonly Header[], now: Now): void {
    const mayHaveMore = headers.length === limits.headersPerMessageMax;
    if (!follows(headers, peer.headers)) {
      // It has moved to another branch meanwhile: it is asked for that one.
      peer.headers = [];
      putOff(peer);
      return;
    }
    const branch = [...peer.headers, ...headers];
    const verdict = this.#chain.acceptHeaders(branch, now.wall);
    // They lead to its tip, so it has connected their blocks.
    const points = verdict.ok ? 0 : penaltyOf(verdict.problem, "connected");
    peer.headers = [];
    if (verdict.ok) {
      peer.best = verdict.value;
    } else if (verdict.problem.rule === "too-little-work" && mayHaveMore) {
      if (branch.length < limits.headersPendingMax) peer.headers = branch;
    } else {
      this.#peers.penalise(peer.id, points, `headers: ${reasonOf(verdict.problem)}`, now.elapsed);
    }
    if (mayHaveMore && (verdict.ok || peer.headers.length > 0)) return;
    peer.headersSyncedTip = peer.headersAskedOf?.tip;
    if (isInvalidByCommand(verdict)) {
      putOff(peer);
    } else if (isTooNew(verdict)) {
      putOff(peer);
      this.#clocks.note(peer.id, newestTimeOf(branch), now);
    } else if (points === 0) this.#weighClaim(peer, now.elapsed);
  }

  /** It has shown all it had: does that bear out what it claimed when it was asked? */
  #weighClaim(peer: Peer, now: Elapsed): void {
    const claim = peer.headersAskedOf;
    if (claim === undefined || this.#chain.tree.get(claim.tip)) return;
    const shown = peer.best?.work ?? 0n; // more than it claimed, if it has moved meanwhile
    if (claim.work <= this.#chain.tip.work || claim.work <= shown) return;
    const reason = "claims more work than its headers show";
    this.#peers.penalise(peer.id, penaltyOfEmptyClaim, reason, now);
  }

  #receiveBlocks(
    peer: Peer,
    { request, isLate }: Pending,
    blocks: readonly Block[],
    now: Elapsed,
  ): readonly Block[] {
    if (request.type !== "get-blocks" || (isLate && blocks.length === 0)) return [];
    const wanted = this.#download.received(peer, request, blocks, now);
    if (wanted.length < blocks.length) {
      const reason = "sent blocks that were not requested";
      this.#peers.penalise(peer.id, penaltyOfUnrequested, reason, now);
    }
    return wanted;
  }

  #giveUpLate(peer: Peer, now: Elapsed): void {
    if (peer.backoffUntil <= now) peer.backoffUntil = 0 as Elapsed;
    for (const [id, pending] of peer.pending) {
      if (pending.isLate || pending.deadline > now) continue;
      if (pending.request.type === "get-blocks") peer.letPass(id, pending);
      else peer.pending.delete(id);
      this.#giveUp(peer, pending, now);
    }
  }

  #giveUp(peer: Peer, { request }: Pending, now: Elapsed): void {
    if (request.type === "get-blocks") {
      this.#download.failed(peer, request, now);
      return;
    }
    peer.rest(now);
    if (peer.answers.failed()) this.#peers.drop(peer, "does not answer");
  }

  #renewStatus(peer: Peer, now: Elapsed): void {
    const isDue = !peer.isReady || now >= peer.statusAt + limits.statusIntervalMs;
    if (!isDue || peer.isAsked("get-status")) return;
    peer.statusAt = now;
    this.#askStatus(peer, now);
  }

  #askStatus(peer: Peer, now: Elapsed): void {
    this.#peers.ask(peer, { type: "get-status", status: statusOf(this.#chain) }, now);
  }

  #askHeaders(peer: Peer, now: Elapsed): void {
    const { status } = peer;
    if (status === undefined || peer.isAsked("get-headers")) return;
    const isShown = peer.headersSyncedTip === status.tip || this.#chain.tree.get(status.tip);
    const claimsMore = status.work > this.#chain.tip.work && !isShown;
    if (!claimsMore && !peer.announcedUnknownParent) return;
    const last = peer.headers.at(-1);
    const known = locatorOf(peer.best ?? this.#chain.tip);
    const locator = last ? [blockHash(last), ...known] : known;
    peer.announcedUnknownParent = false;
    peer.headersAskedOf = status;
    this.#peers.ask(peer, { type: "get-headers", locator }, now);
  }

  /**
   * Once it is level with us, and again every while: gossip may be lost, and it does not carry anew
   * what it carried before, though the payments of an abandoned branch wait again.
   */
  #askMempool(peer: Peer, now: Elapsed): void {
    const { status } = peer;
    if (status === undefined || status.work > this.#chain.tip.work) return;
    if (now < peer.mempoolDueAt || peer.isAsked("get-mempool")) return;
    const known = shortTxidsOf(this.#waiting());
    const pauseMs = known.length * limits.mempoolIntervalPerKnownMs;
    peer.mempoolDueAt = (now + Math.max(limits.mempoolIntervalMs, pauseMs)) as Elapsed;
    this.#peers.ask(peer, { type: "get-mempool", known }, now);
  }

  /**
   * An honest peer has connected what its tip, as far as it told us, stands upon. Anything else it
   * may keep as a side branch, without having looked at the coins.
   */
  #knowledgeOf(from: PeerId, hash: BlockHash): Knowledge {
    const status = this.#peers.get(from)?.status;
    if (status === undefined) return "placed";
    const tip = this.#chain.tree.get(status.tip);
    const isBelowTip = status.tip === hash || (tip !== undefined && this.#isBelow(hash, tip));
    return isBelowTip ? "connected" : "placed";
  }

  /** True if a block that we know breaks a rule, or one below it does. */
  #isBroken(hash: BlockHash): boolean {
    const entry = this.#chain.tree.get(hash);
    return entry?.isInvalid === true && !entry.isInvalidByCommand;
  }

  /** False, too, for a block that we do not know. */
  #isBelow(hash: BlockHash, tip: TreeEntry): boolean {
    const entry = this.#chain.tree.get(hash);
    if (entry === undefined || entry.height > tip.height) return false;
    return ancestorAt(tip, entry.height) === entry;
  }
}

/** Its headers are requested again, but not before its next status. */
function putOff(peer: Peer): void {
  peer.headersSyncedTip = peer.status?.tip;
  peer.isHeadersPutOff = true;
}

/** True unless the peer has left the branch whose first headers it sent before. */
function follows(headers: readonly Header[], before: readonly Header[]): boolean {
  const [last, first] = [before.at(-1), headers[0]];
  return last === undefined || first === undefined || first.previous === blockHash(last);
}

/** In seconds. */
function newestTimeOf(headers: readonly Header[]): number {
  return headers.reduce((newest, { time }) => Math.max(newest, time), 0);
}

/** Later its headers may be valid, so they prove nothing about its claim. */
function isTooNew(verdict: Verdict<TreeEntry, HeadersProblem>): boolean {
  return !verdict.ok && verdict.problem.rule === "time-too-new";
}

/** Once it is reconsidered they may be valid, too. */
function isInvalidByCommand(verdict: Verdict<TreeEntry, HeadersProblem>): boolean {
  return !verdict.ok && "cause" in verdict.problem;
}

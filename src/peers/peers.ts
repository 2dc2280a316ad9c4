/** The peers: who they are, what we ask them, and how long we bear with them. */

import type { Chain } from "../chain/chain.ts";
import type { HeadersProblem } from "../chain/headers.ts";
import { headersAfter, locatorOf } from "./locator.ts";
import type { TreeEntry } from "../chain/tree.ts";
import { hashOfBlock, totalSizeOfBlock, type Block } from "../primitives/block.ts";
import type { BlockHash, Milliseconds, PeerId } from "../primitives/brand.ts";
import { blockHash, type Header } from "../primitives/header.ts";
import { unreachable, type Verdict } from "../primitives/verdict.ts";
import { nextBodies } from "./download.ts";
import { limits } from "./limits.ts";
import type { Request, RequestId, Response, Status } from "./message.ts";
import { Peer } from "./peer.ts";
import {
  penaltyOfEmptyClaim,
  penaltyOfHeaders,
  penaltyOfMalformed,
  penaltyOfUnrequested,
} from "./penalty.ts";

/** What the peers' bookkeeping wants done. */
export type PeerAction =
  | {
      readonly type: "request";
      readonly to: PeerId;
      readonly id: RequestId;
      readonly request: Request;
    }
  | {
      readonly type: "disconnect";
      readonly peer: PeerId;
      readonly reason: string;
      readonly banMs: number;
    };

export type PeerSummary = {
  readonly peer: PeerId;
  readonly isReady: boolean;
  readonly height: number;
  readonly work: bigint;
  readonly tip: BlockHash | undefined;
  readonly penalty: number;
  readonly joinedAt: Milliseconds;
};

const answerTo = {
  "get-status": "status",
  "get-headers": "headers",
  "get-blocks": "blocks",
  "get-mempool": "transactions",
} as const satisfies Record<Request["type"], Response["type"]>;

export class Peers {
  readonly #chain: Chain;
  readonly #peers = new Map<PeerId, Peer>();
  #lastRequest = 0;
  #actions: PeerAction[] = [];

  constructor(chain: Chain) {
    this.#chain = chain;
  }

  list(now: Milliseconds): readonly PeerSummary[] {
    return Array.from(this.#peers.values(), (peer) => ({
      peer: peer.id,
      isReady: peer.isReady,
      height: peer.status?.height ?? 0,
      work: peer.status?.work ?? 0n,
      tip: peer.status?.tip,
      penalty: peer.penaltyAt(now),
      joinedAt: peer.joinedAt,
    }));
  }

  /** What we claim about ourselves. */
  get status(): Status {
    const { tip, params } = this.#chain;
    return { genesis: params.genesisHash, tip: tip.hash, height: tip.height, work: tip.work };
  }

  /** Takes the actions that have gathered, in order. */
  takeActions(): PeerAction[] {
    const actions = this.#actions;
    this.#actions = [];
    return actions;
  }

  joined(id: PeerId, now: Milliseconds): void {
    if (this.#peers.has(id)) return;
    if (this.#peers.size >= limits.peersMax) {
      const reason = `${limits.peersMax} peers are enough`;
      this.#actions.push({ type: "disconnect", peer: id, reason, banMs: 0 });
      return;
    }
    const peer = new Peer(id, now);
    this.#peers.set(id, peer);
    this.#ask(peer, { type: "get-status", status: this.status }, now);
  }

  /** True if it was among the peers. */
  left(id: PeerId): boolean {
    return this.#peers.delete(id);
  }

  /** Answers a request; undefined if it needs more than the chain. */
  answer(from: PeerId, request: Request, now: Milliseconds): Response | undefined {
    switch (request.type) {
      case "get-status":
        this.#hear(from, request.status, now);
        return { type: "status", status: this.status };
      case "get-headers": {
        const headers = headersAfter(this.#chain, request.locator, limits.headersPerMessageMax);
        return { type: "headers", headers };
      }
      case "get-blocks":
        return { type: "blocks", blocks: this.#bodiesOf(request.hashes) };
      case "get-mempool":
        return undefined;
      default:
        return unreachable(request);
    }
  }

  #bodiesOf(hashes: readonly BlockHash[]): Block[] {
    const blocks: Block[] = [];
    let sizeBytes = 0;
    for (const hash of hashes) {
      const entry = this.#chain.tree.get(hash);
      const block = entry && !entry.isInvalid ? this.#chain.blockOf(hash) : undefined;
      if (block === undefined) continue;
      sizeBytes += totalSizeOfBlock(block);
      if (blocks.length > 0 && sizeBytes > limits.blocksSizeBytesMax) break;
      blocks.push(block);
    }
    return blocks;
  }

  /**
   * Notes a response. Blocks that were asked for are returned: the chain must judge them next.
   */
  receive(from: PeerId, id: RequestId, response: Response, now: Milliseconds): readonly Block[] {
    const peer = this.#peers.get(from);
    const pending = peer?.pending.get(id);
    if (peer === undefined || pending === undefined) return []; // it was given up meanwhile
    peer.pending.delete(id);
    if (response.type !== answerTo[pending.request.type]) {
      this.penalise(peer.id, penaltyOfMalformed, "answers another question", now);
      return [];
    }
    // Whoever has no blocks to its headers has not answered.
    if (response.type !== "blocks" || response.blocks.length > 0) peer.answered();
    switch (response.type) {
      case "status":
        this.#hear(from, response.status, now);
        return [];
      case "headers":
        this.#receiveHeaders(peer, response.headers, now);
        return [];
      case "blocks":
        return this.#receiveBlocks(peer, pending.request, response.blocks, now);
      case "transactions":
        return [];
      default:
        return unreachable(response);
    }
  }

  #receiveHeaders(peer: Peer, headers: readonly Header[], now: Milliseconds): void {
    const mayHaveMore = headers.length === limits.headersPerMessageMax;
    const branch = [...peer.headers, ...headers];
    const verdict = this.#chain.acceptHeaders(branch, now);
    peer.headers = [];
    if (verdict.ok) {
      peer.best = verdict.value;
    } else if (verdict.problem.rule === "too-little-work" && mayHaveMore) {
      if (branch.length < limits.headersPendingMax) peer.headers = branch;
    } else {
      const points = penaltyOfHeaders(verdict.problem);
      if (points > 0) this.penalise(peer.id, points, `headers: ${verdict.problem.rule}`, now);
    }
    if (mayHaveMore && (verdict.ok || peer.headers.length > 0)) return;
    peer.exhausted = peer.status?.tip;
    peer.isEarly = isTooNew(verdict);
    const hasShownAll = verdict.ok || penaltyOfHeaders(verdict.problem) === 0;
    if (hasShownAll && !peer.isEarly) this.#weighClaim(peer, now);
  }

  /** It has shown all it has: does that bear out what it claims? */
  #weighClaim(peer: Peer, now: Milliseconds): void {
    const { status } = peer;
    if (status === undefined || this.#chain.tree.get(status.tip)) return;
    if (status.work <= this.#chain.tip.work) return;
    this.penalise(peer.id, penaltyOfEmptyClaim, "claims more work than its headers show", now);
  }

  #receiveBlocks(
    peer: Peer,
    request: Request,
    blocks: readonly Block[],
    now: Milliseconds,
  ): readonly Block[] {
    const asked = new Set(request.type === "get-blocks" ? request.hashes : []);
    if (blocks.length === 0 && peer.failed(now)) this.#drop(peer, "has no blocks to its headers");
    const wanted = blocks.filter((block) => asked.delete(hashOfBlock(block)));
    if (wanted.length < blocks.length) {
      this.penalise(peer.id, penaltyOfUnrequested, "sent blocks that nobody asked for", now);
    }
    return wanted;
  }

  /** A request got no answer, or none that makes sense. */
  failed(from: PeerId, id: RequestId, now: Milliseconds): void {
    const peer = this.#peers.get(from);
    if (peer?.pending.delete(id) !== true) return;
    if (peer.failed(now)) this.#drop(peer, "does not answer");
  }

  /** A peer relayed a block whose parent we do not know: it must know more than it told us. */
  heardOf(from: PeerId): void {
    const peer = this.#peers.get(from);
    if (peer) peer.hasRumour = true;
  }

  /** A peer relayed a header in place of its block. */
  offers(from: PeerId, header: Header): void {
    const peer = this.#peers.get(from);
    const entry = this.#chain.tree.get(blockHash(header));
    if (peer && entry && entry.work > (peer.best?.work ?? 0n)) peer.best = entry;
  }

  /** Adds points for a fault; at the limit the peer is banned. */
  penalise(id: PeerId, points: number, reason: string, now: Milliseconds): void {
    const peer = this.#peers.get(id);
    if (peer === undefined || points <= 0) return;
    if (peer.penalise(points, now)) this.#drop(peer, reason, limits.banMs);
  }

  /** Gives up on late answers, and asks for whatever is wanted next. */
  schedule(now: Milliseconds): void {
    for (const peer of this.#peers.values()) this.#giveUpLate(peer, now);
    const asked = new Set<BlockHash>();
    for (const peer of this.#peers.values()) for (const hash of peer.owedBlocks()) asked.add(hash);
    for (const peer of this.#peers.values()) {
      if (now < peer.restsUntil) continue;
      this.#askStatus(peer, now);
      this.#askHeaders(peer, now);
      this.#askBodies(peer, asked, now);
      this.#askMempool(peer, now);
    }
  }

  /** When `schedule` is wanted again, if nothing happens before. */
  nextTime(): Milliseconds | undefined {
    const times: number[] = [];
    for (const peer of this.#peers.values()) {
      const statusDueAt = Math.max(peer.statusAt + limits.statusIntervalMs, peer.restsUntil);
      if (!peer.isAsked("get-status")) times.push(statusDueAt);
      if (peer.restsUntil > 0) times.push(peer.restsUntil);
      for (const { deadline } of peer.pending.values()) times.push(deadline);
    }
    return times.length === 0 ? undefined : (Math.min(...times) as Milliseconds);
  }

  /** Tells every peer our tip, and asks for theirs. */
  tellStatus(now: Milliseconds): void {
    for (const peer of this.#peers.values()) {
      if (peer.isReady && !peer.isAsked("get-status")) {
        this.#ask(peer, { type: "get-status", status: this.status }, now);
      }
    }
  }

  /** True if some peer has shown headers with more work than our tip. */
  get isBehind(): boolean {
    for (const { best } of this.#peers.values()) {
      if (best && !best.isInvalid && best.work > this.#chain.tip.work) return true;
    }
    return false;
  }

  /** True once it has told its status. */
  isReady(id: PeerId): boolean {
    return this.#peers.get(id)?.isReady === true;
  }

  /** The height of its tip, as it says. */
  heightOf(id: PeerId): number {
    return this.#peers.get(id)?.status?.height ?? 0;
  }

  #hear(from: PeerId, status: Status, now: Milliseconds): void {
    const peer = this.#peers.get(from);
    if (peer === undefined) return;
    if (status.genesis !== this.#chain.params.genesisHash) {
      this.#drop(peer, `belongs to another network (genesis ${status.genesis})`, limits.banMs);
      return;
    }
    peer.status = status;
    peer.statusAt = now;
    if (peer.isEarly) peer.exhausted = undefined;
    peer.isEarly = false;
    const known = this.#chain.tree.get(status.tip);
    if (known && !known.isInvalid && known.work > (peer.best?.work ?? 0n)) peer.best = known;
  }

  #giveUpLate(peer: Peer, now: Milliseconds): void {
    if (peer.restsUntil <= now) peer.restsUntil = 0 as Milliseconds;
    for (const [id, { deadline }] of peer.pending) {
      if (deadline <= now) this.failed(peer.id, id, now);
    }
  }

  #askStatus(peer: Peer, now: Milliseconds): void {
    const isDue = !peer.isReady || now >= peer.statusAt + limits.statusIntervalMs;
    if (!isDue || peer.isAsked("get-status")) return;
    peer.statusAt = now;
    this.#ask(peer, { type: "get-status", status: this.status }, now);
  }

  #askHeaders(peer: Peer, now: Milliseconds): void {
    const { status } = peer;
    if (status === undefined || peer.isAsked("get-headers")) return;
    const isShown = peer.exhausted === status.tip || this.#chain.tree.get(status.tip);
    const claimsMore = status.work > this.#chain.tip.work && !isShown;
    if (!claimsMore && !peer.hasRumour) return;
    const last = peer.headers.at(-1);
    const known = locatorOf(peer.best ?? this.#chain.tip);
    const locator = last ? [blockHash(last), ...known] : known;
    peer.hasRumour = false;
    this.#ask(peer, { type: "get-headers", locator }, now);
  }

  #askBodies(peer: Peer, asked: Set<BlockHash>, now: Milliseconds): void {
    const { best } = peer;
    if (!best || best.isInvalid || best.isLinked || peer.isAsked("get-blocks")) return;
    if (best.work < this.#chain.tip.work) return; // a rival of equal work is relayed, too
    const hashes = nextBodies(best, asked);
    if (hashes.length === 0) return;
    for (const hash of hashes) asked.add(hash);
    this.#ask(peer, { type: "get-blocks", hashes }, now);
  }

  #askMempool(peer: Peer, now: Milliseconds): void {
    const isLevel = peer.status !== undefined && peer.status.work <= this.#chain.tip.work;
    if (peer.isMempoolKnown || !isLevel) return;
    peer.isMempoolKnown = true;
    this.#ask(peer, { type: "get-mempool" }, now);
  }

  #ask(peer: Peer, request: Request, now: Milliseconds): void {
    const id = ++this.#lastRequest as RequestId;
    peer.pending.set(id, { request, deadline: peer.deadlineFrom(now) });
    this.#actions.push({ type: "request", to: peer.id, id, request });
  }

  #drop(peer: Peer, reason: string, banMs = 0): void {
    this.#peers.delete(peer.id);
    this.#actions.push({ type: "disconnect", peer: peer.id, reason, banMs });
  }
}

/** Later its headers may be valid, so they say nothing about its claim. */
function isTooNew(verdict: Verdict<TreeEntry, HeadersProblem>): boolean {
  return !verdict.ok && verdict.problem.rule === "time-too-new";
}

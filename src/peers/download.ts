/**
 * The download: which body is requested from which peer, and who holds it up.
 *
 * A body is requested from one peer at a time, and from those first who have delivered whatever they
 * were asked for. What a peer did not deliver goes to others. When a peer has nothing left to do, it
 * also gets what others have kept waiting for too long; if it delivers that, while they delivered
 * nothing at all, then they, and not the network, are slow.
 *
 * @see Bitcoin Core, FindNextBlocksToDownload, BLOCK_STALLING_TIMEOUT_DEFAULT
 */

import type { Chain } from "../chain/chain.ts";
import type { TreeEntry } from "../chain/tree.ts";
import { type Block, hashOfBlock, totalSizeOfBlock } from "../primitives/block.ts";
import type { BlockHash, Elapsed, PeerId } from "../primitives/brand.ts";
import { limits } from "./limits.ts";
import type { BlocksRequest } from "./message.ts";
import { MissingBodies } from "./missing-bodies.ts";
import type { Peer } from "./peer.ts";
import type { Peers } from "./peers.ts";

/** A peer that has shown a branch with missing bodies, up to `last`. */
type Source = { readonly peer: Peer; readonly branch: MissingBodies; readonly last: TreeEntry };
/** A peer was asked for a body. */
type Claim = { readonly peer: Peer; readonly since: Elapsed };
type UnderWay = { readonly entry: TreeEntry; readonly claims: readonly Claim[] };

/** Until the first has come, a body is taken to have as many bytes. */
const sizeBytesGuess = 16_000;
/** How much the newest body counts in the mean size. */
const newestShare = 1 / 8;
/** How many bodies are looked at for a peer that may not be asked for each of them. */
const lookedAtMax = 4 * limits.blocksInRequestMax;
/** Bodies whose failures are remembered. */
const failedMax = 4 * limits.downloadWindowMax;
/** Peers that are asked for one body at the same time. */
const claimsMax = 2;

export class Download {
  readonly #chain: Chain;
  readonly #peers: Peers;
  readonly #branches = new Set<MissingBodies>();
  readonly #branchOf = new WeakMap<Peer, MissingBodies>();
  readonly #underWay = new Map<BlockHash, UnderWay>();
  /** Who was asked for a missing body and did not deliver it; the oldest first. */
  readonly #failedBy = new Map<BlockHash, Set<PeerId>>();
  #meanSizeBytes = sizeBytesGuess;
  #stallTimeoutMs: number = limits.stallTimeoutMinMs;
  #takeOverAt: Elapsed | undefined;

  constructor(chain: Chain, peers: Peers) {
    this.#chain = chain;
    this.#peers = peers;
  }

  /** When `schedule` is wanted again because a body may be overdue by then. */
  get nextTime(): Elapsed | undefined {
    return this.#takeOverAt;
  }

  /** Requests what is missing from peers that may have it. */
  schedule(now: Elapsed): void {
    for (const peer of this.#peers.takeGone()) this.#forget(peer);
    this.#takeOverAt = undefined;
    const sources = this.#findSources();
    let asking = sources.filter(({ peer }) => now >= peer.backoffUntil);
    const idle = asking.filter(({ peer }) => countUnderWay(peer) === 0);
    while (asking.length > 0) {
      asking = asking.filter((source) => this.#askForMore(source, sources, now));
    }
    for (const source of idle) this.#takeOver(source, now);
  }

  /** Answers those blocks of a response that were requested. */
  received(peer: Peer, request: BlocksRequest, blocks: readonly Block[], now: Elapsed): Block[] {
    const lacking = new Set(request.hashes);
    const delivered = blocks.filter((block) => lacking.delete(hashOfBlock(block)));
    if (delivered.length === 0) {
      this.failed(peer, request, now);
      return [];
    }
    this.#release(peer, request.hashes);
    peer.delivered(now);
    const sizesBytes = delivered.map(totalSizeOfBlock);
    for (const sizeBytes of sizesBytes) this.#noteSize(sizeBytes);
    // A large answer may have had no room for the rest.
    if (sum(sizesBytes) < limits.blocksSizeBytesMax / 2) this.#noteFailure(peer, lacking);
    const hashes = delivered.map(hashOfBlock);
    this.#dropStalling(new Set(hashes.flatMap((hash) => this.#stallingFor(hash, now))));
    for (const hash of hashes) this.#failedBy.delete(hash);
    return delivered;
  }

  /**
   * The peer did not answer in time, or had none of the bodies: others are asked for them. Several
   * requests that fail together are one failure.
   */
  failed(peer: Peer, { hashes }: BlocksRequest, now: Elapsed): void {
    this.#release(peer, hashes);
    this.#noteFailure(peer, hashes);
    if (now < peer.backoffUntil) return;
    peer.rest(now);
    if (peer.deliveries.failed()) this.#peers.drop(peer, "does not deliver the blocks it shows");
  }

  /** The most reliable first. */
  #findSources(): Source[] {
    const sources: Source[] = [];
    for (const peer of this.#peers.all()) {
      const { best } = peer;
      if (!best || best.isInvalid || best.isLinked) continue;
      if (best.work < this.#chain.tip.work) continue; // a rival of equal work is relayed, too
      sources.push({ peer, branch: this.#findBranch(peer, best), last: best });
    }
    const used = new Set(sources.map(({ branch }) => branch));
    for (const branch of this.#branches) if (!used.has(branch)) this.#branches.delete(branch);
    return sources.sort((a, b) => failuresOf(a) - failuresOf(b));
  }

  #findBranch(peer: Peer, best: TreeEntry): MissingBodies {
    const before = this.#branchOf.get(peer);
    const candidates = before && this.#branches.has(before) ? [before] : [];
    for (const branch of [...candidates, ...this.#branches]) {
      if (!branch.reaches(best)) continue;
      this.#branchOf.set(peer, branch);
      return branch;
    }
    const branch = new MissingBodies(best);
    this.#branches.add(branch);
    this.#branchOf.set(peer, branch);
    return branch;
  }

  /** True if the peer got a request. */
  #askForMore(source: Source, sources: readonly Source[], now: Elapsed): boolean {
    const { peer, branch, last } = source;
    const countMax = this.#roomOf(peer);
    if (countMax === 0) return false;
    const entries: TreeEntry[] = [];
    let lookedAt = 0;
    for (const entry of branch.open(last, ({ hash }) => this.#underWay.has(hash))) {
      if (entries.length >= countMax || ++lookedAt > lookedAtMax) break;
      if (this.#isFirstChoice(source, entry, sources)) entries.push(entry);
    }
    return this.#ask(peer, entries, now);
  }

  /** How many bodies the next request may name; fewer after failures. */
  #roomOf(peer: Peer): number {
    const requests = peer.blockRequests();
    if (requests.length >= limits.blockRequestsMax) return 0;
    const bodies = sum(requests.map(({ hashes }) => hashes.length));
    const bytesLeft = limits.bytesInFlightMax - bodies * this.#meanSizeBytes;
    if (requests.length > 0 && bytesLeft < this.#meanSizeBytes) return 0;
    const bytes = Math.min(limits.blocksRequestBytesMax, bytesLeft);
    const count = Math.min(Math.floor(bytes / this.#meanSizeBytes), limits.blocksInRequestMax);
    return Math.max(1, count >> peer.deliveries.failures);
  }

  /** False if another peer that shows the body is more likely to deliver it. */
  #isFirstChoice(source: Source, entry: TreeEntry, sources: readonly Source[]): boolean {
    const failedBy = this.#failedBy.get(entry.hash);
    const rankOf = (each: Source): number =>
      failuresOf(each) + (failedBy?.has(each.peer.id) ? limits.deliveryFailuresMax : 0);
    const rank = rankOf(source);
    if (rank === 0) return true;
    return !sources.some((other) => rankOf(other) < rank && shows(other, entry));
  }

  /** A peer that has nothing left to do gets what others have kept waiting for too long. */
  #takeOver({ peer, branch, last }: Source, now: Elapsed): void {
    if (countUnderWay(peer) > 0 || peer.deliveries.failures > 0) return;
    const overdue: TreeEntry[] = [];
    for (const { entry, claims } of this.#underWay.values()) {
      const [claim] = claims;
      if (claim === undefined || claims.length >= claimsMax || entry.hasBody) continue;
      if (!shows({ peer, branch, last }, entry)) continue;
      if (this.#failedBy.get(entry.hash)?.has(peer.id)) continue;
      const at = (claim.since + this.#stallTimeoutMs) as Elapsed;
      if (at <= now) overdue.push(entry);
      else this.#takeOverAt = Math.min(at, this.#takeOverAt ?? at) as Elapsed;
    }
    overdue.sort((a, b) => a.height - b.height);
    this.#ask(peer, overdue.slice(0, this.#roomOf(peer)), now);
  }

  #ask(peer: Peer, entries: readonly TreeEntry[], now: Elapsed): boolean {
    if (entries.length === 0) return false;
    for (const entry of entries) {
      const claims = this.#underWay.get(entry.hash)?.claims ?? [];
      this.#underWay.set(entry.hash, { entry, claims: [...claims, { peer, since: now }] });
    }
    const hashes = entries.map(({ hash }) => hash);
    this.#peers.ask(peer, { type: "get-blocks", hashes }, now);
    return true;
  }

  /** Those who were asked for a body before, and deliver nothing while others do. */
  #stallingFor(hash: BlockHash, now: Elapsed): Peer[] {
    const claims = this.#underWay.get(hash)?.claims ?? [];
    return claims.flatMap(({ peer, since }) => {
      const silentMs = now - Math.max(since, peer.deliveredAt);
      // One request alone may be one large block.
      return silentMs >= this.#stallTimeoutMs && countUnderWay(peer) > 1 ? [peer] : [];
    });
  }

  /** The next one gets more time: if many are slow, it may be the network. */
  #dropStalling(peers: ReadonlySet<Peer>): void {
    if (peers.size === 0) return;
    this.#stallTimeoutMs = Math.min(this.#stallTimeoutMs * 2, limits.responseTimeoutMaxMs);
    for (const peer of peers) this.#peers.drop(peer, "holds up the download");
  }

  #noteSize(sizeBytes: number): void {
    this.#meanSizeBytes += (sizeBytes - this.#meanSizeBytes) * newestShare;
    const shorterMs = this.#stallTimeoutMs * limits.stallTimeoutDecay;
    this.#stallTimeoutMs = Math.max(limits.stallTimeoutMinMs, shorterMs);
  }

  #noteFailure(peer: Peer, hashes: Iterable<BlockHash>): void {
    for (const hash of hashes) {
      const failedBy = this.#failedBy.get(hash) ?? new Set();
      this.#failedBy.set(hash, failedBy.add(peer.id));
      // Peers come and go, and some may come under ever new names.
      for (const longest of failedBy) {
        if (failedBy.size <= limits.peersMax) break;
        failedBy.delete(longest);
      }
    }
    for (const oldest of this.#failedBy.keys()) {
      if (this.#failedBy.size <= failedMax) break;
      this.#failedBy.delete(oldest);
    }
  }

  /** What a peer was asked for is not under way with it any more. */
  #release(peer: Peer, hashes: readonly BlockHash[]): void {
    for (const hash of hashes) {
      const underWay = this.#underWay.get(hash);
      if (underWay === undefined) continue;
      const { entry } = underWay;
      const claims = underWay.claims.filter((claim) => claim.peer !== peer);
      if (claims.length > 0) {
        this.#underWay.set(hash, { entry, claims });
        continue;
      }
      this.#underWay.delete(hash);
      for (const branch of this.#branches) branch.free(entry);
    }
  }

  #forget(peer: Peer): void {
    for (const { hashes } of peer.blockRequests()) this.#release(peer, hashes);
  }
}

function shows({ branch, last }: Source, entry: TreeEntry): boolean {
  return entry.height <= last.height && branch.has(entry);
}

function failuresOf({ peer }: Source): number {
  return peer.deliveries.failures;
}

function countUnderWay(peer: Peer): number {
  return peer.blockRequests().length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

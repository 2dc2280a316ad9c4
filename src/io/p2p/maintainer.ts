/** Keeps the links a node wants: redials, fills up, renews links without gossip, bans invalid senders. */

import type { GossipSub } from "@libp2p/gossipsub";
import type { Connection, Libp2p, PeerId as Libp2pPeerId } from "@libp2p/interface";
import { peerIdFromString } from "@libp2p/peer-id";
import type { Multiaddr } from "@multiformats/multiaddr";
import type { PeerId } from "../../primitives/brand.ts";
import type { Gate } from "./gate.ts";
import { banScore, hasGossipStream, scoreOf } from "./gossip.ts";
import { dialTimeoutMs } from "./host.ts";
import { peerNamed } from "./identity.ts";
import type { Members } from "./members.ts";
import { shuffled } from "./shuffled.ts";

const tickMs = 500;
/** Redialling waits this long at first, then twice as long each time. */
const backoffMinMs = 500;
const backoffMaxMs = 30_000;
/** Failed dials of a peer that we want only if it is there: about half a minute. */
const failuresMax = 6;
/** A link that lasted this long was a good one: the next loss is redialled at once. */
const settledMs = 10_000;
/** More at once only make each other slow, and slow dials cross those of the other side. */
const dialsAtOnceMax = 4;
/** When two nodes want each other, the later name waits 500 to 1,000 ms for the earlier one. */
const tieBreakMs = 500;
/** Peers whose link we would take up again after a cut. */
const linksMax = 1_000;
/** Ticks, not milliseconds: a stalled process must not mistake its own pause for the peer's. */
const silentTicksMax = 6;
const banMs = 10 * 60_000;

export type MaintainerOptions = {
  readonly host: Libp2p;
  readonly gossip: GossipSub;
  readonly gate: Gate;
  readonly members: Members;
  /** Links of our own that we try to have. 0: only those that were asked for. */
  readonly outboundTarget: number;
};

/** A peer we want a link with. */
type Wanted = {
  readonly target: Multiaddr | Libp2pPeerId;
  readonly until: "for-ever" | "joined";
  /** Unknown until the first dial if the address does not name the peer. */
  peer: PeerId | undefined;
  failures: number;
  notBeforeMs: number;
  isDialling: boolean;
};

/** libp2p has no autodialer of its own, and its KEEP_ALIVE gives up after half a minute. */
export class Maintainer {
  readonly #options: MaintainerOptions;
  /** By address for those wanted for ever, by peer for the others. */
  readonly #wanted = new Map<string, Wanted>();
  /** Since when each peer is joined that we are, or were, linked with; the oldest first. */
  readonly #links = new Map<PeerId, number>();
  readonly #silentTicks = new Map<PeerId, number>();
  #timer: NodeJS.Timeout | undefined;
  #isSeeking = false;

  constructor(options: MaintainerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), tickMs);
    this.#dialDue();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#wanted.clear();
  }

  /**
   * Redials this address for ever. Its peer is found out by dialling if the address does not name
   * it.
   */
  keep(address: Multiaddr, remote?: Libp2pPeerId): void {
    const named = address.getComponents().findLast(({ name }) => name === "p2p")?.value;
    const id = named === undefined ? remote : peerIdFromString(named);
    const peer = id === undefined ? undefined : peerNamed(id);
    const key = address.toString();
    if (peer === this.#me || this.#wanted.has(key)) return;
    this.#wanted.set(key, wantedFrom(address, "for-ever", peer));
  }

  /**
   * No longer redials a peer, unless it is one of the addresses to keep: that one is dialled later.
   */
  rest(peer: PeerId): void {
    this.#links.delete(peer);
    for (const [key, wanted] of this.#wanted) {
      if (wanted.peer !== peer) continue;
      if (wanted.until === "joined") this.#wanted.delete(key);
      else wanted.notBeforeMs = performance.now() + backoffMaxMs;
    }
  }

  joined(peer: PeerId): void {
    this.#links.delete(peer);
    this.#links.set(peer, performance.now());
    const oldest = this.#links.keys().next();
    if (this.#links.size > linksMax && !oldest.done) this.#links.delete(oldest.value);
  }

  /** A new address is known; it is dialled at once if we have too few links. */
  learned(): void {
    void this.#seek();
  }

  /** Takes up links again that a cut had parted. */
  healed(peers: readonly PeerId[]): void {
    for (const wanted of this.#wanted.values()) {
      wanted.failures = 0;
      wanted.notBeforeMs = 0;
    }
    for (const peer of peers) if (this.#links.has(peer)) this.#want(peer);
    this.#dialDue();
  }

  /** Ends a link at once, without waiting for the other side. */
  drop(peer: PeerId): void {
    for (const connection of this.#connectionsOf(peer)) connection.abort(new Error("dropped"));
  }

  get #me(): PeerId {
    return peerNamed(this.#options.host.peerId);
  }

  #tick(): void {
    this.#options.members.reconcile();
    this.#judgeScores();
    this.#reviveGossip();
    this.#dialDue();
    void this.#seek();
  }

  /** gossipsub ignores a peer of low score, but stays connected with it. */
  #judgeScores(): void {
    const { gossip, gate, members } = this.#options;
    for (const peer of members.names()) {
      if (scoreOf(gossip, peer) < banScore) gate.ban(peer, banMs);
    }
  }

  /**
   * A gossip stream that was reset is never opened again on a live connection, though the peer
   * still seems to be subscribed. Only a new connection helps.
   */
  #reviveGossip(): void {
    for (const peer of this.#silentTicks.keys()) {
      if (!this.#options.members.has(peer)) this.#silentTicks.delete(peer);
    }
    for (const peer of this.#options.members.names()) {
      const isSilent = !hasGossipStream(this.#connectionsOf(peer));
      const ticks = isSilent ? (this.#silentTicks.get(peer) ?? 0) + 1 : 0;
      this.#silentTicks.set(peer, ticks);
      if (ticks < silentTicksMax) continue;
      this.drop(peer);
      this.#want(peer);
    }
  }

  #dialDue(): void {
    const { gate, members } = this.#options;
    const nowMs = performance.now();
    for (const [key, wanted] of this.#wanted) {
      if (wanted.peer !== undefined && members.has(wanted.peer)) {
        if (wanted.until === "joined") this.#wanted.delete(key);
        else if (this.#isSettled(wanted.peer)) wanted.failures = 0;
        continue;
      }
      if (wanted.peer !== undefined && gate.isDenied(wanted.peer)) {
        if (wanted.until === "joined") this.#wanted.delete(key);
        continue;
      }
      if (wanted.isDialling || nowMs < wanted.notBeforeMs) continue;
      if (wanted.until === "joined") {
        if (this.#dialsUnderWay() >= dialsAtOnceMax) continue;
        if (wanted.failures >= failuresMax) {
          this.#giveUp(key, wanted);
          continue;
        }
      }
      void this.#dial(wanted);
    }
  }

  /** Only joining counts as success: a dial also resolves when the peer then refuses us. */
  async #dial(wanted: Wanted): Promise<void> {
    const { host } = this.#options;
    wanted.notBeforeMs = performance.now() + backoffAfter(wanted.failures);
    wanted.failures += 1;
    wanted.isDialling = true;
    try {
      const signal = AbortSignal.timeout(dialTimeoutMs);
      const { remotePeer } = await host.dial(wanted.target, { signal });
      wanted.peer = peerNamed(remotePeer);
    } catch {
      // No peer there; the next try waits longer.
    } finally {
      wanted.isDialling = false;
    }
    this.#dialDue();
  }

  #dialsUnderWay(): number {
    return [...this.#wanted.values()].filter(({ isDialling }) => isDialling).length;
  }

  /** Drops the peer's addresses, too: it is known again as soon as another peer announces it. */
  #giveUp(key: string, wanted: Wanted): void {
    this.#wanted.delete(key);
    if (wanted.peer === undefined) return;
    this.#links.delete(wanted.peer);
    this.#options.host.peerStore.delete(peerIdFromString(wanted.peer)).catch(() => {
      // Already gone.
    });
  }

  /** Wants more peers from the peer store while we have too few links of our own. */
  async #seek(): Promise<void> {
    const { host, members, outboundTarget } = this.#options;
    const missing = this.#missingLinks();
    if (this.#isSeeking || missing <= 0) return;
    this.#isSeeking = true;
    try {
      const known = await host.peerStore.all();
      const fit = known.filter(({ id, addresses }) => {
        const peer = peerNamed(id);
        return addresses.length > 0 && peer !== this.#me && !members.has(peer);
      });
      const strangers = fit.map(({ id }) => peerNamed(id)).filter((peer) => !this.#isWanted(peer));
      for (const peer of shuffled(strangers).slice(0, Math.min(missing, outboundTarget))) {
        if (!this.#options.gate.isDenied(peer) && this.#timer !== undefined) this.#want(peer);
      }
    } finally {
      this.#isSeeking = false;
    }
    this.#dialDue();
  }

  #missingLinks(): number {
    const { members, outboundTarget } = this.#options;
    const own = members.all().filter(({ direction }) => direction === "outbound").length;
    const underWay = [...this.#wanted.values()].filter(({ until }) => until === "joined").length;
    return outboundTarget - own - underWay;
  }

  #isWanted(peer: PeerId): boolean {
    return [...this.#wanted.values()].some((wanted) => wanted.peer === peer);
  }

  /** Dialling at the same moment gives two connections, so the later name waits for the other. */
  #want(peer: PeerId): void {
    if (this.#isWanted(peer)) return;
    const wanted = wantedFrom(peerIdFromString(peer), "joined", peer);
    if (this.#me > peer) {
      wanted.notBeforeMs = performance.now() + tieBreakMs * (1 + Math.random());
    }
    this.#wanted.set(peer, wanted);
  }

  #isSettled(peer: PeerId): boolean {
    return performance.now() - (this.#links.get(peer) ?? Infinity) > settledMs;
  }

  #connectionsOf(peer: PeerId): Connection[] {
    return this.#options.host.getConnections(peerIdFromString(peer));
  }
}

function wantedFrom(
  target: Multiaddr | Libp2pPeerId,
  until: Wanted["until"],
  peer: PeerId | undefined,
): Wanted {
  return { target, until, peer, failures: 0, notBeforeMs: 0, isDialling: false };
}

/** Between three and five quarters of the nominal wait, so that nodes do not dial in step. */
function backoffAfter(failures: number): number {
  return Math.min(backoffMaxMs, backoffMinMs * 2 ** failures) * (0.75 + Math.random() / 2);
}

/** The peers: their status, what they were asked, and their penalties. */

import type { Now } from "../machine/now.ts";
import type { BlockHash, Elapsed, Milliseconds, PeerId } from "../primitives/brand.ts";
import { limits } from "./limits.ts";
import type { Request, RequestId } from "./message.ts";
import { Peer } from "./peer.ts";

/** What must be sent or ended, in the order in which it was decided. */
export type PeerAction =
  | {
      readonly type: "request";
      readonly to: PeerId;
      readonly id: RequestId;
      readonly request: Request;
    }
  /** Ends the connection; if `banMs` is above zero, none is made again for so long. */
  | {
      readonly type: "disconnect";
      readonly peer: PeerId;
      readonly reason: string;
      readonly banMs: number;
    };

export type PeerSummary = {
  readonly peer: PeerId;
  /** It has sent its status. */
  readonly isReady: boolean;
  /** Its claims, not what it has shown. */
  readonly height: number;
  /** Expected hashes from genesis to its tip. */
  readonly work: bigint;
  readonly tip: BlockHash | undefined;
  /** Points; at `limits.penaltyMax` it is banned. */
  readonly penalty: number;
  readonly joinedAt: Milliseconds;
};

export class Peers {
  readonly #peers = new Map<PeerId, Peer>();
  readonly #gone: Peer[] = [];
  #lastRequest = 0;
  #actions: PeerAction[] = [];

  list(now: Elapsed): readonly PeerSummary[] {
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

  get(id: PeerId): Peer | undefined {
    return this.#peers.get(id);
  }

  /** In the order in which they joined. */
  all(): Iterable<Peer> {
    return this.#peers.values();
  }

  /** True once it has sent its status. */
  isReady(id: PeerId): boolean {
    return this.#peers.get(id)?.isReady === true;
  }

  /** The newcomer; undefined if it is here already, or turned away because there are enough. */
  join(id: PeerId, now: Now): Peer | undefined {
    if (this.#peers.has(id)) return undefined;
    if (this.#peers.size >= limits.peersMax) {
      const reason = `${limits.peersMax} peers are enough`;
      this.#actions.push({ type: "disconnect", peer: id, reason, banMs: 0 });
      return undefined;
    }
    const peer = new Peer(id, now);
    this.#peers.set(id, peer);
    return peer;
  }

  /** True if it was among the peers. */
  leave(id: PeerId): boolean {
    const peer = this.#peers.get(id);
    if (peer) this.#gone.push(peer);
    return this.#peers.delete(id);
  }

  ask(peer: Peer, request: Request, now: Elapsed): void {
    const id = ++this.#lastRequest as RequestId;
    peer.pending.set(id, { request, deadline: peer.deadlineOf(request, now) });
    this.#actions.push({ type: "request", to: peer.id, id, request });
  }

  /** Adds points for a fault; at the limit the peer is banned. */
  penalise(id: PeerId, points: number, reason: string, now: Elapsed): void {
    const peer = this.#peers.get(id);
    if (peer === undefined || points <= 0) return;
    if (peer.penalise(points, now)) this.ban(peer, reason);
  }

  drop(peer: Peer, reason: string): void {
    this.#end(peer, reason, 0);
  }

  ban(peer: Peer, reason: string): void {
    this.#end(peer, reason, limits.banMs);
  }

  /** Takes the actions that have gathered, in order. */
  takeActions(): PeerAction[] {
    const actions = this.#actions;
    this.#actions = [];
    return actions;
  }

  /** Takes those that are not among the peers any more, in the order in which they went. */
  takeGone(): readonly Peer[] {
    return this.#gone.splice(0);
  }

  #end(peer: Peer, reason: string, banMs: number): void {
    if (!this.leave(peer.id)) return;
    this.#actions.push({ type: "disconnect", peer: peer.id, reason, banMs });
  }
}

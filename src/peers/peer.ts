/** One peer: what it claims, what it was asked, and how it behaved. */

import type { TreeEntry } from "../chain/tree.ts";
import type { Now } from "../machine/now.ts";
import type { BlockHash, Elapsed, Milliseconds, PeerId } from "../primitives/brand.ts";
import type { Header } from "../primitives/header.ts";
import { limits } from "./limits.ts";
import type { Request, RequestId, Status } from "./message.ts";

/** A question that has not been answered yet. */
export type Pending = { readonly request: Request; readonly deadline: Elapsed };

/** How far ahead of our wall clock a block was that a peer relayed as new. */
export type ClockSample = { readonly aheadSeconds: number; readonly elapsed: Elapsed };

export class Peer {
  readonly id: PeerId;
  readonly joinedAt: Milliseconds;
  readonly pending = new Map<RequestId, Pending>();
  /** Its newest claim; undefined until the handshake. */
  status: Status | undefined;
  statusAt: Elapsed;
  /** The best block that its headers led us to. */
  best: TreeEntry | undefined;
  /** Headers of a branch that has not shown more work than ours yet. */
  headers: readonly Header[] = [];
  /** The tip up to which it has shown all its headers. */
  headersSyncedTip: BlockHash | undefined;
  /**
   * Its headers are ahead of our clock, or it moved while it sent them, or they are above a block that
   * was invalidated here: they are requested again after its next status.
   */
  isHeadersPutOff = false;
  /** It relayed a block whose parent it has not shown. */
  announcedUnknownParent = false;
  /** When it is asked again what waits there. */
  mempoolDueAt = 0 as Elapsed;
  /** The oldest first; few. */
  clockSamples: readonly ClockSample[] = [];
  /** It is asked nothing before this. */
  backoffUntil = 0 as Elapsed;
  #timeoutMs: number = limits.responseTimeoutMinMs;
  #failures = 0;
  #penalty = 0;
  #penaltyAt: Elapsed;

  constructor(id: PeerId, now: Now) {
    this.id = id;
    this.joinedAt = now.wall;
    this.statusAt = now.elapsed;
    this.#penaltyAt = now.elapsed;
  }

  get isReady(): boolean {
    return this.status !== undefined;
  }

  deadlineFrom(now: Elapsed): Elapsed {
    return (now + this.#timeoutMs) as Elapsed;
  }

  isAsked(type: Request["type"]): boolean {
    for (const { request } of this.pending.values()) if (request.type === type) return true;
    return false;
  }

  /** The blocks that it was asked for and has not sent. */
  *blocksInFlight(): Iterable<BlockHash> {
    for (const { request } of this.pending.values()) {
      if (request.type === "get-blocks") yield* request.hashes;
    }
  }

  answered(): void {
    this.#failures = 0;
    this.#timeoutMs = limits.responseTimeoutMinMs;
  }

  /** Notes that it did not answer; true if it has failed too often in a row. */
  failed(now: Elapsed): boolean {
    this.#failures += 1;
    this.#timeoutMs = Math.min(this.#timeoutMs * 2, limits.responseTimeoutMaxMs);
    this.backoffUntil = (now + limits.backoffMs) as Elapsed;
    return this.#failures >= limits.failuresMax;
  }

  penaltyAt(now: Elapsed): number {
    const forgiven = ((now - this.#penaltyAt) / 60_000) * limits.penaltyDecayPerMinute;
    return Math.max(0, this.#penalty - forgiven);
  }

  /** Adds points; true if it must be banned. */
  penalise(points: number, now: Elapsed): boolean {
    this.#penalty = this.penaltyAt(now) + points;
    this.#penaltyAt = now;
    return this.#penalty >= limits.penaltyMax;
  }
}

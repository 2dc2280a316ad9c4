/** One peer: what it claims, what it was asked, and how it behaved. */

import type { TreeEntry } from "../chain/tree.ts";
import type { Now } from "../machine/now.ts";
import type { BlockHash, Elapsed, Milliseconds, PeerId } from "../primitives/brand.ts";
import type { Header } from "../primitives/header.ts";
import { limits } from "./limits.ts";
import type { BlocksRequest, Request, RequestId, Status } from "./message.ts";
import { Patience } from "./patience.ts";

/** A question that has not been answered yet. */
export type Pending = {
  readonly request: Request;
  readonly deadline: Elapsed;
  /** It has been given up, but bodies are taken whenever they come. */
  readonly isLate?: true;
};

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
  /** What it claimed when it was asked for headers last. */
  headersAskedOf: Status | undefined;
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
  /** For all but blocks: who answers everything else may still hold them back. */
  readonly answers = new Patience(limits.failuresMax);
  readonly deliveries = new Patience(limits.deliveryFailuresMax);
  /** When blocks last came from it that were requested. */
  deliveredAt = 0 as Elapsed;
  #penalty = 0;
  #penaltyAt: Elapsed;

  constructor(id: PeerId, now: Now) {
    this.id = id;
    this.joinedAt = now.wall;
    this.statusAt = now.elapsed;
    this.#penaltyAt = now.elapsed;
  }

  /** Of the best block that it has shown, unless that is invalid by now. */
  get shownWork(): bigint {
    return this.best === undefined || this.best.isInvalid ? 0n : this.best.work;
  }

  get isReady(): boolean {
    return this.status !== undefined;
  }

  deadlineOf(request: Request, now: Elapsed): Elapsed {
    const patience = request.type === "get-blocks" ? this.deliveries : this.answers;
    return patience.deadlineFrom(now);
  }

  isAsked(type: Request["type"]): boolean {
    for (const { request } of this.pending.values()) if (request.type === type) return true;
    return false;
  }

  /** The requests for blocks that have been neither answered nor given up. */
  blockRequests(): BlocksRequest[] {
    const requests: BlocksRequest[] = [];
    for (const { request, isLate } of this.pending.values()) {
      if (request.type === "get-blocks" && !isLate) requests.push(request);
    }
    return requests;
  }

  /** Gives up a request for blocks, but still takes what comes. */
  letPass(id: RequestId, pending: Pending): void {
    this.pending.set(id, { ...pending, isLate: true });
    const late = Array.from(this.pending).filter(([, { isLate }]) => isLate);
    for (const [oldest] of late.slice(0, -limits.lateRequestsMax)) this.pending.delete(oldest);
  }

  /** Blocks came from it: whatever it was asked for behind them gets its time from now on. */
  delivered(now: Elapsed): void {
    this.deliveries.answered();
    this.deliveredAt = now;
    for (const [id, pending] of this.pending) {
      if (pending.request.type !== "get-blocks" || pending.isLate) continue;
      this.pending.set(id, { ...pending, deadline: this.deliveries.deadlineFrom(now) });
    }
  }

  /** It is asked nothing for a moment. */
  rest(now: Elapsed): void {
    this.backoffUntil = (now + limits.backoffMs) as Elapsed;
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

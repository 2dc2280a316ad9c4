/**
 * Requests of clients that a node has taken and not answered. A process that does not lead names who
 * does: the request goes on to that node, under the same id, until there is an answer or it is late.
 */

import type { PeerId } from "../../../primitives/brand.ts";
import type { Answer, Command, RequestId } from "../../../protocols/process/key-value.ts";
import type { FinalAnswer } from "../protocol/key-value.ts";
import type { Time } from "../time.ts";

/** How a request ended for the node that took it. */
export type RequestEnd =
  | { readonly type: "answered"; readonly answer: FinalAnswer }
  /** No process ever took it: it was not carried out, and never will be. */
  | { readonly type: "not-taken" }
  /** A process may have taken it, and may still carry it out. */
  | { readonly type: "unknown" };

/** One time that a request is handed to a process. */
export type Attempt = {
  readonly id: RequestId;
  readonly command: Command;
  /** Counts the attempts of this request, from 1. */
  readonly attempt: number;
};

export type OpenRequestsOptions = {
  readonly time: Time;
  /** Hands it to the node's own process, which may answer before this returns. */
  readonly hand: (attempt: Attempt) => void;
  readonly forward: (to: PeerId, attempt: Attempt) => void;
};

type Open = {
  readonly id: RequestId;
  readonly command: Command;
  readonly end: (end: RequestEnd) => void;
  readonly cancelDeadline: () => void;
  cancelRetry: () => void;
  attempts: number;
  /** Attempts of which it is not known that no process keeps them. */
  readonly unsettled: Set<number>;
};

/** Maelstrom's clients wait a second at least (workload/lin_kv.clj): an answer should come before. */
export const answerWithinMs = 900;
/** Without an answer for so long it asks anew, of the node that leads by then. */
const retryMs = 400;
/** Until it asks again where no node is known to lead. */
const pauseMs = 100;
/** More are refused. */
export const openMax = 10_000;

export class OpenRequests {
  readonly #options: OpenRequestsOptions;
  readonly #open = new Map<string, Open>();

  constructor(options: OpenRequestsOptions) {
    this.#options = options;
  }

  /** Each request ends exactly once; one that comes again while it is open does not begin anew. */
  begin(id: RequestId, command: Command, end: (end: RequestEnd) => void): void {
    const key = keyOf(id);
    if (this.#open.has(key)) return;
    if (this.#open.size >= openMax) {
      end({ type: "not-taken" });
      return;
    }
    const open: Open = {
      ...{ id, command, end },
      cancelDeadline: this.#options.time.after(answerWithinMs, () => this.#giveUp(key)),
      cancelRetry: () => undefined,
      attempts: 0,
      unsettled: new Set(),
    };
    this.#open.set(key, open);
    this.#attempt(open, (attempt) => this.#options.hand(attempt));
  }

  /** A process has answered. @param attempt if that was in the very step that was handed it. */
  receive(id: RequestId, answer: Answer, attempt?: number): void {
    const open = this.#open.get(keyOf(id));
    if (open === undefined) return;
    if (answer.type !== "redirected") {
      this.#end(open, { type: "answered", answer });
      return;
    }
    if (attempt !== undefined) open.unsettled.delete(attempt);
    this.#retryAfter(open, pauseMs);
  }

  /** The node's own process says who leads, if it knows that; otherwise as `receive`. */
  follow(id: RequestId, leader: PeerId | undefined, attempt?: number): void {
    this.receive(id, { type: "redirected", leader }, attempt);
    const open = this.#open.get(keyOf(id));
    if (open === undefined || leader === undefined) return;
    this.#attempt(open, (next) => this.#options.forward(leader, next));
  }

  #attempt(open: Open, hand: (attempt: Attempt) => void): void {
    const attempt = ++open.attempts;
    open.unsettled.add(attempt);
    this.#retryAfter(open, retryMs);
    hand({ id: open.id, command: open.command, attempt });
  }

  #retryAfter(open: Open, delayMs: number): void {
    open.cancelRetry();
    open.cancelRetry = this.#options.time.after(delayMs, () => {
      this.#attempt(open, (attempt) => this.#options.hand(attempt));
    });
  }

  #giveUp(key: string): void {
    const open = this.#open.get(key);
    if (open === undefined) return;
    this.#end(open, { type: open.unsettled.size > 0 ? "unknown" : "not-taken" });
  }

  #end(open: Open, end: RequestEnd): void {
    open.cancelRetry();
    open.cancelDeadline();
    this.#open.delete(keyOf(open.id));
    open.end(end);
  }
}

/** The name of a request in a map. */
export function keyOf({ client, number }: RequestId): string {
  return `${number} ${client}`;
}

/** A node as the methods of its JSON-RPC see it. */

import type { Queries } from "../../../queries/queries.ts";
import type { ServedNode } from "../../../queries/served-node.ts";
import { Arrivals } from "./arrivals.ts";
import { PeerNumbers } from "./peer-numbers.ts";
import { Walks } from "./walks.ts";

export type RpcNodeOptions = {
  readonly queries: Queries;
  /** Ends the program that the node is; undefined where another program decides that. */
  readonly stop?: () => void;
  /** Called with failures that are ours; a caller gets one line. */
  readonly onFailure?: (error: unknown) => void;
};

/** A call that has no answer yet. */
export type ActiveCall = { readonly method: string; readonly sinceMs: number };

export class RpcNode {
  readonly queries: Queries;
  readonly served: ServedNode;
  readonly arrivals: Arrivals;
  readonly walks = new Walks();
  readonly peerNumbers = new PeerNumbers();
  /** Multiaddrs that callers added. */
  readonly addedNodes = new Set<string>();
  readonly stop: (() => void) | undefined;
  readonly #onFailure: RpcNodeOptions["onFailure"];
  readonly #active = new Set<ActiveCall>();

  /** Make it before the node has news: when transactions came is noted from here on. */
  constructor({ queries, stop, onFailure }: RpcNodeOptions) {
    this.queries = queries;
    this.served = queries.served;
    this.arrivals = new Arrivals(this.served);
    this.stop = stop;
    this.#onFailure = onFailure;
  }

  reportFailure(error: unknown): void {
    this.#onFailure?.(error);
  }

  get activeCalls(): Iterable<ActiveCall> {
    return this.#active;
  }

  /** Notes that a call begins; what it answers ends it. */
  begin(method: string): () => void {
    const call = { method, sinceMs: performance.now() };
    this.#active.add(call);
    return () => void this.#active.delete(call);
  }
}

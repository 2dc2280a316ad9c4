/** One client of the WebSocket: what it wants, what it tracks, and which transactions it has seen wait. */

import type { LiveJson, Wantable } from "../../../contract/mempool-space.ts";
import type { TransactionJson } from "../../../contract/node-api.ts";
import type { Txid } from "../../../primitives/brand.ts";

/** Waiting transactions of a tracked address that are remembered, so that it can be told they have gone. */
const rememberedMax = 1_000;

export class LiveClient {
  wants: ReadonlySet<Wantable> = new Set();
  transaction: Txid | null = null;
  readonly send: (json: LiveJson) => void;
  /** The script of the tracked address. */
  #script: Uint8Array | null = null;
  readonly #waiting = new Map<string, TransactionJson>();

  constructor(send: (json: LiveJson) => void) {
    this.send = send;
  }

  get script(): Uint8Array | null {
    return this.#script;
  }

  track(script: Uint8Array | null, waiting: readonly TransactionJson[]): void {
    this.#script = script;
    this.#waiting.clear();
    for (const transaction of waiting) this.remember(transaction);
  }

  remember(transaction: TransactionJson): void {
    this.#waiting.set(transaction.txid, transaction);
    if (this.#waiting.size <= rememberedMax) return;
    for (const oldest of this.#waiting.keys()) {
      this.#waiting.delete(oldest);
      return;
    }
  }

  /** @returns the transaction if it waited and touched the tracked address. */
  forget(txid: string): TransactionJson | undefined {
    const transaction = this.#waiting.get(txid);
    this.#waiting.delete(txid);
    return transaction;
  }
}

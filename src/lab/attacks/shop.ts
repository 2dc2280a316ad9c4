/** The shop: it watches its own node over REST, counts confirmations, and delivers when they suffice. */

import type { ShopView } from "../../attacks/record/step.ts";
import type { AttackStep } from "../../contract/attacks.ts";
import type { EventJson } from "../../contract/node-api.ts";
import type { BlockHash, Milliseconds, Txid } from "../../primitives/brand.ts";
import type { NodeClient } from "../../wallet/client.ts";
import { openEvents } from "../timeline/event-stream.ts";

export type ShopOptions = {
  readonly client: NodeClient;
  readonly payment: Txid;
  /** What it waits for before it delivers. */
  readonly confirmations: number;
  readonly tell: (step: AttackStep) => void;
  readonly onDelivery: () => void;
};

/** Follows the node's event stream, so that no state of its chain is missed, however short. */
export class Shop {
  readonly #options: ShopOptions;
  readonly #views: ShopView[] = [];
  /** Blocks with the payment, on any branch. */
  readonly #paid = new Map<BlockHash, number>();
  /** The one that is in the node's chain. */
  #active: { readonly hash: BlockHash; readonly height: number } | undefined;
  #state: ShopView["state"] = "unknown";
  #height = 0;
  #depth = 0;
  #deliveredAt: number | null = null;

  constructor(options: ShopOptions) {
    this.#options = options;
  }

  /** Each change of what the shop knows about its payment. */
  get views(): readonly ShopView[] {
    return this.#views;
  }

  get isPaid(): boolean {
    return this.#active !== undefined;
  }

  /** Blocks of the deepest reorganisation that took the payment's block back. */
  get reorganisationDepth(): number {
    return this.#depth;
  }

  /** The number of confirmations at which it delivered; null if it has not. */
  get deliveredAt(): number | null {
    return this.#deliveredAt;
  }

  /** Watches from before it begins until it has ended; aborting the signal ends it early. */
  async during<Result>(signal: AbortSignal, act: () => Promise<Result>): Promise<Result> {
    const { client } = this.#options;
    const closing = new AbortController();
    const events = await openEvents(client, AbortSignal.any([closing.signal, signal]));
    this.#height = (await client.node()).height;
    const blinded = this.#follow(events).catch(() => undefined); // the lab closes, or the shop does
    try {
      return await act();
    } finally {
      closing.abort();
      await blinded;
    }
  }

  async #follow(events: AsyncIterable<EventJson>): Promise<void> {
    for await (const event of events) await this.#note(event);
  }

  async #note(event: EventJson): Promise<void> {
    const { payment, client } = this.#options;
    switch (event.type) {
      case "block-accepted": {
        const txids = await client.blockTxids(event.hash);
        if (txids.includes(payment)) this.#paid.set(event.hash, event.height);
        return;
      }
      case "tip-extended":
        this.#connect(event.tip);
        this.#height = event.height;
        this.#look(event.at);
        return;
      case "reorganised":
        this.#disconnect(event);
        for (const hash of event.forth) this.#connect(hash);
        this.#height = event.height;
        this.#look(event.at);
        return;
      case "transaction-admitted":
        if (event.txid === payment) this.#wait("waiting", event.at);
        return;
      case "transaction-removed":
        if (event.txid === payment) this.#wait("gone", event.at);
        return;
      case "block-rejected":
      case "peer-ready":
      case "peer-left":
      case "peer-banned":
      case "miners-rest":
      case "clock-disagrees":
    }
  }

  #connect(hash: BlockHash): void {
    const height = this.#paid.get(hash);
    if (height !== undefined) this.#active = { hash, height };
  }

  #disconnect({ back, depth, readmitted }: EventJson & { readonly type: "reorganised" }): void {
    if (this.#active === undefined || !back.includes(this.#active.hash)) return;
    this.#active = undefined;
    this.#depth = Math.max(this.#depth, depth);
    this.#state = readmitted.includes(this.#options.payment) ? "waiting" : "gone";
  }

  #wait(state: "waiting" | "gone", at: Milliseconds): void {
    this.#state = state;
    this.#look(at);
  }

  #look(at: Milliseconds): void {
    const height = this.#height;
    const confirmations = this.#active === undefined ? 0 : height - this.#active.height + 1;
    const state = this.#active === undefined ? this.#state : "confirmed";
    const last = this.#views.at(-1) ?? { state: "unknown", confirmations: 0 };
    if (last.state === state && last.confirmations === confirmations) return;
    const view = { at, height, state, confirmations };
    this.#views.push(view);
    this.#options.tell({ type: "shop", seen: view });
    this.#deliverAt(confirmations);
  }

  #deliverAt(confirmations: number): void {
    if (this.#deliveredAt !== null || confirmations < this.#options.confirmations) return;
    this.#deliveredAt = confirmations;
    this.#options.tell({ type: "delivered", confirmations });
    this.#options.onDelivery();
  }
}

/**
 * A network of nodes that run already, as an attacker that has joined it sees it: its own node, and
 * the REST API of the shop's.
 */

import { attackerName, shopName } from "../../attacks/record/participants.ts";
import type { Shares } from "../../contract/network.ts";
import type { LabFacts } from "../../contract/timeline.ts";
import { readClocks } from "../../io/platform/clocks.ts";
import type { Elapsed, Milliseconds } from "../../primitives/brand.ts";
import type { NodeClient } from "../../wallet/client.ts";
import type { NodeWallet } from "../money/node-wallet.ts";
import { LeverError } from "../nodes/lever-error.ts";
import type { Member } from "../nodes/member.ts";
import { openEvents } from "../timeline/event-stream.ts";
import { NetworkObserver } from "../timeline/network-observer.ts";
import type { AttackedLab } from "./attacked-lab.ts";

export type JoinedNetworkParts = {
  readonly attacker: Member;
  readonly wallet: NodeWallet;
  /** Of the shop's node. */
  readonly shop: NodeClient;
  /** The output script that a payment to the shop pays. */
  readonly shopScript: Uint8Array;
  /** What all others together hash a second, as their blocks show. */
  readonly honestHashrate: number;
  readonly timelinePath: string;
  readonly record: (facts: LabFacts, at: Milliseconds) => void;
};

/** How long an event waits for the node that has not reported it. */
const pendingMsMax = 500;
const pendingIntervalMs = 100;
/** The others exist, however strong the attacker is. */
const shareMax = 0.99;

export class JoinedNetwork implements AttackedLab {
  readonly isPartitioned = false;
  /** The customer gives the payment to the shop itself. */
  readonly payeeEntry = shopName;
  readonly observer: NetworkObserver;
  readonly #parts: JoinedNetworkParts;
  #share = 0;

  constructor(parts: JoinedNetworkParts) {
    this.#parts = parts;
    this.observer = new NetworkObserver([attackerName, shopName], parts.record);
  }

  get timelinePath(): string {
    return this.#parts.timelinePath;
  }

  get shares(): Shares {
    return { [attackerName]: this.#share, others: 1 - this.#share };
  }

  memberNamed(name: string): Member | undefined {
    return name === attackerName ? this.#parts.attacker : undefined;
  }

  walletOf(name: string): NodeWallet {
    if (name === attackerName) return this.#parts.wallet;
    throw new LeverError(`${name} has no wallet here`);
  }

  scriptOf(name: string): Uint8Array {
    return name === shopName ? this.#parts.shopScript : this.walletOf(name).key.script;
  }

  /** Who asks about the public chain asks the shop's node. */
  clientOf(): NodeClient {
    return this.#parts.shop;
  }

  /** The attacker hashes so much that it has this share beside the others. */
  async setShares(changes: Shares): Promise<void> {
    const share = Math.min(changes[attackerName] ?? this.#share, shareMax);
    await this.#parts.attacker.setHashrate((this.#parts.honestHashrate * share) / (1 - share));
    this.#share = share;
  }

  partition(): Promise<void> {
    throw new LeverError("the links between nodes that were started elsewhere cannot be cut");
  }

  heal(): Promise<void> {
    return this.partition();
  }

  /** Reports what both nodes tell, until the signal is aborted. Resolves when it misses no event. */
  async follow(signal: AbortSignal): Promise<void> {
    const { attacker, shop, record } = this.#parts;
    const events = await openEvents(shop, signal);
    const [own, theirs] = await Promise.all([attacker.status(), shop.node()]);
    const [ownTip, theirTip] = [own.tip, theirs.tip];
    this.#admit(attackerName, { ...own, peerId: attacker.peerId, tip: ownTip });
    this.#admit(shopName, { ...theirs, peerId: theirs.peer_id, tip: theirTip });
    attacker.onNews((news, isSecret) => {
      record({ type: "news", node: attackerName, news }, news.at);
      this.observer.receive(attackerName, news, isSecret, readClocks().elapsed);
    });
    void this.#followShop(events).catch(() => undefined); // aborted, or the shop's node has ended
    const timer = setInterval(() => {
      this.observer.writePending((readClocks().elapsed - pendingMsMax) as Elapsed);
    }, pendingIntervalMs);
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  }

  #admit(node: string, facts: Omit<Extract<LabFacts, { type: "node-up" }>, "type" | "node">): void {
    const { peerId, tip, height, work } = facts;
    this.observer.setTip(node, tip, height);
    const at = Date.now() as Milliseconds;
    this.#parts.record({ type: "node-up", node, peerId, height, tip, work }, at);
  }

  async #followShop(events: Awaited<ReturnType<typeof openEvents>>): Promise<void> {
    for await (const news of events) {
      this.#parts.record({ type: "news", node: shopName, news }, news.at);
      this.observer.receive(shopName, news, false, readClocks().elapsed);
    }
  }
}

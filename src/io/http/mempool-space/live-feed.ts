/** Tells the clients of the WebSocket what changes for them. */

import type { LiveJson } from "../../../contract/mempool-space.ts";
import type { News } from "../../../node/news.ts";
import type { BlockHash, Txid } from "../../../primitives/brand.ts";
import { payToTaproot } from "../../../primitives/script.ts";
import { txidOf } from "../../../primitives/transaction.ts";
import { unreachable } from "../../../primitives/verdict.ts";
import { noKey } from "../../queries/key-history.ts";
import { newestWaiting } from "../../queries/newest-waiting.ts";
import type { Queries } from "../../queries/queries.ts";
import type { FoundTransaction } from "../../queries/transactions.ts";
import { PlainError } from "../esplora/plain-text.ts";
import { recentJson, transactionJson } from "../esplora/shapes.ts";
import { keyFrom } from "../esplora/values.ts";
import { LiveClient } from "./live-client.ts";
import { type LiveOrder, readLiveOrder } from "./live-order.ts";
import { spendingOf, touches } from "./touched.ts";
import type { MempoolSpaceView } from "./view.ts";

/** So long changes of the mempool are gathered: as often a miner would make a new template. */
const gatherMs = 200;
/** @see mempool.space, INITIAL_BLOCKS_AMOUNT */
const firstBlocksMax = 8;
const recentMax = 6;
/** Of a tracked address, at its start. */
const waitingMax = 50;

export class LiveFeed {
  readonly #queries: Queries;
  readonly #view: MempoolSpaceView;
  readonly #clients = new Set<LiveClient>();
  #gathering: NodeJS.Timeout | undefined;

  constructor(queries: Queries, view: MempoolSpaceView) {
    this.#queries = queries;
    this.#view = view;
    queries.served.runner.onNews((news) => this.#note(news));
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  add(send: (json: LiveJson) => void): LiveClient {
    const client = new LiveClient(send);
    this.#clients.add(client);
    return client;
  }

  remove(client: LiveClient): void {
    this.#clients.delete(client);
  }

  async receive(client: LiveClient, message: string): Promise<void> {
    const order = readLiveOrder(message);
    if (!order.ok) {
      client.send({ error: order.problem });
      return;
    }
    this.#trackAddress(client, order.value.address);
    const answer = await this.#answer(client, order.value);
    if (Object.keys(answer).length > 0) client.send(answer);
  }

  async #answer(client: LiveClient, order: LiveOrder): Promise<LiveJson> {
    const { action, wants = client.wants, transaction = client.transaction } = order;
    const isAll = action === "init";
    const isNew = (want: "blocks" | "mempool-blocks" | "stats"): boolean =>
      isAll || (wants.has(want) && !client.wants.has(want));
    const needs = {
      blocks: isNew("blocks"),
      projected: isNew("mempool-blocks"),
      stats: isNew("stats"),
    };
    Object.assign(client, { wants, transaction });
    const { chain } = this.#view.node;
    const blocks =
      needs.blocks && (await this.#view.extendedBlocks.down(chain.tip, firstBlocksMax));
    const txPosition = order.transaction && this.#view.waitingOrder.positionOf(order.transaction);
    return {
      ...(blocks && { blocks: blocks.toReversed() }),
      ...(needs.projected && { "mempool-blocks": this.#view.waitingOrder.blocks }),
      ...(needs.stats && this.#stats()),
      ...(txPosition && { txPosition }),
      ...(action === "ping" && { pong: true }),
    };
  }

  #stats(): LiveJson {
    const { mempool } = this.#view.node;
    return {
      mempoolInfo: this.#view.mempoolInfo(),
      transactions: newestWaiting(mempool, recentMax).map(recentJson),
      fees: this.#view.waitingOrder.fees,
      da: this.#view.difficultyAdjustment(),
    };
  }

  #trackAddress(client: LiveClient, address: string | null | undefined): void {
    if (address === undefined) return;
    client.track(null, []);
    if (address === null) return;
    try {
      const key = keyFrom(address, this.#prefix);
      if (key === noKey) return; // no output here pays it
      const waiting = this.#queries.keyHistory.waiting(key, waitingMax);
      client.track(
        payToTaproot(key),
        waiting.map((each) => this.#json(each)),
      );
    } catch (error) {
      if (!(error instanceof PlainError)) throw error;
      client.send({ error: error.reason ?? error.message });
    }
  }

  #note(news: News): void {
    if (this.#clients.size === 0) return;
    switch (news.type) {
      case "transaction-admitted":
        this.#noteWaiting(news.txid);
        break;
      case "transaction-removed":
        this.#noteRemoved(news.txid, news.reason === "replaced" ? news.by : undefined);
        break;
      case "tip-extended":
        this.#noteBlock(news.tip);
        break;
      case "reorganised":
        for (const hash of news.forth) this.#noteBlock(hash);
        for (const txid of news.readmitted) this.#noteWaiting(txid);
        break;
      case "block-accepted":
      case "block-rejected":
      case "peer-ready":
      case "peer-left":
      case "peer-banned":
      case "miners-rest":
      case "clock-disagrees":
      case "miners-resume":
        return;
      default:
        unreachable(news);
    }
    this.#gathering ??= setTimeout(() => this.#tellWaiting(), gatherMs).unref();
  }

  #noteWaiting(txid: Txid): void {
    const entry = this.#view.node.mempool.get(txid);
    if (entry === undefined) return; // it has left again
    const found = this.#queries.transactions.findWaiting(entry);
    for (const client of this.#clients) {
      const utxoSpent = spendingOf(client.transaction, found);
      if (utxoSpent !== undefined) client.send({ utxoSpent });
      if (!touches(found, client.script)) continue;
      const json = this.#json(found);
      client.remember(json);
      client.send({ "address-transactions": [json] });
    }
  }

  #noteRemoved(txid: Txid, replacedBy: Txid | undefined): void {
    for (const client of this.#clients) {
      const removed = client.forget(txid);
      if (removed) client.send({ "address-removed-transactions": [removed] });
      if (client.transaction !== txid || replacedBy === undefined) continue;
      client.send({ rbfTransaction: { txid: replacedBy } });
    }
  }

  #noteBlock(hash: BlockHash): void {
    const { chain } = this.#view.node;
    const entry = chain.tree.get(hash);
    const block = entry && this.#view.extendedBlocks.get(entry);
    if (block === undefined) return;
    const isTracked = Array.from(this.#clients).some(
      ({ transaction, script }) => transaction ?? script,
    );
    const { transactions } = this.#queries;
    const found = (isTracked ? transactions.findIn(hash, 0, Infinity) : undefined) ?? [];
    const txids = new Set(found.map(({ transaction }) => txidOf(transaction)));
    for (const client of this.#clients) {
      const touching = found.filter((each) => touches(each, client.script));
      for (const { transaction } of touching) client.forget(txidOf(transaction));
      const { transaction: tracked } = client;
      const json: LiveJson = {
        ...(client.wants.has("blocks") && { block }),
        ...(tracked !== null && txids.has(tracked) && { txConfirmed: tracked }),
        ...(touching.length > 0 && {
          "block-transactions": touching.map((each) => this.#json(each)),
        }),
      };
      if (Object.keys(json).length > 0) client.send(json);
    }
  }

  #tellWaiting(): void {
    this.#gathering = undefined;
    const { waitingOrder } = this.#view;
    for (const client of this.#clients) {
      const { wants, transaction } = client;
      const txPosition = transaction === null ? undefined : waitingOrder.positionOf(transaction);
      const json: LiveJson = {
        ...(wants.has("mempool-blocks") && { "mempool-blocks": waitingOrder.blocks }),
        ...(wants.has("stats") && this.#stats()),
        ...(txPosition && { txPosition }),
      };
      if (Object.keys(json).length > 0) client.send(json);
    }
  }

  get #prefix(): string {
    return this.#view.node.params.addressPrefix;
  }

  #json(found: FoundTransaction) {
    return transactionJson(found, this.#prefix);
  }
}

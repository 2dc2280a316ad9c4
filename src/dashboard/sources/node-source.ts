/** The events of one node, in the form of a lab that has this node alone. */

import type { MiningJson } from "../../contract/mining.ts";
import {
  type BlockJson,
  esploraRoutes,
  type EventJson,
  type MempoolJson,
  type NodeJson,
  ownRoutes,
  pathOf,
  type PeerJson,
} from "../../contract/node-api.ts";
import type { LabEvent } from "../../contract/timeline.ts";
import { NodeTimeline } from "./node-timeline.ts";
import {
  type OpenStream,
  type Reach,
  retryMs,
  type Source,
  type SourceListener,
} from "./source.ts";

export const nodeApi = "/api";
/** Older blocks than these are not shown. */
const blocksMax = 60;
const measureIntervalMs = 2_000;

export class NodeSource implements Source {
  readonly #reach: Reach;
  #stream: OpenStream | undefined;
  #lastId = 0;

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  start(listener: SourceListener): void {
    void this.#begin(listener);
  }

  /** The stream is opened first: what happens during the requests is added after their answers. */
  async #begin(listener: SourceListener): Promise<void> {
    this.#stream?.close();
    const early: EventJson[] = [];
    let timeline: NodeTimeline | undefined;
    const lose = () => listener.connect({ state: "lost", since: this.#reach.now() });
    const beginAgain = () => void this.#reach.wait(retryMs).then(() => this.#begin(listener));
    const stream = this.#reach.openStream(nodeApi + ownRoutes.events.path, {
      opened: () => listener.connect({ state: "open" }),
      heard: (_id, data) => {
        const news = JSON.parse(data) as EventJson;
        if (timeline === undefined) early.push(news);
        else this.#emit(timeline.eventsOf(news), listener);
      },
      missed: () => void this.#begin(listener),
      broke: lose,
      closed: () => {
        lose();
        beginAgain();
      },
    });
    this.#stream = stream;
    try {
      timeline = await this.#readTimeline();
    } catch {
      if (this.#stream === stream) beginAgain();
      return;
    }
    this.#emit(timeline.opening(this.#reach.now()), listener);
    for (const news of early) this.#emit(timeline.eventsOf(news), listener);
    await this.#measure(timeline, stream, listener);
  }

  #emit(events: readonly LabEvent[], listener: SourceListener): void {
    listener.hear(events.map((event) => ({ id: (this.#lastId += 1), event })));
  }

  async #readTimeline(): Promise<NodeTimeline> {
    const [node, peers, mining] = await Promise.all([
      this.#ask<NodeJson>(ownRoutes.node.path),
      this.#ask<readonly PeerJson[]>(ownRoutes.peers.path),
      this.#ask<MiningJson>(ownRoutes.mining.path),
    ]);
    const blocks = await this.#readBlocks(node.height);
    return new NodeTimeline({ node, peers, mining, blocks });
  }

  /** The oldest first. */
  async #readBlocks(tipHeight: number): Promise<readonly BlockJson[]> {
    const blocks: BlockJson[] = [];
    for (let height = tipHeight; height >= 0 && blocks.length < blocksMax;) {
      const path = pathOf(esploraRoutes.blocksFrom.path, { start_height: height });
      const lower = await this.#ask<readonly BlockJson[]>(path);
      if (lower.length === 0) break;
      blocks.push(...lower);
      height -= lower.length;
    }
    return blocks.reverse();
  }

  /** As long as this stream is the one that is heard. */
  async #measure(
    timeline: NodeTimeline,
    stream: OpenStream,
    listener: SourceListener,
  ): Promise<void> {
    while (this.#stream === stream) {
      try {
        const [mempool, mining, peers] = await Promise.all([
          this.#ask<MempoolJson>(esploraRoutes.mempool.path),
          this.#ask<MiningJson>(ownRoutes.mining.path),
          this.#ask<readonly PeerJson[]>(ownRoutes.peers.path),
        ]);
        this.#emit([timeline.measured(mempool, mining, peers, this.#reach.now())], listener);
      } catch {
        // The stream reports that the node is gone.
      }
      await this.#reach.wait(measureIntervalMs);
    }
  }

  async #ask<Json>(path: string): Promise<Json> {
    return JSON.parse(await this.#reach.read(nodeApi + path)) as Json;
  }
}

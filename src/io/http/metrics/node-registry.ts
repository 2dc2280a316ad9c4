/** The metrics of one node, with the names and units that Prometheus asks for. */

import {
  collectDefaultMetrics,
  Counter,
  type CounterConfiguration,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  Registry,
} from "prom-client";
import { branchTips } from "../../../indexes/tips.ts";
import { difficultyOf } from "../../../primitives/target.ts";
import { readVersion } from "../../platform/version.ts";
import { miningFacts } from "../../queries/mining.ts";
import type { ServedNode } from "../../queries/served-node.ts";
import { freeBytes, usedBytes } from "./folder-usage.ts";
import type { NewsCounts } from "./news-counts.ts";

/** Seconds; small reads take less than one millisecond. */
const durationBuckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5];

export type RequestLabels = {
  readonly method: string;
  /** The path with the names of its values, so that there are not too many. */
  readonly route: string;
  readonly code: number;
};

/** Values by their labels; or one value that has none. */
type Reading = number | readonly (readonly [Readonly<Record<string, string>>, number])[];

/** One of these a node: several in one process do not share their counts. */
export class NodeRegistry {
  readonly #registry = new Registry();
  readonly #durations: Histogram<keyof RequestLabels>;

  constructor(served: ServedNode, counts: NewsCounts) {
    const { name, node } = served;
    this.#registry.setDefaultLabels({ node: name, network: node.params.name });
    collectDefaultMetrics({ register: this.#registry });
    this.#addChain(served, counts);
    this.#addMempool(served, counts);
    this.#addPeers(served, counts);
    this.#addGossip(served);
    this.#addMining(served);
    this.#addDisk(served);
    this.#durations = new Histogram({
      name: "powlab_http_request_duration_seconds",
      help: "Time from a request of the API to the end of its answer; event streams are left out.",
      labelNames: ["method", "route", "code"],
      buckets: durationBuckets,
      registers: [this.#registry],
    });
  }

  /** Of the text that `text` answers. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  addRequest(labels: RequestLabels, seconds: number): void {
    this.#durations.observe(labels, seconds);
  }

  #addChain({ node, startedAt }: ServedNode, counts: NewsCounts): void {
    const { chain } = node;
    this.#gauge("powlab_build_info", "Always 1; the version is in its label.", () => [
      [{ version: readVersion() }, 1],
    ]);
    this.#gauge("powlab_start_time_seconds", "When the node started, since 1970.", () => {
      return startedAt / 1000;
    });
    this.#gauge("powlab_chain_height", "Height of the tip.", () => chain.tip.height);
    this.#gauge("powlab_chain_tip_time_seconds", "Time in the tip's header, since 1970.", () => {
      return chain.tip.header.time;
    });
    this.#gauge("powlab_chain_difficulty", "Difficulty of the tip.", () => {
      return difficultyOf(chain.tip.header.bits);
    });
    this.#gauge("powlab_chain_work_hashes", "Expected hashes from genesis to the tip.", () => {
      return Number(chain.tip.work);
    });
    this.#gauge("powlab_chain_branches", "Ends of branches, the tip among them.", () => {
      return branchTips(chain).length;
    });
    this.#counter("powlab_blocks_accepted_total", "Blocks accepted, on any branch.", () =>
      labelled("origin", counts.blocksAccepted),
    );
    this.#counter("powlab_blocks_rejected_total", "Blocks that broke a rule.", () =>
      labelled("rule", counts.blocksRejected),
    );
    this.#counter("powlab_reorganisations_total", "Moves of the tip to another branch.", () => {
      return counts.reorganisations;
    });
    this.#counter("powlab_reorganised_blocks_total", "Blocks that these moves left behind.", () => {
      return counts.blocksLeft;
    });
  }

  #addMempool({ node }: ServedNode, counts: NewsCounts): void {
    const { mempool } = node;
    this.#gauge("powlab_mempool_transactions", "Transactions that wait.", () => mempool.count);
    this.#gauge("powlab_mempool_virtual_size_bytes", "Virtual bytes of what waits.", () => {
      return mempool.virtualSizeBytes;
    });
    this.#gauge("powlab_mempool_fees_satoshis", "What it pays in fees.", () => mempool.totalFees);
    this.#counter("powlab_transactions_admitted_total", "Transactions that began to wait.", () => {
      return counts.transactionsAdmitted;
    });
    this.#counter(
      "powlab_transactions_removed_total",
      "Transactions that wait no longer and were not mined.",
      () => labelled("reason", counts.transactionsRemoved),
    );
  }

  #addPeers({ network }: ServedNode, counts: NewsCounts): void {
    this.#gauge("powlab_peers", "Connections to other nodes.", () => {
      const peers = network.peers();
      return (["inbound", "outbound"] as const).map((direction) => {
        const connected = peers.filter((peer) => peer.direction === direction);
        return [{ direction }, connected.length];
      });
    });
    this.#counter("powlab_peers_joined_total", "Peers that proved to be on this network.", () => {
      return counts.peersJoined;
    });
    this.#counter("powlab_peers_left_total", "Peers whose connection ended.", () => {
      return counts.peersLeft;
    });
    this.#counter("powlab_peers_banned_total", "Peers that were banned.", () => {
      return counts.peersBanned;
    });
  }

  #addGossip({ runner: { gossipCounts: gossip } }: ServedNode): void {
    this.#counter("powlab_gossip_received_messages_total", "Gossip that came, as judged.", () =>
      gossip.received.map(({ topic, verdict, messages }) => [{ topic, verdict }, messages]),
    );
    this.#counter("powlab_gossip_received_bytes_total", "Bytes of it.", () =>
      gossip.received.map(({ topic, verdict, sizeBytes }) => [{ topic, verdict }, sizeBytes]),
    );
    this.#counter("powlab_gossip_published_messages_total", "Gossip of this node's own.", () =>
      gossip.published.map(({ topic, messages }) => [{ topic }, messages]),
    );
    this.#counter("powlab_gossip_published_bytes_total", "Bytes of it.", () =>
      gossip.published.map(({ topic, sizeBytes }) => [{ topic }, sizeBytes]),
    );
  }

  #addMining(served: ServedNode): void {
    const facts = () => miningFacts(served);
    this.#counter("powlab_mining_hashes_total", "Hashes made for this node.", () => facts().hashes);
    this.#gauge("powlab_mining_hashes_per_second", "Observed in the last seconds.", () => {
      return facts().hashesPerSecond;
    });
    this.#gauge("powlab_mining_threads", "Threads that search.", () => facts().threads);
    this.#gauge("powlab_mining_active", "1 while it mines, else 0.", () => {
      const { payTo, forcedRest } = facts();
      return payTo !== undefined && forcedRest === undefined ? 1 : 0;
    });
  }

  #addDisk({ folder, store }: ServedNode): void {
    this.#gauge("powlab_disk_waiting_batches", "Batches that are not yet on disk.", () => {
      return store.waitingCount;
    });
    this.#newGauge({
      name: "powlab_disk_used_bytes",
      help: "Size of all files in the node's folder.",
      async collect() {
        this.set(await usedBytes(folder));
      },
    });
    this.#newGauge({
      name: "powlab_disk_free_bytes",
      help: "What is free where the node's folder is.",
      async collect() {
        this.set(await freeBytes(folder));
      },
    });
  }

  #newGauge(configuration: GaugeConfiguration<string>): void {
    new Gauge({ ...configuration, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, read: () => Reading): void {
    const labelNames = labelsOf[name] ?? [];
    this.#newGauge({
      name,
      help,
      labelNames,
      collect() {
        this.reset();
        for (const [labels, value] of valuesOf(read())) this.set(labels, value);
      },
    });
  }

  /** What is counted elsewhere since the node started. */
  #counter(name: string, help: string, read: () => Reading): void {
    const configuration: CounterConfiguration<string> = {
      name,
      help,
      labelNames: labelsOf[name] ?? [],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [labels, value] of valuesOf(read())) this.inc(labels, value);
      },
    };
    new Counter(configuration);
  }
}

/** Of the metrics that have labels of their own. */
const labelsOf: Readonly<Record<string, readonly string[]>> = {
  powlab_build_info: ["version"],
  powlab_blocks_accepted_total: ["origin"],
  powlab_blocks_rejected_total: ["rule"],
  powlab_transactions_removed_total: ["reason"],
  powlab_peers: ["direction"],
  powlab_gossip_received_messages_total: ["topic", "verdict"],
  powlab_gossip_received_bytes_total: ["topic", "verdict"],
  powlab_gossip_published_messages_total: ["topic"],
  powlab_gossip_published_bytes_total: ["topic"],
};

function valuesOf(reading: Reading): Exclude<Reading, number> {
  return typeof reading === "number" ? [[{}, reading]] : reading;
}

function labelled(label: string, counts: ReadonlyMap<string, number>): Exclude<Reading, number> {
  return [...counts].map(([word, count]) => [{ [label]: word }, count]);
}

/** SimBlock's model of relay: latency and bandwidth by region, compact blocks among most nodes. */

import type { Random } from "../../primitives/random.ts";
import { drawMembers } from "./random-kinds.ts";
import {
  bandwidthBetween,
  drawRegions,
  latencyBetween,
  type LatencyDistribution,
  regions,
} from "./regions.ts";
import type { RelayModel } from "./relay.ts";

/** What a message takes besides its latency, and an upload besides latency and transfer. */
const smallExtraMs = 10;
const uploadExtraMs = 2;

/** The share of nodes that speak BIP152, and of those that come and go. */
const compactShare = 0.964;
const churnShare = 0.976;

/** How often transactions are missing from a compact block. */
const missingProbabilityOfChurn = 0.27;
const missingProbabilityOfOthers = 0.13;

/**
 * How much is missing then, if the sender comes and goes: how many of 945 blocks lacked 1 % of their
 * bytes, 2 %, and so on. With the other senders it is always 1 %.
 *
 * @see Imtiaz et al., Churn in the Bitcoin Network, 2019, whose measurements SimBlock uses
 */
const missingCounts = [
  ...[546, 66, 39, 27, 21, 17, 14, 12, 11, 10, 9, 8, 7, 7, 6, 6, 5, 5, 5, 4, 4, 4, 4, 4],
  ...Array<number>(8).fill(3),
  ...Array<number>(16).fill(2),
  ...Array<number>(48).fill(1),
];
const missingPercents = missingCounts.flatMap((count, i) => Array<number>(count).fill(i + 1));

export class RegionalRelay implements RelayModel {
  readonly blockSizeBytes = 535_000;
  readonly compactSizeBytes = 18_000;
  readonly #regions: Uint8Array;
  readonly #speaksCompact: readonly boolean[];
  readonly #comesAndGoes: readonly boolean[];
  /** By the regions of sender and receiver. */
  readonly #latencies: readonly LatencyDistribution[];
  readonly #bitsPerMs: readonly number[];

  constructor(count: number, random: Random) {
    this.#regions = Uint8Array.from(drawRegions(count, random.fork("regions")));
    this.#speaksCompact = drawMembers(count, compactShare, random.fork("compact"));
    this.#comesAndGoes = drawMembers(count, churnShare, random.fork("churn"));
    const pairs = regions.flatMap((_, from) => regions.map((_, to) => [from, to] as const));
    this.#latencies = pairs.map(([from, to]) => latencyBetween(from, to));
    this.#bitsPerMs = pairs.map(([from, to]) => bandwidthBetween(from, to) / 1000);
  }

  smallMs(from: number, to: number, random: Random): number {
    return this.#latencyMs(this.#pairOf(from, to), random) + smallExtraMs;
  }

  uploadMs(from: number, to: number, sizeBytes: number, random: Random): number {
    const pair = this.#pairOf(from, to);
    const transferMs = Math.floor((sizeBytes * 8) / (this.#bitsPerMs[pair] as number));
    return this.#latencyMs(pair, random) + transferMs + uploadExtraMs;
  }

  isCompact(from: number, to: number): boolean {
    return this.#speaksCompact[from] === true && this.#speaksCompact[to] === true;
  }

  isComplete(node: number, random: Random): boolean {
    const probability =
      this.#comesAndGoes[node] === true ? missingProbabilityOfChurn : missingProbabilityOfOthers;
    return random.nextFloat() >= probability;
  }

  missingSizeBytes(from: number, random: Random): number {
    const percent = this.#comesAndGoes[from] === true ? random.pick(missingPercents) : 1;
    return Math.floor((this.blockSizeBytes * percent) / 100);
  }

  #pairOf(from: number, to: number): number {
    return (this.#regions[from] as number) * regions.length + (this.#regions[to] as number);
  }

  #latencyMs(pair: number, random: Random): number {
    const { leastMs, exponent } = this.#latencies[pair] as LatencyDistribution;
    // The draw is from (0, 1], so that no latency is infinite.
    return Math.round(leastMs * (1 - random.nextFloat()) ** exponent);
  }
}

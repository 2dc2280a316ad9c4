/**
 * Where the nodes of Bitcoin's network are, how far apart, and how fast: SimBlock's default model.
 *
 * @see Banno & Shudo, Simulating a Blockchain Network with SimBlock, 2019; the figures are those of
 *   its NetworkConfiguration for 2019
 */

import type { Random } from "../../primitives/random.ts";
import { drawKinds } from "./random-kinds.ts";

type Region = {
  readonly name: string;
  /** Of all nodes. */
  readonly share: number;
  readonly downloadBitsPerSecond: number;
  readonly uploadBitsPerSecond: number;
  /** Means, to each region in this order. */
  readonly latenciesMs: readonly number[];
};

export const regions: readonly Region[] = [
  {
    name: "North America",
    share: 0.3316,
    downloadBitsPerSecond: 52_000_000,
    uploadBitsPerSecond: 19_200_000,
    latenciesMs: [32, 124, 184, 198, 151, 189],
  },
  {
    name: "Europe",
    share: 0.4998,
    downloadBitsPerSecond: 40_000_000,
    uploadBitsPerSecond: 20_700_000,
    latenciesMs: [124, 11, 227, 237, 252, 294],
  },
  {
    name: "South America",
    share: 0.009,
    downloadBitsPerSecond: 18_000_000,
    uploadBitsPerSecond: 5_800_000,
    latenciesMs: [184, 227, 88, 325, 301, 322],
  },
  {
    name: "Asia and the Pacific",
    share: 0.1177,
    downloadBitsPerSecond: 22_800_000,
    uploadBitsPerSecond: 15_700_000,
    latenciesMs: [198, 237, 325, 85, 58, 198],
  },
  {
    name: "Japan",
    share: 0.0224,
    downloadBitsPerSecond: 22_800_000,
    uploadBitsPerSecond: 10_200_000,
    latenciesMs: [151, 252, 301, 58, 12, 126],
  },
  {
    name: "Australia",
    share: 0.0195,
    downloadBitsPerSecond: 29_900_000,
    uploadBitsPerSecond: 11_300_000,
    latenciesMs: [189, 294, 322, 198, 126, 16],
  },
];

/** The share of nodes that call at most 1, 2, 3 … others. @see Miller et al., 2015 */
const callsBounds = [
  0.025, 0.05, 0.075, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.97, 0.98,
  0.99, 0.995, 1,
];

/** The region of each of so many nodes: as many in each as its share says, in random order. */
export function drawRegions(count: number, random: Random): number[] {
  let sum = 0;
  const bounds = regions.map(({ share }) => (sum += share));
  return drawKinds(count, bounds, random);
}

/** How many others each of so many nodes calls. */
export function drawCalls(count: number, random: Random): number[] {
  return drawKinds(count, callsBounds, random).map((kind) => kind + 1);
}

/** The slower of one region's upload and another's download. */
export function bandwidthBetween(from: number, to: number): number {
  const { uploadBitsPerSecond } = regionAt(from);
  const { downloadBitsPerSecond } = regionAt(to);
  return Math.min(uploadBitsPerSecond, downloadBitsPerSecond);
}

/** A Pareto distribution, whose mean is about the given one, and whose tail is long. */
export type LatencyDistribution = { readonly leastMs: number; readonly exponent: number };

export function latencyBetween(from: number, to: number): LatencyDistribution {
  const meanMs = regionAt(from).latenciesMs[to];
  if (meanMs === undefined) throw new RangeError(`there is no region ${to}`);
  return { leastMs: meanMs - 5, exponent: -1 / (0.2 * meanMs) };
}

function regionAt(position: number): Region {
  const region = regions[position];
  if (region === undefined) throw new RangeError(`there is no region ${position}`);
  return region;
}

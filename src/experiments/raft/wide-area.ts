/**
 * Elections over a wide area: how long it takes until a leader is elected, as terms follow terms.
 *
 * The dissertation's simulator, AvailSim, draws a new time-out for each voter, where ours keeps the
 * length that it has: with two of five down, where every vote is needed, its times are longer.
 */

import { wholeParameter } from "../../primitives/parameter.ts";
import { createRandom } from "../../primitives/random.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atMost, type Finding, near } from "../engine/finding.ts";
import { type ElectionRace, ElectionRacer } from "./election-race.ts";

/** Units of time in a millisecond: messages take fractions of it. */
export const unitsPerMs = 1_000;

const parameters = {
  elections: wholeParameter("how many elections", { min: 2_000, max: 1_000_000, initial: 20_000 }),
};

const nodes = 5;

/** What the dissertation says of five processes, of which so many are down, in ms: "about". */
const published = [
  { down: 1, mean: 475, rare: 1_500 },
  { down: 2, mean: 650, rare: 3_000 },
];

const [meanTolerance, rareTolerance] = [0.07, 0.15];

export const wideArea = defineExact<typeof parameters>({
  id: "wide-area",
  code: "R4",
  group: "Raft",
  title: "Elections over a wide area",
  claim: "Across a continent a leader is elected in about half a second, rarely in seconds.",
  lines: "L92",
  source: "Ongaro's dissertation, chapter 9: latency 30–40 ms, time-outs 300–600 ms",
  parameters,
  examples: [["--elections 100000", "more of them"]],
  quick: { elections: 10_000 },
  examine: ({ elections }, seed) => {
    return published.flatMap(({ down, mean, rare }) => {
      const times = timesOf(nodes - down, elections, seed);
      return findingsOf(down, times, mean, rare);
    });
  },
});

/** In ms, the shortest first. */
function timesOf(available: number, elections: number, seed: string): readonly number[] {
  const random = createRandom(seed, `wide area, ${available} of ${nodes}`);
  const race: ElectionRace = {
    ...{ nodes, available, termMax: Infinity },
    ...{ timeoutMin: 300 * unitsPerMs, timeoutMax: 600 * unitsPerMs },
    drawLatency: () => (30 + 10 * random.nextFloat()) * unitsPerMs,
  };
  const racer = new ElectionRacer(race, random);
  return electionTimes(racer, elections);
}

/** How long so many elections took, in ms, the shortest first. */
export function electionTimes(racer: ElectionRacer, elections: number): readonly number[] {
  const times: number[] = [];
  for (let run = 0; run < elections; run++) {
    times.push((racer.run().electedAt ?? Infinity) / unitsPerMs);
  }
  return times.sort((a, b) => a - b);
}

/** The time that this part of the elections did not take longer than. */
export function quantileOf(times: readonly number[], part: number): number {
  return times[Math.min(times.length - 1, Math.floor(part * times.length))] ?? NaN;
}

export function meanOf(times: readonly number[]): number {
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}

function findingsOf(
  down: number,
  times: readonly number[],
  mean: number,
  rare: number,
): readonly Finding[] {
  const which = `${down} of ${nodes} down:`;
  return [
    near(`${which} mean time to a leader, in ms`, meanOf(times), mean, meanTolerance),
    atMost(`${which} 99.9 % take, in ms`, quantileOf(times, 0.999), rare * (1 + rareTolerance)),
  ];
}

/**
 * Elections in one room after the leader has crashed, for several ranges of time-outs: Figure 16 of
 * the paper.
 *
 * As there, five servers had different logs, so that two of the four that are left can be elected;
 * all heard the last heartbeat at once; the leader crashed anywhere in its heartbeat interval, half
 * of the least time-out; it has been replaced when the others get a message of the new one. What a message
 * takes, disk and all, the paper does not say: that is the one free parameter.
 */

import { decimalParameter, wholeParameter } from "../../primitives/parameter.ts";
import { createRandom, type Random } from "../../primitives/random.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, atMost, near } from "../engine/finding.ts";
import { type ElectionRace, ElectionRacer } from "./election-race.ts";
import { electionTimes, meanOf, quantileOf, unitsPerMs } from "./wide-area.ts";

const parameters = {
  delay: decimalParameter("what a message takes, writes to disk included, in ms", {
    ...{ min: 0.1, max: 50, initial: 3.4 },
  }),
  elections: wholeParameter("how many elections with each range", {
    ...{ min: 100, max: 100_000, initial: 1_000 },
  }),
};

type Range = readonly [min: number, max: number];

/** Without a range they do not end, so few of them are tried. */
const [tiesMax, hopelessMs] = [5, 10_000];

/** Samples of the size of the paper's. */
const samples = 5;

/** What the paper's figures may be off by: the longest of 1,000 is read off a long tail. */
const [usual, ofExtremes] = [0.1, 0.3];

export const timeoutRanges = defineExact<typeof parameters>({
  id: "time-out-ranges",
  code: "R1",
  group: "Raft",
  title: "Ranges of time-outs",
  claim: "Random time-outs avoid ties: a range of 5 ms helps much, one of 50 ms is enough.",
  lines: "L92",
  source: "Ongaro and Ousterhout, 2014, Figure 16; a message's delay is fitted, 3.4 ms",
  parameters,
  examples: [["--delay 4", "a message that takes longer"]],
  quick: { elections: 1_000 },
  examine: ({ delay, elections }, seed) => {
    const sample = (range: Range, count: number, sampleName = ""): readonly number[] => {
      const random = createRandom(seed, `time-outs from ${range.join(" to ")}${sampleName}`);
      const racer = new ElectionRacer(raceOf(range, delay, random), random);
      return electionTimes(racer, count).map((time) => time + delay);
    };
    const samplesOf = (range: Range): readonly (readonly number[])[] => {
      return Array.from({ length: samples }, (_, at) => sample(range, elections, ` ${at}`));
    };
    const five = sample([150, 155], elections);
    const fifty = samplesOf([150, 200]);
    const short = samplesOf([12, 24]);
    return [
      atLeast("150–150 ms: the median", quantileOf(sample([150, 150], tiesMax), 0.5), hopelessMs),
      near("150–155 ms: the median", quantileOf(five, 0.5), 287, usual),
      near("150–200 ms: the longest", longestOf(fifty), 513, ofExtremes),
      near("12–24 ms: the mean", meanOf(short.flat()), 35, usual),
      near("12–24 ms: the longest", longestOf(short), 152, ofExtremes),
      atMost("150–200 ms: longest, by that of 150–155", longestOf(fifty) / longestOf([five]), 1),
    ];
  },
});

/** The longest of each sample; the median of these, as one alone says little. */
function longestOf(samples: readonly (readonly number[])[]): number {
  const longest = samples.map((times) => times.at(-1) ?? NaN).sort((a, b) => a - b);
  return quantileOf(longest, 0.5);
}

function raceOf([min, max]: Range, delay: number, random: Random): ElectionRace {
  return {
    ...{ nodes: 5, available: 4, entries: [0, 1, 2, 3] },
    ...{ timeoutMin: min * unitsPerMs, timeoutMax: max * unitsPerMs },
    drawLatency: () => delay * unitsPerMs,
    drawAge: () => (random.nextFloat() * min * unitsPerMs) / 2,
    ...{ termMax: Infinity, timeMax: hopelessMs * unitsPerMs },
  };
}

/** Where PBFT forks: with more byzantine replicas than it tolerates, or with fewer replicas or smaller quorums. */

import type { PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { byzantineMaxOf, majorityOf } from "../../protocols/process/quorum.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly, type Finding } from "../engine/finding.ts";
import {
  behaviourOf,
  carriedOut,
  forks,
  idOf,
  lastOf,
  mutantOf,
  replicas,
  type ReplicasOptions,
  seen,
  write,
} from "./replicas.ts";

const parameters = {
  runs: wholeParameter("runs with other delays", { min: 1, max: 1_000, initial: 50 }),
};

/** Long enough for a decision, and shorter than any time-out. */
const decisionMs = 500;
/** Each message takes another time. */
const spreadMs = 50;

type Attack = Omit<ReplicasOptions, "seed"> & {
  readonly byzantine: number;
  readonly by: string;
};

/** The first primary and the replicas behind it are byzantine; one request is asked. */
function attack({ byzantine, by, ...options }: Attack, seed: string) {
  const world = replicas({ ...options, seed, spreadMs });
  world.turnByzantine(world.names.slice(0, byzantine), behaviourOf(by));
  world.requestAtAll(lastOf(world, 1)[0] as PeerId, idOf("c"), write("x", 1));
  world.runFor(decisionMs);
  return { forks: forks(seen(world)).length, carriedOut: carriedOut(seen(world)).length };
}

/** In how many runs honest replicas carry out different operations under one number. */
export function forkedRuns(what: Attack, runs: number, seed: string): number {
  const all = Array.from({ length: runs }, (_, run) => attack(what, `${seed} ${run}`));
  return all.filter((each) => each.forks > 0).length;
}

export const tooManyByzantine = defineExact<typeof parameters>({
  id: "too-many-byzantine",
  code: "B3",
  group: "BFT",
  title: "One more than it tolerates",
  claim: "PBFT is safe with f byzantine replicas of 3f + 1, and not with f + 1.",
  lines: "L272",
  source: "construction: primary and accomplices tell two halves two things, in every run",
  parameters,
  quick: { runs: 10 },
  examples: [["--runs 500", "more delays"]],
  examine: ({ runs }, seed) =>
    [4, 7].flatMap((nodes) => {
      const tolerated = byzantineMaxOf(nodes);
      return [tolerated, tolerated + 1].map((byzantine) => {
        const forked = forkedRuns({ nodes, byzantine, by: "colluding" }, runs, seed);
        const what = `${nodes} replicas, ${byzantine} of them collude: runs that fork`;
        return exactly(what, forked, byzantine > tolerated ? runs : 0);
      });
    }),
});

export const tooFewReplicas = defineExact<typeof parameters>({
  id: "too-few-replicas",
  code: "B4",
  group: "BFT",
  title: "2f + 1 replicas",
  claim: "Where one of three may be byzantine, quorums of two fork, and quorums of three stop.",
  lines: "L288-301",
  source: "construction: an equivocating primary, and a silent backup",
  parameters,
  quick: { runs: 10 },
  examples: [["--runs 500", "more delays"]],
  examine: ({ runs }, seed) => {
    const small = { nodes: 3, byzantine: 1, protocol: mutantOf("half-may-be-byzantine") };
    const all = { tolerated: () => 1, quorum: (count: number) => count };
    const silent = Array.from({ length: runs }, (_, run) => silentBackup(all, `${seed} ${run}`));
    return [
      exactly(
        "quorums of two: runs that fork",
        forkedRuns({ ...small, by: "colluding" }, runs, seed),
        runs,
      ),
      exactly(
        "quorums of three: runs that fork",
        silent.filter((each) => each.forks > 0).length,
        0,
      ),
      exactly(
        "quorums of three, one silent: operations",
        sumOf(silent.map((each) => each.done)),
        0,
      ),
    ];
  },
});

/** Of three replicas the last one is silent, for minutes. */
function silentBackup(rules: ReplicasOptions["rules"], seed: string) {
  const world = replicas({ nodes: 3, ...(rules && { rules }), seed });
  world.turnByzantine(lastOf(world, 1), behaviourOf("silent"));
  world.requestAtAll(world.names[0] as PeerId, idOf("c"), write("x", 1));
  world.runFor(60_000);
  return { forks: forks(seen(world)).length, done: carriedOut(seen(world)).length };
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

export const majorityQuorum = defineExact<typeof parameters>({
  id: "quorum-is-majority",
  code: "M9",
  group: "BFT",
  title: "A majority of 3f + 1 as a quorum",
  claim: "A quorum is a majority of the 3f + 1 replicas.",
  lines: "L284",
  source: "arithmetic: of seven, two quorums of four share one, and two may be byzantine",
  isRefuted: true,
  parameters,
  quick: { runs: 10 },
  examples: [["--runs 500", "more delays"]],
  examine: ({ runs }, seed): readonly Finding[] => {
    const protocol = mutantOf("quorum-is-majority");
    const [small, right] = [{ protocol }, {}].map((rules) => {
      return forkedRuns({ nodes: 7, byzantine: 2, by: "colluding", ...rules }, runs, seed);
    });
    return [
      exactly("the majority of seven", majorityOf(7), 4),
      exactly("quorums of four, two byzantine: runs that fork", small ?? NaN, runs),
      exactly("quorums of five, two byzantine: runs that fork", right ?? NaN, 0),
    ];
  },
});

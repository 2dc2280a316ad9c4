/** Which quorums are large enough where members may be byzantine: by arithmetic, over all pairs of sets. */

import { wholeParameter } from "../../primitives/parameter.ts";
import {
  byzantineMaxOf,
  byzantineQuorumOf,
  majorityOf,
  overlapOf,
} from "../../protocols/process/quorum.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly, type Finding } from "../engine/finding.ts";
import { leastOverlap } from "../paxos/quorums.ts";

const parameters = {
  nodesMax: wholeParameter("replicas at most, of which every number is tried", {
    ...{ min: 4, max: 16, initial: 13 },
  }),
};

/** n, Q, f, and what two quorums share at least. */
const cases = [
  [4, 3, 1, 2],
  [7, 5, 2, 3],
  [10, 7, 3, 4],
  [3, 2, 1, 1],
  [7, 4, 2, 1],
  [5, 4, 1, 3],
  [5, 3, 1, 1],
] as const;

export const quorumArithmetic = defineExact<typeof parameters>({
  id: "byzantine-quorums",
  code: "B1",
  group: "BFT",
  title: "Byzantine quorums",
  claim: "With f of 3f + 1 byzantine, any two quorums of 2f + 1 share an honest replica.",
  lines: "L274-301",
  source: "arithmetic: safe if 2Q − n > f, live if Q ≤ n − f; all pairs of sets are compared",
  parameters,
  examples: [["--nodes-max 7", "up to seven replicas"]],
  examine: ({ nodesMax }) => [
    ...cases.map(([nodes, quorum, tolerated, shared]) => {
      const what = `n = ${nodes}, Q = ${quorum}, f = ${tolerated}`;
      const overlap = leastOverlap(nodes, quorum);
      const measured = `${overlap}: ${judged(nodes, quorum, tolerated, overlap)}`;
      const expected = `${shared}: ${judged(nodes, quorum, tolerated, shared)}`;
      return exactly(`${what}: the least overlap`, measured, expected);
    }),
    ...sizesOf(nodesMax),
  ],
});

function judged(nodes: number, quorum: number, tolerated: number, overlap: number): string {
  const safe = overlap > tolerated ? "safe" : "unsafe";
  return `${safe} and ${quorum <= nodes - tolerated ? "live" : "not live"}`;
}

/** The least size that is safe, of every number of replicas, and whether it is live, too. */
function sizesOf(nodesMax: number): readonly Finding[] {
  const counts = Array.from({ length: nodesMax }, (_, at) => at + 1);
  const least = counts.map((nodes) => {
    const sizes = counts.slice(0, nodes);
    return sizes.find((size) => leastOverlap(nodes, size) > byzantineMaxOf(nodes)) ?? NaN;
  });
  const dead = counts.filter((nodes, at) => (least[at] ?? NaN) > nodes - byzantineMaxOf(nodes));
  return [
    exactly(
      "the least safe quorums, n = 1, 2, …",
      least.join(" "),
      counts.map(byzantineQuorumOf).join(" "),
    ),
    exactly("numbers of replicas whose least safe quorum is not live", dead.length, 0),
  ];
}

const noParameters = {};

export const exactOverlap = defineExact<typeof noParameters>({
  id: "overlap-of-small-quorums",
  code: "M19",
  group: "BFT",
  title: "Quorums of 2f + 1 replicas",
  claim: "With 2f + 1 replicas two quorums intersect in exactly f + 1.",
  lines: "L291",
  source: "arithmetic: n = 3, Q = 2 share 2Q − n = 1, which may be the byzantine one",
  isRefuted: true,
  parameters: noParameters,
  examples: [["--seed 2", "the same: nothing is random"]],
  examine: () => [
    exactly("n = 3, Q = 2: the least overlap", leastOverlap(3, majorityOf(3)), 1),
    exactly("by the formula", overlapOf(3, majorityOf(3)), 1),
    exactly("n = 5, Q = 3: the least overlap", leastOverlap(5, majorityOf(5)), 1),
  ],
});

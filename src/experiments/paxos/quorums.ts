/** Which quorums are large enough: by arithmetic, and by logs that split where two do not meet. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { multiPaxos } from "../../protocols/multi-paxos/multi-paxos.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { majorityOf, overlapOf } from "../../protocols/process/quorum.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, exactly, type Finding } from "../engine/finding.ts";
import { ConstantWorld } from "../processes/constant-world.ts";

const majorityParameters = {
  nodesMax: wholeParameter("members at most", { min: 1, max: 10, initial: 9 }),
};

export const majorities = defineExact<typeof majorityParameters>({
  id: "majorities",
  code: "P6",
  group: "Paxos",
  title: "Any two majorities meet",
  claim: "Any two quorums of ⌊n/2⌋ + 1 members share one at least, and smaller ones need not.",
  lines: "L175",
  source: "arithmetic: 2Q − n; all pairs of sets are compared",
  parameters: majorityParameters,
  examples: [["--nodes-max 5", "up to five members"]],
  examine: ({ nodesMax }) => {
    const counts = Array.from({ length: nodesMax }, (_, at) => at + 1);
    const least = counts.map((count) => leastOverlap(count, majorityOf(count)));
    const smaller = counts.map((count) => leastOverlap(count, majorityOf(count) - 1));
    const formula = counts.map((count) => overlapOf(count, majorityOf(count)));
    return [
      exactly("least overlap, n = 1, 2, …", least.join(" "), formula.join(" ")),
      atLeast("the least of these", Math.min(...least), 1),
      exactly("with one member less, the most of these", Math.max(...smaller), 0),
    ];
  },
});

/** Of all pairs of sets of this size. */
export function leastOverlap(count: number, size: number): number {
  const sets = Array.from({ length: 2 ** count }, (_, set) => set).filter(
    (set) => bitsIn(set) === size,
  );
  // All sets of one size are alike, so one of them stands for all.
  const [one = 0] = sets;
  return Math.min(...sets.map((other) => bitsIn(one & other)));
}

function bitsIn(set: number): number {
  let bits = 0;
  for (let rest = set; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
}

const flexibleParameters = {
  nodes: wholeParameter("members", { min: 3, max: 7, initial: 5 }),
};

export const flexibleQuorums = defineExact<typeof flexibleParameters>({
  id: "flexible-quorums",
  code: "P10",
  group: "Paxos",
  title: "Other quorums than majorities",
  claim: "Only a majority is a quorum.",
  lines: "L175",
  source: "Howard, Malkhi and Spiegelman 2016: safe as long as q1 + q2 > n",
  isRefuted: true,
  parameters: flexibleParameters,
  examples: [["--nodes 7", "more members"]],
  examine: ({ nodes }, seed) => {
    const sizes = Array.from({ length: nodes }, (_, at) => at + 1);
    const pairs = sizes.flatMap((q1) => sizes.map((q2) => ({ q1, q2 })));
    const isSafe = ({ q1, q2 }: Quorums) => q1 + q2 > nodes;
    const split = pairs.filter((quorums) => doesLogSplit(nodes, quorums, seed));
    const smallest = { q1: nodes - 1, q2: 2 };
    return [
      exactly("safe pairs of quorums whose log split", split.filter(isSafe).length, 0),
      exactly(
        "other pairs whose log did not split",
        pairs.filter((each) => !isSafe(each) && !split.includes(each)).length,
        0,
      ),
      smallQuorumFinding(nodes, smallest, seed),
    ];
  },
});

type Quorums = { readonly q1: number; readonly q2: number };

/** An acceptance quorum of two is no majority of five, and still commits. */
function smallQuorumFinding(nodes: number, quorums: Quorums, seed: string): Finding {
  const { world } = runParted(nodes, quorums, seed);
  const answered = world.answers.filter(({ answer }) => answer.type === "written").length;
  return exactly(`written with q1 = ${quorums.q1} and q2 = ${quorums.q2}`, answered > 0, true);
}

const delayMs = 20;
/** Several elections long. */
const longMs = 6_000;

/** A leader and so many that it has its quorum are cut off; the others elect one if they can. */
function runParted(nodes: number, { q1, q2 }: Quorums, seed: string) {
  const protocol = multiPaxos({ q1, q2 }) as Protocol;
  const world = new ConstantWorld({ protocol, nodes, delayMs, seed });
  world.runUntil(() => world.leader !== undefined, longMs);
  // All know of it: a later leader takes a higher ballot.
  world.runFor(5 * delayMs);
  const { leader } = world;
  if (leader === undefined) throw new Error("no member leads");
  const rest = world.names.filter((name) => name !== leader);
  const side = [leader, ...rest.slice(0, q2 - 1)];
  world.split(side);
  world.request(leader, { client: "c", number: 1 }, { type: "write", key: "x", value: 1 });
  world.runFor(longMs);
  const next = world.names.find((name) => !side.includes(name) && world.view(name).isLeader);
  if (next !== undefined) {
    world.request(next, { client: "d", number: 1 }, { type: "write", key: "x", value: 2 });
  }
  world.runFor(longMs);
  world.heal();
  world.runFor(longMs);
  return { world };
}

function doesLogSplit(nodes: number, quorums: Quorums, seed: string): boolean {
  const { world } = runParted(nodes, quorums, seed);
  const applied = new Map<number, string>();
  return world.told.some(({ news }) => {
    if (news.type !== "committed") return false;
    const { index, command } = news as unknown as { index: number; command: string };
    const known = applied.get(index) ?? command;
    applied.set(index, known);
    return known !== command;
  });
}

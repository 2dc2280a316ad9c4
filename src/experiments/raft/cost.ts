/** What Raft costs when nothing fails: messages and time of a write, and heartbeats. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly, type Finding } from "../engine/finding.ts";
import { Cluster } from "./cluster.ts";

const parameters = {
  nodes: wholeParameter("the largest of three sizes; the others are 3 and 11", {
    ...{ min: 3, max: 61, initial: 31 },
  }),
  latency: wholeParameter("what a message takes, in ms", { min: 1, max: 100, initial: 50 }),
};

const heartbeatMs = 300;
const intervals = 10;

export const cost = defineExact<typeof parameters>({
  id: "raft-cost",
  code: "R16",
  group: "Raft",
  title: "What a write costs",
  claim: "The leader sends an entry to all, and commits it once a majority has confirmed.",
  lines: "L84-88",
  source: "counting: 2(n − 1) messages and 2d a write, 2(n − 1) an interval of heartbeats",
  parameters,
  examples: [["--nodes 61 --latency 10", "a larger cluster in one room"]],
  quick: { nodes: 31 },
  examine: ({ nodes, latency }, seed) => {
    return [...new Set([3, 11, nodes])].flatMap((count) => costOf(count, latency, seed));
  },
});

function costOf(count: number, latency: number, seed: string): readonly Finding[] {
  const cluster = new Cluster({ count, seed, heartbeatMs, latencyMs: [latency, latency] });
  const leader = cluster.runUntilLeader();
  cluster.run(1000);
  const sentSince = (before: number, type: string): number => {
    return cluster.sent.slice(before).filter(({ message }) => message.type.startsWith(type)).length;
  };
  let before = cluster.sent.length;
  const begun = cluster.now;
  const id = cluster.write(leader, 1);
  cluster.run(1000);
  const at = cluster.answers.find((answer) => answer.id.client === id.client)?.at ?? NaN;
  const ofWrite = sentSince(before, "append");
  before = cluster.sent.length;
  cluster.run(intervals * heartbeatMs);
  const each = 2 * (count - 1);
  return [
    exactly(`${count} nodes: messages a write`, ofWrite, each),
    exactly(`${count} nodes: ms until it is answered`, at - begun, 2 * latency),
    exactly(`${count} nodes: messages an interval`, sentSince(before, "") / intervals, each),
  ];
}

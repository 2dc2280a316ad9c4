/** Without any partition: reads from the nearest copy beside reads that ask a majority first. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { valueAt } from "../../protocols/process/key-value.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, exactly, type Finding } from "../engine/finding.ts";
import { Cluster } from "../raft/cluster.ts";

const parameters = {
  rounds: wholeParameter("writes, each with a read of both kinds behind it", {
    ...{ min: 1, max: 1_000, initial: 50 },
  }),
  delayMs: wholeParameter("what every message takes, in ms", { min: 1, max: 100, initial: 50 }),
};

export const latencyOrConsistency = defineExact<typeof parameters>({
  id: "latency-or-consistency",
  code: "C9",
  group: "CAP",
  title: "Latency or consistency",
  claim:
    "Without partitions one chooses between latency and consistency: a near copy may be stale.",
  lines: "L385",
  source: "counting: a copy costs no delay, ReadIndex one round trip; the choice is Abadi's PACELC",
  parameters,
  examples: [["--delay-ms 10", "nodes that are nearer"]],
  examine: ({ rounds, delayMs }, seed) => findingsOf(rounds, delayMs, seed),
});

function findingsOf(rounds: number, delayMs: number, seed: string): readonly Finding[] {
  const cluster = new Cluster({
    count: 5,
    seed,
    latencyMs: [delayMs, delayMs],
    reads: "read-index",
  });
  const leader = cluster.runUntilLeader();
  const follower = cluster.names.find((name) => name !== leader) ?? leader;
  cluster.run(1_000);
  let [staleCopies, staleReads] = [0, 0];
  const readMs = new Set<number>();
  for (let round = 1; round <= rounds; round++) {
    const write = cluster.write(leader, round);
    cluster.run(10 * delayMs, () => cluster.answerTo(write) !== undefined);
    // What the follower has of its own, at the moment at which the write is answered.
    if (valueAt(cluster.state(follower).data, "x") !== round) staleCopies += 1;
    const askedMs = cluster.now;
    const read = cluster.read(leader);
    cluster.run(10 * delayMs, () => cluster.answerTo(read) !== undefined);
    const answer = cluster.answerTo(read);
    if (answer?.type !== "read" || answer.value !== round) staleReads += 1;
    readMs.add(cluster.now - askedMs);
    cluster.run(1_000);
  }
  return [
    atLeast("reads of a follower's copy, 0 ms each, that are stale", staleCopies, 1),
    exactly("ms of a read by ReadIndex", [...readMs].join(", "), String(2 * delayMs)),
    exactly("reads by ReadIndex that are stale", staleReads, 0),
  ];
}

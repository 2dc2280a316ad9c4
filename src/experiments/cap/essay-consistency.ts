/** The essay's definition of consistency beside linearizability: neither follows from the other. */

import { HistoryRecorder } from "../../checkers/history.ts";
import { checkLinearizability } from "../../checkers/linearizability.ts";
import type { PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { raft } from "../../protocols/raft/raft.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly, type Finding } from "../engine/finding.ts";
import { ConstantWorld } from "../processes/constant-world.ts";

const parameters = {
  writes: wholeParameter("how many, each followed by a read", { min: 1, max: 1_000, initial: 50 }),
  delayMs: wholeParameter("what every message takes, in ms", { min: 1, max: 100, initial: 10 }),
};

export const essayConsistency = defineExact<typeof parameters>({
  id: "essay-consistency",
  code: "C8",
  group: "CAP",
  title: "Equal states are not the point",
  claim: "A system is consistent if all nodes that can be reached have the same state.",
  lines: "L46",
  source:
    "definition: followers apply a write one delay behind the leader, and clients never see it",
  isRefuted: true,
  parameters,
  examples: [["--delay-ms 50", "a wider network"]],
  examine: ({ writes, delayMs }, seed) => findingsOf(writes, delayMs, seed),
});

const nodes = 5;
/** Room for a write, a read and all that follows. */
const roundDelays = 20;

function findingsOf(writes: number, delayMs: number, seed: string): readonly Finding[] {
  const protocol = raft({ commitNotice: "at-once" }) as Protocol;
  const world = new ConstantWorld({ protocol, nodes, delayMs, seed });
  const recorder = new HistoryRecorder();
  world.runUntil(() => world.leader !== undefined, 60_000);
  world.runFor(1_000);
  const leader = world.leader as PeerId;
  let differingMs = 0;
  for (let round = 0; round < writes; round++) {
    const [write, read] = [2 * round + 1, 2 * round + 2].map((number) => ({ client: "c", number }));
    if (write === undefined || read === undefined) break;
    recorder.invoke("c", { f: "write", key: "k", value: round });
    world.request(leader, write, { type: "write", key: "k", value: round });
    for (let ms = 0; ms < (roundDelays / 2) * delayMs; ms++) {
      world.runFor(1);
      if (haveDifferentStates(world)) differingMs += 1;
    }
    if (world.answerTo(write) !== undefined) recorder.ok("c");
    recorder.invoke("c", { f: "read", key: "k", value: null });
    world.request(leader, read, { type: "read", key: "k" });
    world.runFor((roundDelays / 2) * delayMs);
    const answer = world.answerTo(read)?.answer;
    if (answer?.type === "read") recorder.ok("c", answer.value);
  }
  const { outcome } = checkLinearizability(recorder.operations(), { model: "cas" });
  const what = `ms in which states differ, of ${writes * roundDelays * delayMs}`;
  return [
    exactly(what, differingMs, writes * delayMs),
    exactly("the history of the client", outcome, "linearizable"),
  ];
}

/** What each has applied makes its state: with equal logs, how far it has come. */
function haveDifferentStates({ views }: ConstantWorld): boolean {
  return new Set(views.map(({ log }) => log?.applied)).size > 1;
}

/** What one transaction of two-phase commit costs without faults. */

import { wholeParameter } from "../../primitives/parameter.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { twoPhaseCommit } from "../../protocols/two-phase-commit/two-phase-commit.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly } from "../engine/finding.ts";
import { coordinator, transactionId, transactionWorld, write } from "./transaction.ts";

const parameters = {
  participants: wholeParameter("participants beside the coordinator", {
    min: 1,
    max: 100,
    initial: 10,
  }),
  delayMs: wholeParameter("of each message", { min: 1, max: 150, initial: 50 }),
};

export const commitCosts = defineExact<typeof parameters>({
  id: "commit-costs",
  code: "T3",
  group: "two-phase commit",
  title: "What a transaction costs",
  claim: "A transaction costs 4n messages and two round trips with n participants.",
  lines: "L52",
  source: "counting: prepare, vote, commit and acknowledgement of each participant",
  parameters,
  examples: [["--participants 30", "more participants"]],
  examine: ({ participants, delayMs }, seed) => {
    const protocol = twoPhaseCommit() as Protocol;
    const world = transactionWorld({ protocol, participants, delayMs, seed });
    write(world);
    world.runFor(20 * delayMs);
    const decided = world.told.find(
      ({ by, news }) => by === coordinator && news.type === "decided",
    );
    const lastSentMs = world.sent.at(-1)?.atMs ?? NaN;
    return [
      exactly("messages", world.sent.length, 4 * participants),
      exactly("decided at the coordinator, in delays", (decided?.atMs ?? NaN) / delayMs, 2),
      exactly(
        "answered to a client beside it, in delays",
        (world.answerTo(transactionId)?.atMs ?? NaN) / delayMs,
        2,
      ),
      exactly("acknowledged by all, in delays", (lastSentMs + delayMs) / delayMs, 4),
    ];
  },
});

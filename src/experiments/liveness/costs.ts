/** Messages and latencies of each protocol, as they grow with the number of members. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atMost, exactly } from "../engine/finding.ts";
import { costOf, type Faultless, faultless } from "./faultless.ts";

const delayMs = wholeParameter("of each message", { min: 1, max: 120, initial: 50 });

const latencyParameters = {
  delayMs,
  nodes: wholeParameter("members", { min: 3, max: 31, initial: 7 }),
};

export const latencies = defineExact<typeof latencyParameters>({
  id: "latencies",
  code: "L4",
  group: "liveness",
  title: "Delays until an answer",
  claim: "A write takes 2 or 4 delays, however many members there are.",
  lines: "L395",
  source: "counting phases: each is a message there and one back",
  parameters: latencyParameters,
  examples: [["--delay-ms 100 --nodes 15", "more members, farther apart"]],
  examine: ({ delayMs: each, nodes }, seed) => [
    ...faultless.map((protocol) => {
      const { delays } = costOf(protocol, { nodes, delayMs: each, seed });
      return exactly(`${protocol.name}: delays`, delays, protocol.delays);
    }),
  ],
});

const messageParameters = {
  smallest: wholeParameter("members of the smallest network", { min: 3, max: 10, initial: 4 }),
  middle: wholeParameter("members of the middle one", { min: 11, max: 40, initial: 31 }),
  largest: wholeParameter("members of the largest one", { min: 41, max: 150, initial: 100 }),
};

export const messageCounts = defineExact<typeof messageParameters>({
  id: "messages",
  code: "L5",
  group: "liveness",
  title: "Messages of a decision",
  claim: "A decision costs 2, 4 or 6 messages a member, not O(n²): 100 nodes are no limit.",
  lines: "L395",
  source: "counting: each phase is a message to each other member and one back",
  parameters: messageParameters,
  examples: [["--largest 150", "a larger network"]],
  examine: ({ smallest, middle, largest }, seed) => {
    return faultless.flatMap((protocol) => [
      ...[smallest, middle, largest].map((nodes) => countFinding(protocol, nodes, seed)),
      growthFinding(protocol, { few: smallest, many: largest }, seed),
    ]);
  },
});

const usualDelayMs = 50;

function countFinding(protocol: Faultless, nodes: number, seed: string) {
  const { messages } = costOf(protocol, { nodes, delayMs: usualDelayMs, seed });
  const expected = protocol.messagesEach * (nodes - 1);
  return exactly(`${protocol.name}: messages among ${nodes}`, messages, expected);
}

/** Beyond heartbeats: names of members and of ballots have a few bytes more where there are many. */
const growthTolerance = 1.5;

/** Bytes grow as the number of members does, not as its square. */
function growthFinding(
  protocol: Faultless,
  { few, many }: { readonly few: number; readonly many: number },
  seed: string,
) {
  const bytesEach = (nodes: number) => {
    const { bytes } = costOf(protocol, { nodes, delayMs: usualDelayMs, seed });
    return bytes / (nodes - 1);
  };
  const growth = bytesEach(many) / bytesEach(few);
  return atMost(
    `${protocol.name}: bytes a member, ${many} against ${few}`,
    growth,
    growthTolerance,
  );
}

/** What a client of PBFT accepts: the answer that f + 1 replicas give alike. */

import type { PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { byzantineMaxOf } from "../../protocols/process/quorum.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, exactly, type Finding } from "../engine/finding.ts";
import { acceptedAnswer, behaviourOf, replicas, write } from "./replicas.ts";

const parameters = {
  runs: wholeParameter("reads with other delays", { min: 10, max: 1_000, initial: 50 }),
};

const decisionMs = 500;
/** Each message takes another time. */
const spreadMs = 50;
const [right, firstOfClient] = [1, { client: "c", number: 1 }];
const readOfClient = { client: "c", number: 2 };

export const equalAnswers = defineExact<typeof parameters>({
  id: "equal-answers",
  code: "B11",
  group: "BFT",
  title: "Equal answers",
  claim: "A client accepts what f + 1 replicas answer alike: one of them is honest.",
  lines: "L241",
  source: "Castro and Liskov 1999, 4.1; f + 1 byzantine replicas can answer alike",
  parameters,
  quick: { runs: 20 },
  examples: [["--runs 500", "more delays"]],
  examine: ({ runs }, seed) => [4, 7].flatMap((nodes) => readsAmong(nodes, runs, seed)),
});

function readsAmong(nodes: number, runs: number, seed: string): readonly Finding[] {
  const tolerated = byzantineMaxOf(nodes);
  const falseReads = (byzantine: number, needed: number) => {
    const reads = Array.from({ length: runs }, (_, run) => {
      return readAmong({ nodes, byzantine, needed }, `${seed} ${run}`);
    });
    return reads.filter((value) => value !== right).length;
  };
  const what = `${nodes} replicas`;
  return [
    exactly(
      `${what}, f byzantine, f + 1 equal: false reads`,
      falseReads(tolerated, tolerated + 1),
      0,
    ),
    atLeast(
      `${what}, f + 1 byzantine, f + 1 equal: false reads`,
      falseReads(tolerated + 1, tolerated + 1),
      1,
    ),
    atLeast(`${what}, f byzantine, any answer: false reads`, falseReads(tolerated, 1), 1),
  ];
}

type Read = { readonly nodes: number; readonly byzantine: number; readonly needed: number };

/** The value is written before; the client stands beside the first byzantine replica. */
function readAmong({ nodes, byzantine, needed }: Read, seed: string) {
  const world = replicas({ nodes, seed, spreadMs });
  const beside = world.names.at(-byzantine) as PeerId;
  world.requestAtAll(beside, firstOfClient, write("x", right));
  world.runFor(decisionMs);
  world.turnByzantine(world.names.slice(-byzantine), behaviourOf("false-answers"));
  world.requestAtAll(beside, readOfClient, { type: "read", key: "x" });
  world.runFor(decisionMs);
  const answer = acceptedAnswer(world, readOfClient, needed)?.answer;
  return answer?.type === "read" ? answer.value : undefined;
}

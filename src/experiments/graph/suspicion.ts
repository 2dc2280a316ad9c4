/** A node that suspects others when they are silent, many times: how often it is wrong. */

import { choiceParameter, decimalParameter, type ValuesOf } from "../../primitives/parameter.ts";
import { defineExperiment, type RunPortion } from "../engine/experiment.ts";

const parameters = {
  way: choiceParameter(
    "one: a message that is due; round: a question and its answer",
    ["one", "round"],
    "one",
  ),
  timeout: decimalParameter("how long the node waits, in ms", {
    min: 0,
    max: 10_000,
    initial: 100,
  }),
  latency: decimalParameter("what each way takes at least, in ms", {
    min: 0,
    max: 1_000,
    initial: 20,
  }),
  jitter: decimalParameter("what it takes longer in the mean, in ms", {
    min: 0.001,
    max: 1_000,
    initial: 20,
  }),
};

type Chosen = ValuesOf<typeof parameters>;

export const suspicion = defineExperiment<typeof parameters>({
  id: "suspicion",
  code: "G7",
  group: "graph",
  title: "False suspicion",
  claim: "A node has only a local view: no time-out tells a slow node from one that is gone.",
  lines: "L34,373",
  measure: "the part of the nodes that are suspected though they are there",
  source: "tails of one exponential delay, or of the sum of two",
  refuses: "a time-out that is never wrong",
  parameters,
  units: { name: "runs", summary: "how many messages", initial: 100_000, max: 10_000_000 },
  tolerance: { type: "standard-errors", max: 4 },
  examples: [["--way round --timeout 120", "a question and its answer"]],
  table: { varies: { way: ["one", "round"], timeout: [60, 100, 120, 200] } },
  quick: { values: [{ way: "round", timeout: 120 }], units: 20_000 },
  batchUnits: () => 50_000,
  prepare: () => countSuspicions,
  expected: ({ way, timeout, latency, jitter }) => {
    const ways = way === "one" ? 1 : 2;
    const beyond = Math.max(0, timeout - ways * latency) / jitter;
    return way === "one" ? Math.exp(-beyond) : Math.exp(-beyond) * (1 + beyond);
  },
  beside: () => ({}),
});

const countSuspicions: RunPortion<Chosen> = (
  { way, timeout, latency, jitter },
  { count, random },
) => {
  let successes = 0;
  for (let run = 0; run < count; run++) {
    let delayMs = latency + random.nextExponential(jitter);
    if (way === "round") delayMs += latency + random.nextExponential(jitter);
    if (delayMs > timeout) successes += 1;
  }
  return { type: "count", runs: count, successes };
};

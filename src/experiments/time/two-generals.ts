/** Two generals and messengers who may be caught, many times: how often one attacks alone. */

import { shareParameter, type ValuesOf, wholeParameter } from "../../primitives/parameter.ts";
import { defineExperiment, type RunPortion } from "../engine/experiment.ts";

const parameters = {
  loss: shareParameter("the part of the messengers that are caught", {
    min: 0,
    max: 1,
    initial: 0.1,
  }),
  acknowledgements: wholeParameter("so many messages are wanted before an attack", {
    min: 0,
    max: 100,
    initial: 3,
  }),
};

type Chosen = ValuesOf<typeof parameters>;

export const twoGenerals = defineExperiment<typeof parameters>({
  id: "two-generals",
  code: "L2",
  group: "time",
  title: "Two generals",
  claim: "Over links that lose messages no number of acknowledgements makes agreement certain.",
  lines: "L412",
  measure: "the part of the rounds in which one attacks alone",
  source: "p(1 − p)^k: the last message is lost, and all before it arrived",
  refuses: "acknowledgements that make it certain, or that do not help",
  parameters,
  units: { name: "runs", summary: "how many rounds", initial: 100_000, max: 10_000_000 },
  tolerance: { type: "standard-errors", max: 4 },
  examples: [["--acknowledgements 0", "an order without any answer"]],
  table: { varies: { acknowledgements: [0, 1, 2, 3] } },
  quick: { values: [{ acknowledgements: 1 }], units: 20_000 },
  batchUnits: () => 50_000,
  prepare: () => countLonelyAttacks,
  expected: ({ loss, acknowledgements }) => loss * (1 - loss) ** acknowledgements,
  beside: () => ({}),
});

/** Each general attacks when it has sent or got the message that its plan waits for. */
const countLonelyAttacks: RunPortion<Chosen> = ({ loss, acknowledgements }, { count, random }) => {
  let successes = 0;
  for (let run = 0; run < count; run++) {
    let sent = 0;
    let isArrived = true;
    while (isArrived && sent <= acknowledgements) {
      sent += 1;
      isArrived = random.nextFloat() >= loss;
    }
    // The sender of the last message attacks in any case, its receiver only if it arrives.
    const attackers = sent <= acknowledgements ? 0 : isArrived ? 2 : 1;
    if (attackers === 1) successes += 1;
  }
  return { type: "count", runs: count, successes };
};

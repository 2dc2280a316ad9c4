/** Lines of the essay's Paxos, each explored as it stands: some are wrong, and some look so. */

import { choiceParameter, wholeParameter } from "../../primitives/parameter.ts";
import type { Value } from "../../protocols/process/key-value.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atMost, exactly, type Finding } from "../engine/finding.ts";
import { brokenIn } from "../explored/explored-protocol.ts";
import { exploreDecision, falsyValues, findBreach, mutantRules } from "./decision.ts";

const pairs: Readonly<Record<string, readonly [Value, Value]>> = {
  "zero-empty": falsyValues,
  "false-zero": [false, 0],
};

const parameters = {
  values: choiceParameter(
    "what the two propose: 0 and an empty text, or false and 0",
    ["zero-empty", "false-zero"],
    "zero-empty",
  ),
};

/** Where proposers are no acceptors, the shortest way has so many steps. */
const stepsMax = 12;

export const truthiness = defineExact<typeof parameters>({
  id: "truthiness",
  code: "M7",
  group: "Paxos",
  title: "An accepted value that counts as none",
  claim: "A value was accepted if `highest_accepted.value` is true.",
  lines: "L194",
  source: "all states; the nearest breach in a model with separate proposers is 12 steps away",
  isRefuted: true,
  parameters,
  examples: [["--values false-zero", "another pair of values"]],
  examine: ({ values }) => {
    const rules = mutantRules("truthiness");
    const breach = findBreach({ rules, values: pairs[values] ?? falsyValues });
    const hidden = exploreDecision({ rules, values: ["x", "y"] });
    return [
      exactly(`${values}: the nearest broken promise`, breach.promise, "agreement"),
      atMost(`${values}: steps to it`, breach.steps, stepsMax),
      exactly("x and y: promises that are broken", brokenIn(hidden), "none"),
    ];
  },
});

const timers = {
  timeouts: wholeParameter("timers that fire at most", { min: 0, max: 1, initial: 0 }),
};

export const comparisons = defineExact<typeof timers>({
  id: "comparisons",
  code: "M17",
  group: "Paxos",
  title: "Greater, or greater and equal",
  claim: "`n > promised` for prepare and `n >= promised` for accept are right.",
  lines: "L218-225",
  source: "all states of each variant; equal numbers break one 12 steps away in another model",
  parameters: timers,
  examples: [["--timeouts 1", "a proposer tries again, or a learner asks"]],
  examine: ({ timeouts }) => [
    ...safeFindings("as the essay has it", { mutant: "as-the-essay", timeouts }, 2),
    ...safeFindings("accept with >", { mutant: "accepts-higher-only", timeouts }, 0),
    ...safeFindings("prepare with >=", { mutant: "promises-again", timeouts }, 2),
    ...safeFindings("prepare with >, equal numbers", { mutant: "equal-numbers", timeouts }, 2),
    ...equalNumberFindings(timeouts),
  ],
});

function safeFindings(
  what: string,
  { mutant, timeouts }: { readonly mutant: string; readonly timeouts: number },
  decidable: number,
): readonly Finding[] {
  const exploration = exploreDecision({ rules: mutantRules(mutant), timeouts });
  return [
    exactly(`${what}: promises that are broken`, brokenIn(exploration), "none"),
    exactly(`${what}: values that can be decided`, exploration.goals.length, decidable),
  ];
}

function equalNumberFindings(timeouts: number): readonly Finding[] {
  const breach = findBreach({ rules: mutantRules("equal-numbers-promised-again"), timeouts });
  const what = "prepare with >=, equal numbers";
  return [
    exactly(`${what}: the nearest broken promise`, breach.promise, "agreement"),
    atMost(`${what}: steps to it`, breach.steps, stepsMax),
  ];
}

/** Lines of the essay's Paxos, each explored as it stands: some are wrong, and some look so. */

import type { Value } from "../../protocols/process/key-value.ts";
import { choiceParameter } from "../../sim/parameter.ts";
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
  source: "all states; the nearest breach of a model counted apart is 12 steps away",
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

export const comparisons = defineExact<Record<string, never>>({
  id: "comparisons",
  code: "M17",
  group: "Paxos",
  title: "Greater, or greater and equal",
  claim: "`n > promised` for prepare and `n >= promised` for accept are right.",
  lines: "L218-225",
  source: "all states of each variant; equal numbers break one 12 steps away in another model",
  parameters: {},
  examples: [["--seed 2", "the same: nothing in it is random"]],
  examine: () => [
    ...safeFindings("as the essay has it", "as-the-essay", 2),
    ...safeFindings("accept with >", "accepts-higher-only", 0),
    ...safeFindings("prepare with >=", "promises-again", 2),
    ...safeFindings("prepare with >, equal numbers", "equal-numbers", 2),
    ...equalNumberFindings(),
  ],
});

function safeFindings(what: string, mutant: string, decidable: number): readonly Finding[] {
  const exploration = exploreDecision({ rules: mutantRules(mutant) });
  return [
    exactly(`${what}: promises that are broken`, brokenIn(exploration), "none"),
    exactly(`${what}: values that can be decided`, exploration.goals.length, decidable),
  ];
}

function equalNumberFindings(): readonly Finding[] {
  const breach = findBreach({ rules: mutantRules("equal-numbers-promised-again") });
  const what = "prepare with >=, equal numbers";
  return [
    exactly(`${what}: the nearest broken promise`, breach.promise, "agreement"),
    atMost(`${what}: steps to it`, breach.steps, stepsMax),
  ];
}

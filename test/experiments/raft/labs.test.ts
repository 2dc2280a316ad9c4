/** The scenarios of the labs: a right Raft passes all, and wrong rules fail some of them. */

import { describe, expect, test } from "vitest";
import {
  agreementScenarios,
  electionScenarios,
} from "../../../src/experiments/raft/lab-agreement.ts";
import {
  persistenceScenarios,
  snapshotScenarios,
} from "../../../src/experiments/raft/lab-persistence.ts";
import { serviceScenarios } from "../../../src/experiments/raft/lab-service.ts";
import { runScenario } from "../../../src/experiments/raft/labs.ts";
import { raftMutants } from "../../../src/protocols/raft/mutants.ts";
import { raftRules } from "../../../src/protocols/raft/rules.ts";
import { findingsOf, unmetIn } from "../findings.ts";

test("R19 lists every scenario of every lab, each once", () => {
  const findings = findingsOf("R19", {});
  const count = [electionScenarios, agreementScenarios, persistenceScenarios]
    .concat([snapshotScenarios])
    .reduce((sum, scenarios) => sum + scenarios.length, serviceScenarios.length);
  expect(new Set(findings.map(({ what }) => what)).size).toBe(count);
  expect(count).toBe(42);
  expect(unmetIn(findings)).toEqual([]);
});

test.each(["elections", "agreement", "service"])("R19 with the lab %s only, too", (lab) => {
  const findings = findingsOf("R19", { lab });
  expect(findings.every(({ what }) => what.startsWith(lab))).toBe(true);
  expect(unmetIn(findings)).toEqual([]);
});

describe("with a wrong rule a scenario fails", () => {
  const scenarios = [...electionScenarios, ...agreementScenarios, ...persistenceScenarios];

  // Other mistakes hardly ever show without a script: those are in mutants.test.ts.
  test.each([
    ["more-than-majority", "re-election", "no leader is elected"],
    ["never-steps-down", "re-election", "no leader is elected"],
    ["log-length-only", "rejoin of a leader that was cut off", "leader-completeness"],
    ["no-previous-entry-check", "rejoin of a leader that was cut off", "log-matching"],
    ["no-election-restriction", "majorities restart in turn", "leader-completeness"],
    ["commits-whole-log", "Figure 8: leaders crash again and again", "leader-completeness"],
  ])("%s: %s", (mistake, name, reason) => {
    const mutant = raftMutants.find((each) => each.name === mistake)!;
    const scenario = scenarios.find((each) => each.name === name)!;
    const rules = { ...raftRules, ...mutant.rules };
    expect(runScenario(scenario, "1", { ...mutant.options, rules })).toContain(reason);
    expect(runScenario(scenario, "1")).toBe("passes");
  });
});

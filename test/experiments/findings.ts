/** What an exact experiment finds, by its code. */

import { exactExperiments } from "../../src/experiments/catalogue.ts";
import type { Finding } from "../../src/experiments/engine/finding.ts";
import { completed, type Values } from "../../src/primitives/parameter.ts";

/** @param chosen in place of what `--quick` takes, if anything. */
export function findingsOf(code: string, chosen?: Values): readonly Finding[] {
  const experiment = exactExperiments.find((each) => each.code === code);
  if (experiment === undefined) throw new Error(`there is no exact experiment ${code}`);
  const { parameters, quick = {} } = experiment;
  return experiment.examine(completed(parameters, chosen ?? quick), "1");
}

/** Those that are not as expected, in a line each. */
export function unmetIn(findings: readonly Finding[]): readonly string[] {
  const unmet = findings.filter(({ holds }) => !holds);
  return unmet.map(({ what, measured, expected }) => `${what}: ${measured}, not ${expected}`);
}

/** Plays a plan, and if it fails finds out which of its faults it takes. */

import type { Fault } from "../engine/faults.ts";
import { runChaos, type ChaosOutcome, type ChaosRun } from "./chaos.ts";
import { shrink } from "../engine/shrink.ts";

export type ChaosReport = {
  readonly outcome: ChaosOutcome;
  /** If it failed: the shortest schedule that was found to break the same promise. */
  readonly shortest: readonly Fault[] | undefined;
};

const runsMax = 100;

/** Lines are told of the first run only. */
export function investigate(run: ChaosRun): ChaosReport {
  const outcome = runChaos(run);
  const { failure } = outcome;
  if (failure === undefined) return { outcome, shortest: undefined };
  const { plan, stage, makeChecks } = run;
  const stillFails = (faults: readonly Fault[]): boolean => {
    const again = { plan: { ...plan, faults }, stage, ...(makeChecks && { makeChecks }) };
    return runChaos(again).failure?.promise === failure.promise;
  };
  return { outcome, shortest: shrink(plan.faults, stillFails, runsMax) };
}

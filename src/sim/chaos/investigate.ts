/** Runs a plan, and if it fails finds a shortest list of faults that still fails. */

import type { ChainFault } from "../chain-world/chain-faults.ts";
import { investigate, type Report } from "../engine/investigate.ts";
import { type ChaosOutcome, type ChaosRun, runChaos } from "./chaos.ts";

export type ChaosReport = Report<ChaosOutcome, ChainFault>;

/** Lines are reported for the first run only. */
export function investigateChaos(run: ChaosRun): ChaosReport {
  const { plan, setup, makeChecks } = run;
  const silent: ChaosRun = { plan, setup, ...(makeChecks && { makeChecks }) };
  return investigate(
    plan.faults,
    (faults) => runChaos({ ...run, plan: { ...plan, faults } }),
    (faults) => runChaos({ ...silent, plan: { ...plan, faults } }),
  );
}

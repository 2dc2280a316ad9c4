/** Runs a plan, and if it fails finds out which of its faults it takes. */

import type { ChainFault } from "../chain-world/chain-faults.ts";
import { investigate, type Report } from "../engine/investigate.ts";
import { type ChaosOutcome, type ChaosRun, runChaos } from "./chaos.ts";

export type ChaosReport = Report<ChaosOutcome, ChainFault>;

/** Lines are told of the first run only. */
export function investigateChaos(run: ChaosRun): ChaosReport {
  const { plan, setup, makeChecks } = run;
  const silent: ChaosRun = { plan, setup, ...(makeChecks && { makeChecks }) };
  return investigate(
    plan.faults,
    (faults) => runChaos({ ...run, plan: { ...plan, faults } }),
    (faults) => runChaos({ ...silent, plan: { ...plan, faults } }),
  );
}

/** Runs a schedule of faults, and if a promise breaks finds a shortest schedule that breaks it. */

import type { Failure } from "./promise.ts";
import { shrink } from "./shrink.ts";

export type Report<Outcome, F> = {
  readonly outcome: Outcome;
  /** If it failed: the shortest schedule that was found to break the same promise. */
  readonly shortest: readonly F[] | undefined;
};

const runsMax = 100;

/**
 * @param run must be repeatable: the same faults, the same outcome.
 * @param rerun the same without output, for the attempts to shorten the schedule.
 */
export function investigate<F, Outcome extends { readonly failure: Failure | undefined }>(
  faults: readonly F[],
  run: (faults: readonly F[]) => Outcome,
  rerun = run,
): Report<Outcome, F> {
  const outcome = run(faults);
  const { failure } = outcome;
  if (failure === undefined) return { outcome, shortest: undefined };
  const stillFails = (tried: readonly F[]) => rerun(tried).failure?.promise === failure.promise;
  return { outcome, shortest: shrink(faults, stillFails, runsMax) };
}

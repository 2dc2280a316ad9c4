/** Long runs and Ctrl-C: what is known by then is printed, and said to be only a part. */

import { CliError, untilInterrupted } from "./output.ts";

/** Aborted by the first Ctrl-C or polite kill. */
export function interruptionSignal(): AbortSignal {
  const interruption = new AbortController();
  void untilInterrupted().then(() => interruption.abort());
  return interruption.signal;
}

/** A field for JSON: programs should not take a part for the whole. */
export function partialOf(isInterrupted: boolean): { readonly interrupted?: true } {
  return isInterrupted ? { interrupted: true } : {};
}

/** The error that ends an interrupted run. @param printed what was known, and was printed. */
export function interrupted(printed: readonly unknown[]): CliError {
  const known = printed.length === 0 ? "nothing is known yet" : "what is printed was known by then";
  return new CliError(`Interrupted: ${known}.`);
}

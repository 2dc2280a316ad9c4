/** What a scenario is: one seeded run of full nodes with a transcript, as a record for the command line. */

import type { Parameters, Values, ValuesOf } from "../../primitives/parameter.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";

/** What every run gets besides its own values. */
export type RunOptions = {
  readonly seed: number | string;
  readonly verifier: SignatureVerifier;
  /** Receives the lines of the transcript; without it they are dropped. */
  readonly onLine?: (line: string) => void;
};

export type Conclusion = {
  /** The whole outcome of the run, for programs. */
  readonly outcome: object;
  /** A sentence, if the run did not end as it must. */
  readonly failure?: string | undefined;
};

/** `powlab simulate NAME`, its options and its help are derived from this record. */
export type Scenario<V = Values> = {
  /** What people type. */
  readonly name: string;
  /** A phrase. */
  readonly summary: string;
  readonly parameters: Parameters;
  /** Words after the name, as in `--seed 7`, each with what it shows. */
  readonly examples: readonly (readonly [words: string, shows: string])[];
  /** The next command to try. */
  readonly next: string;
  /** A method, so that a record about certain values is also one about values in general. */
  run(values: V, options: RunOptions): Conclusion;
};

/** Takes a record with values of its own as one among others. */
export function defineScenario<P extends Parameters>(
  scenario: Scenario<ValuesOf<P>> & { readonly parameters: P },
): Scenario {
  return scenario;
}

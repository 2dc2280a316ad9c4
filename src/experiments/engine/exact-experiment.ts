/** An experiment whose outcome is exact: no estimate with an interval, but findings that must be met. */

import {
  completed,
  type Parameters,
  type Values,
  type ValuesOf,
} from "../../primitives/parameter.ts";
import type { Claim } from "./claim.ts";
import type { Finding } from "./finding.ts";

export type ExactExperiment<V = Values> = Claim & {
  readonly parameters: Parameters;
  /** Words after the id, as in `--nodes 5`, each with what it shows. */
  readonly examples: readonly (readonly [words: string, shows: string])[];
  /** For `--quick`: smaller values that show the same; those of `parameters` if it is missing. */
  readonly quick?: Partial<V>;
  /** Equal values and seeds give equal findings. */
  examine(values: V, seed: string): readonly Finding[];
};

/** An experiment with all its values and a seed, as plain data. */
export type Examination = {
  readonly type: "examination";
  readonly id: string;
  readonly values: Values;
  readonly seed: string;
};

/** Takes a record with values of its own as one among others. */
export function defineExact<P extends Parameters>(
  experiment: ExactExperiment<ValuesOf<P>> & { readonly parameters: P },
): ExactExperiment {
  return experiment;
}

export function examinationOf(
  { id, parameters }: ExactExperiment,
  chosen: Values,
  seed: string,
): Examination {
  return { type: "examination", id, values: completed(parameters, chosen), seed };
}

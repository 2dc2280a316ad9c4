/** What an experiment is: a claim as a record that can be run, beside what theory expects of it. */

import {
  completed,
  type Parameters,
  type Values,
  type ValuesOf,
} from "../../primitives/parameter.ts";
import type { Random } from "../../primitives/random.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Chart } from "./chart.ts";
import type { Claim } from "./claim.ts";
import type { Figures, Result } from "./result.ts";
import type { Sheet } from "./sheet.ts";
import { addTallies, type Estimate, estimateOf, type Tally } from "./tally.ts";

/** What is repeated, and counts how long an experiment takes. */
export type Units = {
  readonly name: "runs" | "blocks";
  readonly summary: string;
  readonly initial: number;
  readonly max: number;
};

/** How far an estimate may be from what is expected; a difference of 0 asks for the exact value. */
export type Tolerance =
  | { readonly type: "standard-errors"; readonly max: number }
  | { readonly type: "difference"; readonly max: number }
  | { readonly type: "ratio"; readonly max: number };

/** Consecutive units of one cell, with a random stream of their own. */
export type Portion = {
  readonly seed: string;
  /** The position of the first unit. */
  readonly first: number;
  readonly count: number;
  readonly random: Random;
};

export type RunPortion<V> = (values: V, portion: Portion) => Tally;

/** A grid of cells: all combinations of the values of these parameters, the first varying slowest. */
export type Table<V> = {
  readonly varies: { readonly [Name in keyof V]?: readonly V[Name][] };
  /** More units than asked for, where so few would say nothing. */
  unitsOf?(values: V, units: number): number;
  /** Figures without runs that belong beside the table. */
  extras?(): readonly Sheet[];
};

/** What the report shows of a table, besides the claim and how far the estimates are from theory. */
export type Picture = {
  /** Sentences: what the lines and points are. */
  readonly text: string;
  readonly charts: readonly Chart[];
  /** In place of one sheet with all results; the extras of the table stand behind them. */
  readonly sheets?: readonly Sheet[];
};

/**
 * One claim with an estimate. Its options, its line in `experiment list`, its help and its section of the report are
 * derived from this record.
 */
export type Experiment<V = Values> = Claim & {
  /** What the estimate is: a phrase. */
  readonly measure: string;
  /** Which other theory as many runs would refuse: a phrase such as "votes that never split". */
  readonly refuses: string;
  readonly parameters: Parameters;
  readonly units: Units;
  readonly tolerance: Tolerance;
  /** Words after the id, as in `--share 0.3`, each with what it shows. */
  readonly examples: readonly (readonly [words: string, shows: string])[];
  readonly table: Table<V>;
  /** For `--quick`: one cell, or a few; the initial values and units if it is missing. */
  readonly quick?: { readonly values: readonly Partial<V>[]; readonly units: number };
  /** What one thread does at a time: long enough to be worth a message, short enough to wait for. */
  batchUnits(values: V): number;
  /** Makes what all batches have in common once. */
  prepare(verifier: SignatureVerifier): RunPortion<V>;
  /** Undefined where no theory is known. */
  expected(values: V): number | undefined;
  /** What other sources say of the same. */
  beside(values: V): Figures;
  /** Of the results of the table. */
  picture?(results: readonly Result[]): Picture;
};

/** Takes a record with values of its own as one among others: `cellOf` gives it no other values. */
export function defineExperiment<P extends Parameters>(
  experiment: Experiment<ValuesOf<P>> & { readonly parameters: P },
): Experiment {
  return experiment as unknown as Experiment;
}

/** One experiment with all its values, and how many units of it are run. */
export type Cell = {
  readonly experiment: Experiment;
  readonly values: Values;
  readonly units: number;
};

/** @param chosen by people or programs; what they leave out takes its initial value. */
export function cellOf(experiment: Experiment, chosen: Values, units: number): Cell {
  return { experiment, values: completed(experiment.parameters, chosen), units };
}

/** @param chosen for the parameters that the table does not vary. @param units of each cell, at least. */
export function tableOf(experiment: Experiment, chosen: Values, units: number): Cell[] {
  const { table } = experiment;
  let rows: Values[] = [{}];
  for (const [name, values = []] of Object.entries(table.varies)) {
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
  }
  return rows.map((row) => {
    const cell = cellOf(experiment, { ...chosen, ...row }, units);
    return { ...cell, units: table.unitsOf?.(cell.values, units) ?? units };
  });
}

/** The few cells that `--quick` runs. */
export function quickCellsOf(experiment: Experiment): Cell[] {
  const { quick = { values: [{}], units: experiment.units.initial } } = experiment;
  return quick.values.map((values) => cellOf(experiment, values as Values, quick.units));
}

/** @param tallies of the batches that were run; at least one. */
export function resultOf({ experiment, values, units }: Cell, tallies: readonly Tally[]): Result {
  const { id, tolerance } = experiment;
  const expected = experiment.expected(values);
  const estimate = estimateOf(addTallies(tallies), expected);
  return {
    id,
    values,
    units: { [experiment.units.name]: units },
    ...estimate,
    expected,
    beside: experiment.beside(values),
    holds: expected === undefined || isWithin(tolerance, estimate, expected),
  };
}

function isWithin(tolerance: Tolerance, { estimate, z }: Estimate, expected: number): boolean {
  switch (tolerance.type) {
    case "standard-errors":
      return Math.abs(z ?? 0) < tolerance.max;
    case "difference":
      return Math.abs(estimate - expected) <= tolerance.max;
    case "ratio":
      return Math.abs(estimate / expected - 1) <= tolerance.max;
    default:
      return unreachable(tolerance);
  }
}

/** Such as "4 standard errors": completes "must be within … of what is expected". */
export function describeTolerance(tolerance: Tolerance): string {
  switch (tolerance.type) {
    case "standard-errors":
      return `${tolerance.max} standard errors`;
    case "difference":
      return String(tolerance.max);
    case "ratio":
      return `${tolerance.max * 100} %`;
    default:
      return unreachable(tolerance);
  }
}

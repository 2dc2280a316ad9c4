/** What came of an experiment with certain values, beside what was expected. */

import type { Values } from "../../primitives/parameter.ts";
import type { Estimate } from "./tally.ts";

/** By their names. */
export type Figures = Readonly<Record<string, number>>;

export type Result = Estimate & {
  readonly id: string;
  readonly values: Values;
  /** By its name: blocks or runs that were to be run. */
  readonly units: Figures;
  readonly expected: number | undefined;
  readonly beside: Figures;
  /** Whether the estimate is as near to what is expected as the tolerance asks. */
  readonly holds: boolean;
};

/** How far the result that is furthest from theory is, in standard errors; 0 without theory. */
export function worstScore(results: readonly Result[]): number {
  return Math.max(0, ...results.map(({ z }) => Math.abs(z ?? 0)));
}

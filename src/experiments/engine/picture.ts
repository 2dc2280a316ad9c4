/** Results as the points and lines of a chart. */

import type { Series } from "./chart.ts";
import type { Result } from "./result.ts";

/** The results with this value of one parameter, as points over another. */
export function pointsOf(
  results: readonly Result[],
  x: string,
  key: string,
  value: number,
): Series["points"] {
  const some = results.filter(({ values }) => values[key] === value);
  return some.map(({ values, estimate, interval }) => {
    return { x: Number(values[x]), y: estimate, span: interval };
  });
}

/** A parameter's numbers, each once, in rising order. */
export function valuesOf(results: readonly Result[], key: string): number[] {
  return [...new Set(results.map(({ values }) => Number(values[key])))].sort((a, b) => a - b);
}

const curveSteps = 98;

/** A function of x as a line. */
export function along(
  min: number,
  max: number,
  height: (x: number) => number,
): readonly (readonly [x: number, y: number])[] {
  return Array.from({ length: curveSteps + 1 }, (_, step) => {
    const x = min + ((max - min) * step) / curveSteps;
    return [x, height(x)] as const;
  });
}

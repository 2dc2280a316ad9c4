/** Chances and parts of a whole as people read them, and a curve of them read between its points. */

import type { Curve } from "../../contract/attacks.ts";

/** Such as "18.0 %", "0.12 %" and "less than 0.01 %"; only what is certain is "0 %" or "100 %". */
export function chanceText(chance: number): string {
  if (chance === 0 || chance === 1) return `${100 * chance} %`;
  if (chance < 0.0001) return "less than 0.01 %";
  if (chance < 0.01) return `${(100 * chance).toFixed(2)} %`;
  if (chance > 0.9994) return "more than 99.9 %";
  return `${(100 * chance).toFixed(1)} %`;
}

/** With one decimal and no sign of what it is a part of, such as "18.2". */
export function percentNumber(part: number): string {
  return (100 * part).toFixed(1);
}

/** What the curve says of this share: between two points, on the straight line; null if empty. */
export function valueOn(curve: Curve, share: number): number | null {
  const after = curve.findIndex(([at]) => at >= share);
  const high = curve[after] ?? curve.at(-1);
  if (high === undefined) return null;
  const low = curve[after - 1];
  if (low === undefined || after === -1) return high[1];
  const part = (share - low[0]) / (high[0] - low[0]);
  return low[1] + part * (high[1] - low[1]);
}

/** Results as a sheet of text cells: the same for a terminal, for CSV and for a page. */

import type { Value } from "../../primitives/parameter.ts";
import type { Result } from "./result.ts";

export type Sheet = {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** Values that no result has are left out. */
export function sheetOf(title: string, results: readonly Result[]): Sheet {
  const chosen = namesOf(results.map(({ values }) => values));
  const beside = namesOf(results.map((result) => result.beside));
  return {
    title,
    columns: [
      ...chosen.map(spaced),
      ...["estimate", "95 % interval", "expected", "z"],
      ...beside.map(spaced),
      "runs",
    ],
    rows: results.map((result) => [
      ...chosen.map((name) => shown(result.values[name])),
      part(result.estimate),
      result.interval.map(part).join(" – "),
      result.expected === undefined ? "–" : part(result.expected),
      result.z === undefined ? "–" : result.z.toFixed(2),
      ...beside.map((name) => part(result.beside[name] ?? NaN)),
      String(result.runs),
    ]),
  };
}

/** @see RFC 4180, but for the line ends */
export function csvOf(results: readonly Result[]): string {
  const records = results.map((result) => {
    const { values, units, estimate, interval, expected, z, runs, beside } = result;
    const [low, high] = interval;
    return { ...values, ...units, runs, estimate, low, high, expected, z, ...beside };
  });
  const columns = namesOf(records);
  const lines = records.map((record: Readonly<Record<string, Value>>) => {
    return columns.map((column) => quoted(record[column])).join(",");
  });
  return [columns.join(","), ...lines].join("\n");
}

/** As programs read one result, with all its digits; null where theory is silent. */
export function jsonOf(result: Result, seed: string): Record<string, unknown> {
  const { id, values, units, runs, estimate, interval, expected, z, holds, beside } = result;
  return {
    id,
    seed,
    parameters: { ...values, ...units },
    runs,
    estimate,
    expected: expected ?? null,
    interval,
    z: z ?? null,
    holds,
    beside,
  };
}

/** The names that have a value in at least one record, in their order. */
function namesOf(records: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const names = records.flatMap((record) => {
    return Object.keys(record).filter((name) => record[name] !== undefined);
  });
  return [...new Set(names)];
}

/** "giveUp" as "give up". */
function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function quoted(value: Value): string {
  if (typeof value === "string" && /[",\n]/.test(value)) return `"${value.replaceAll('"', '""')}"`;
  return value === undefined ? "" : String(value);
}

/** A share, a delay or a count: as short as it can be. */
function shown(value: Value): string {
  if (typeof value === "number") return String(Number(value.toFixed(4)));
  return value === undefined ? "–" : String(value);
}

/** A part of one, or a mean: small ones keep two digits that count. */
function part(value: number): string {
  if (value === 0 || value >= 0.001) return value.toFixed(5);
  return value.toPrecision(2);
}

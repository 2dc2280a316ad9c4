/** Results as a sheet of text cells: the same for a terminal, for CSV and for a page. */

import type { Result } from "./experiment.ts";

export type Sheet = {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** What the figures are called in print. */
const titles: Readonly<Record<string, string>> = {
  share: "share",
  confirmations: "conf.",
  premine: "premine",
  giveUpBehind: "gives up",
  gamma: "gamma",
  blocks: "blocks",
  delay: "delay",
  miners: "miners",
  intervals: "intervals",
  peers: "peers",
  nakamoto: "Nakamoto",
  rosenfeld: "Rosenfeld",
  honest: "honest",
  manyMiners: "x/(1+x)",
};

export function sheetOf(title: string, results: readonly Result[]): Sheet {
  const [first] = results;
  const about = Object.keys(first?.about ?? {});
  const beside = Object.keys(first?.beside ?? {});
  const nameOf = (key: string): string => titles[key] ?? key;
  return {
    title,
    columns: [
      ...about.map(nameOf),
      ...["estimate", "95 % interval", "theory", "z"],
      ...beside.map(nameOf),
      "runs",
    ],
    rows: results.map((result) => [
      ...about.map((key) => short(result.about[key] ?? NaN)),
      part(result.estimate),
      result.interval.map(part).join(" – "),
      result.theory === undefined ? "–" : part(result.theory),
      result.z === undefined ? "–" : result.z.toFixed(2),
      ...beside.map((key) => part(result.beside[key] ?? NaN)),
      String(result.runs),
    ]),
  };
}

/** One record for each result, flat, with all its digits. */
export function recordsOf(results: readonly Result[]): Record<string, number | null>[] {
  return results.map(({ about, estimate, interval, theory, z, runs, beside }) => {
    const [low, high] = interval;
    return { ...about, estimate, low, high, theory: theory ?? null, z: z ?? null, runs, ...beside };
  });
}

/** @see RFC 4180, but for the line ends */
export function csvOf(results: readonly Result[]): string {
  const records = recordsOf(results);
  const columns = Object.keys(records[0] ?? {});
  const lines = records.map((record) => columns.map((column) => record[column] ?? "").join(","));
  return [columns.join(","), ...lines].join("\n");
}

/** As programs read one result. */
export function jsonOf(result: Result): Record<string, unknown> {
  const { about, estimate, interval, theory, z, runs, beside } = result;
  return {
    ...about,
    estimate,
    interval,
    theory: theory ?? null,
    z: z ?? null,
    runs,
    ...beside,
  };
}

/** A share, a delay or a count: as short as it can be. */
function short(value: number): string {
  return String(Number(value.toFixed(4)));
}

/** A part of one, or a mean: small ones keep two digits that count. */
function part(value: number): string {
  if (value === 0 || value >= 0.001) return value.toFixed(5);
  return value.toPrecision(2);
}

/** The report: one HTML page with tables and charts that loads nothing. */

import { unreachable } from "../primitives/verdict.ts";
import { type Chart, drawChart, escapeText } from "./engine/chart.ts";
import type { Claim } from "./engine/claim.ts";
import type { Experiment, Tolerance } from "./engine/experiment.ts";
import type { Finding } from "./engine/finding.ts";
import { type Result, worstScore } from "./engine/result.ts";
import { type Sheet, sheetOf } from "./engine/sheet.ts";

export type Section = {
  readonly heading: string;
  /** Sentences: what was done, and what to look for. */
  readonly text: string;
  readonly charts: readonly Chart[];
  /** What is no chart, as SVG texts; they stand behind the charts. */
  readonly drawings?: readonly string[];
  readonly sheets: readonly Sheet[];
};

/** @param results of the experiment's table, or of part of it. */
export function sectionOf(experiment: Experiment, results: readonly Result[]): Section {
  const { title, claim, source, table } = experiment;
  const picture = experiment.picture?.(results);
  const {
    text = `Expected: ${source}.`,
    charts = [],
    sheets = [sheetOf(title, results)],
  } = picture ?? {};
  return {
    heading: title,
    text: `${claim} ${text} ${farthest(experiment, results)}`,
    charts,
    sheets: [...sheets, ...(table.extras?.() ?? [])],
  };
}

/** Of an exact experiment. */
export function sectionOfFindings(
  { title, claim, source }: Claim,
  findings: readonly Finding[],
): Section {
  const rows = findings.map(({ what, measured, expected, holds }) => {
    return [what, measured, expected, holds ? "yes" : "no"];
  });
  const columns = ["what", "measured", "expected", "as expected"];
  const text = `${claim} Expected: ${source}.`;
  return { heading: title, text, charts: [], sheets: [{ title, columns, rows }] };
}

/** By the measure that the experiment itself is judged by. */
function farthest({ tolerance }: Experiment, results: readonly Result[]): string {
  const known = results.filter(({ expected }) => expected !== undefined);
  const [count, off] = [results.length, distanceFromTheory(tolerance, known)];
  if (known.length === count)
    return `Of ${count} estimates the farthest from theory is ${off} off.`;
  return `Of ${known.length} estimates with a theory the farthest from it is ${off} off.`;
}

function distanceFromTheory(tolerance: Tolerance, results: readonly Result[]): string {
  const distances = results.map(({ estimate, expected = estimate }) => estimate - expected);
  const ratios = results.map(({ estimate, expected = estimate }) => estimate / expected - 1);
  const largest = (numbers: readonly number[]) => Math.max(0, ...numbers.map(Math.abs));
  switch (tolerance.type) {
    case "standard-errors":
      return `${worstScore(results).toFixed(2)} standard errors`;
    case "difference":
      return String(largest(distances));
    case "ratio":
      return `${(100 * largest(ratios)).toFixed(1)} %`;
    default:
      return unreachable(tolerance);
  }
}

const style = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; }
svg { width: 100%; max-width: 46rem; height: auto; font-size: 11px; }
svg text { fill: currentColor; stroke: none; }
svg.wide { max-width: none; }
svg .title { font-size: 13px; font-weight: 600; }
svg .grid { stroke: currentColor; opacity: 0.12; }
svg .mark { stroke: currentColor; opacity: 0.6; stroke-dasharray: 4 3; }
svg .curve { fill: none; stroke-width: 1.5; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; }
th, td { padding: 0.15rem 0.7rem; text-align: right; border-bottom: 1px solid #8884; }
div.sheet { overflow-x: auto; }
`;

/** @param footer what the page was made with: the seed and the command. */
export function formatReport(
  sections: readonly Section[],
  footer: string,
  title = "Experiments beside theory",
): string {
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    // The browser enforces it: the page loads nothing.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>powlab: ${escapeText(title)}</title><style>${style}</style></head><body>`,
    `<h1>${escapeText(title)}</h1>`,
    ...sections.flatMap(formatSection),
    `<p><small>${escapeText(footer)}</small></p>`,
    "</body></html>",
    "",
  ].join("\n");
}

function formatSection({ heading, text, charts, drawings = [], sheets }: Section): string[] {
  return [
    `<section><h2>${escapeText(heading)}</h2><p>${escapeText(text)}</p>`,
    ...charts.map(drawChart),
    ...drawings,
    ...sheets.map(formatSheet),
    "</section>",
  ];
}

function formatSheet({ title, columns, rows }: Sheet): string {
  const head = columns.map((column) => `<th>${escapeText(column)}</th>`).join("");
  const body = rows.map((row) => {
    return `<tr>${row.map((cell) => `<td>${escapeText(cell)}</td>`).join("")}</tr>`;
  });
  return (
    `<h3>${escapeText(title)}</h3><div class="sheet"><table><thead><tr>${head}</tr></thead>` +
    `<tbody>${body.join("\n")}</tbody></table></div>`
  );
}

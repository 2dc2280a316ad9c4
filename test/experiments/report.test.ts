/** Checks sheets, CSV and the page that shows them. */

import { expect, test } from "vitest";
import type { Result } from "../../src/experiments/experiment.ts";
import { drawChart, type Chart } from "../../src/experiments/chart.ts";
import { formatReport, nakamotoSheet, sectionsOf } from "../../src/experiments/report.ts";
import { csvOf, jsonOf, sheetOf } from "../../src/experiments/sheet.ts";

function result(about: Result["about"], estimate: number, beside: Result["beside"] = {}): Result {
  const interval = [estimate - 0.01, estimate + 0.01] as const;
  return { about, estimate, interval, theory: 0.25, z: 1.234, runs: 100, beside };
}

const doubleSpend = [
  result({ share: 0.3, confirmations: 1, premine: 0 }, 0.31),
  result({ share: 0.3, confirmations: 2, premine: 0 }, 0.23),
];
const selfishMining = [0, 0.5, 1].map((gamma) => result({ share: 0.4, gamma }, 0.5));
const stale = [result({ delay: 0.5, miners: 100 }, 0.33)];

test("a sheet has what it is about first, then the estimate, then what others say", () => {
  const sheet = sheetOf("probability", [result({ share: 0.3 }, 0.26, { nakamoto: 0.0000124 })]);
  expect(sheet.columns).toEqual(
    ["share", "estimate", "95 % interval", "theory", "z"].concat("Nakamoto", "runs"),
  );
  expect(sheet.rows).toEqual([
    ["0.3", "0.26000", "0.25000 – 0.27000", "0.25000", "1.23", "0.000012", "100"],
  ]);
});

test("programs get all digits, and null where theory is silent", () => {
  const silent = { ...result({ share: 0.3 }, 0.26), theory: undefined, z: undefined };
  expect(jsonOf(silent)).toEqual({
    share: 0.3,
    estimate: 0.26,
    interval: [0.25, 0.27],
    theory: null,
    z: null,
    runs: 100,
  });
  expect(csvOf([silent])).toBe("share,estimate,low,high,theory,z,runs\n0.3,0.26,0.25,0.27,,,100");
});

test("Nakamoto's formula gives the digits of his paper", () => {
  for (const [, , paper, formula] of nakamotoSheet().rows) expect(formula).toBe(paper);
});

test("the page has its plots and tables, and asks nobody for anything", () => {
  const sections = sectionsOf({ doubleSpend, selfishMining, stale });
  const page = formatReport(sections, "seed <1>");
  expect(page.match(/<svg /g)).toHaveLength(3);
  expect(page.match(/<table>/g)).toHaveLength(6);
  expect(page).toContain("gamma 0: 0.333");
  expect(page).toContain("gamma 0.5: 0.25");
  expect(page).toContain("gamma 1: 0<");
  expect(page).toContain("seed &lt;1&gt;");
  expect(page).not.toMatch(/https?:|src=|href=|url\(|@import|<script|<link/);
});

test("a plot puts points where its axes say, and leaves out what is off them", () => {
  const plot: Chart = {
    title: "a plot",
    x: { title: "x", min: 0, max: 10, ticks: [] },
    y: { title: "y", min: 0.01, max: 1, ticks: [], scale: "logarithmic" },
    series: [
      {
        name: "one",
        curve: [],
        points: [
          { x: 0, y: 1, span: [0.5, 2] },
          { x: 5, y: 0.1, span: [0.001, 0.2] },
          { x: 10, y: 0.001, span: [0.001, 0.001] },
        ],
      },
    ],
  };
  const circles = [...drawChart(plot).matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)];
  const places = circles.map(([, x, y]) => [Number(x), Number(y)]);
  // The last one is the legend's.
  expect(places).toHaveLength(3);
  const [left, middle] = places;
  expect(left![1]).toBe(34);
  expect(middle![1]).toBe(194);
  expect(middle![0]).toBe((62 + 520) / 2);
});

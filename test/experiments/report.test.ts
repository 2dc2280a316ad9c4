/** Checks sheets, CSV and the page that shows them. */

import { expect, test } from "vitest";
import { type Chart, drawChart } from "../../src/experiments/engine/chart.ts";
import type { Result } from "../../src/experiments/engine/result.ts";
import { csvOf, jsonOf, sheetOf } from "../../src/experiments/engine/sheet.ts";
import { doubleSpend, nakamotoSheet } from "../../src/experiments/proof-of-work/double-spend.ts";
import { eclipse } from "../../src/experiments/proof-of-work/eclipse.ts";
import { selfishMining } from "../../src/experiments/proof-of-work/selfish-mining.ts";
import { stale } from "../../src/experiments/proof-of-work/stale.ts";
import { formatReport, sectionOf } from "../../src/experiments/report.ts";

function result(values: Result["values"], estimate: number, beside: Result["beside"] = {}): Result {
  const interval = [estimate - 0.01, estimate + 0.01] as const;
  const found = { estimate, interval, z: 1.234, runs: 100 };
  return { id: "one", values, units: { runs: 100 }, ...found, expected: 0.25, beside, holds: true };
}

test("a sheet has what was chosen first, then the estimate, then what others say", () => {
  const results = [result({ share: 0.3, giveUp: undefined }, 0.26, { nakamoto: 0.0000124 })];
  const sheet = sheetOf("probability", results);
  expect(sheet.columns).toEqual(
    ["share", "estimate", "95 % interval", "expected", "z"].concat("nakamoto", "runs"),
  );
  expect(sheet.rows).toEqual([
    ["0.3", "0.26000", "0.25000 – 0.27000", "0.25000", "1.23", "0.000012", "100"],
  ]);
});

test("programs get all digits, and null where theory is silent", () => {
  const silent = { ...result({ share: 0.3 }, 0.26), expected: undefined, z: undefined };
  expect(jsonOf(silent, "7")).toEqual({
    id: "one",
    seed: "7",
    parameters: { share: 0.3, runs: 100 },
    estimate: 0.26,
    interval: [0.25, 0.27],
    expected: null,
    z: null,
    runs: 100,
    holds: true,
    beside: {},
  });
  expect(csvOf([silent])).toBe("share,runs,estimate,low,high\n0.3,100,0.26,0.25,0.27");
});

test("CSV quotes a list, so that its commas stay in one cell", () => {
  const [, line] = csvOf([result({ stubborn: "lead,trail-1" }, 0.5)]).split("\n");
  expect(line).toMatch(/^"lead,trail-1",100,0.5,/);
});

test("Nakamoto's formula gives the digits of his paper", () => {
  for (const [, , paper, formula] of nakamotoSheet().rows) expect(formula).toBe(paper);
});

test("the page has its charts and tables, and asks nobody for anything", () => {
  const doubleSpends = [1, 2].map((confirmations) => {
    return result({ share: 0.3, confirmations, premine: 0 }, 0.31 / confirmations);
  });
  const sections = [
    sectionOf(doubleSpend, doubleSpends),
    sectionOf(
      selfishMining,
      [0, 0.5, 1].map((gamma) => result({ share: 0.4, gamma }, 0.5)),
    ),
    sectionOf(eclipse, [result({ share: 0.5, peers: 8 }, 0.004)]),
    sectionOf(stale, [result({ delay: 0.5, miners: 100 }, 0.33)]),
  ];
  const page = formatReport(sections, "seed <1>");
  expect(page.match(/<svg /g)).toHaveLength(3);
  expect(page.match(/<table>/g)).toHaveLength(7);
  expect(page).toContain("gamma 0: 0.333");
  expect(page).toContain("gamma 0.5: 0.25");
  expect(page).toContain("gamma 1: 0<");
  expect(page).toContain("seed &lt;1&gt;");
  expect(page).not.toMatch(/https?:|src=|href=|url\(|@import|<script|<link/);
});

test("a chart puts points where its axes say, and leaves out what is off them", () => {
  const chart: Chart = {
    title: "a chart",
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
  const circles = [...drawChart(chart).matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)];
  const places = circles.map(([, x, y]) => [Number(x), Number(y)]);
  // The last one is the legend's.
  expect(places).toHaveLength(3);
  const [left, middle] = places;
  expect(left![1]).toBe(34);
  expect(middle![1]).toBe(194);
  expect(middle![0]).toBe((62 + 520) / 2);
});

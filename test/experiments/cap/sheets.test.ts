/** Scorecards as tables, as lines for programs, and as drawings. */

import { expect, test } from "vitest";
import { drawCapHistory } from "../../../src/experiments/cap/drawing.ts";
import { csvOfCards, percentOf, sheetsOfCards } from "../../../src/experiments/cap/sheets.ts";
import { formatCapPage } from "../../../src/experiments/cap-page.ts";
import { runOrder } from "../../../src/sim/cap/entrants.ts";
import { scorecardOf } from "../../../src/sim/cap/scorecard.ts";
import { networkOf } from "../../sim/process-world/cluster.ts";

function sceneOf() {
  const faults = [
    { verb: "split", groups: [["n3"]], atMs: 4_000, lastsMs: 8_000 },
    { verb: "lie", node: "n3", atMs: 14_000, lastsMs: 2_000 },
  ] as const;
  const order = {
    protocol: "single-copy",
    seed: "1",
    network: networkOf(3),
    faults,
    wholeMs: 2_000,
  };
  const run = runOrder(order);
  return { run, card: scorecardOf(order.protocol, run) };
}

test("0 and 100 % are exact, and nothing is no share", () => {
  expect(percentOf({ answered: 0, of: 3 })).toBe("0");
  expect(percentOf({ answered: 1, of: 10_000 })).toBe("1");
  expect(percentOf({ answered: 9_999, of: 10_000 })).toBe("99");
  expect(percentOf({ answered: 3, of: 3 })).toBe("100");
  expect(percentOf({ answered: 0, of: 0 })).toBeUndefined();
});

test("a table has a column for each phase, and a share for each side, what the fault names first", () => {
  const { card } = sceneOf();
  const [answered, resumed, , cost] = sheetsOfCards([card], 10);
  expect(answered!.columns).toEqual(["protocol", "A", "B", "C"]);
  expect(answered!.rows).toEqual([["single-copy", "100", "0 | 100", "100"]]);
  expect(resumed!.rows[0]![2]).toMatch(/^– \| 0\.\d\d$/);
  expect(cost!.rows[0]!.slice(3, 5)).toEqual(["2", "2"]);
});

test("programs get a line for each side of each phase", () => {
  const { card } = sceneOf();
  const lines = csvOfCards([card]).split("\n");
  expect(lines[0]!.split(",").slice(0, 5)).toEqual([
    "protocol",
    "phase",
    "from_ms",
    "to_ms",
    "nodes",
  ]);
  expect(lines.slice(1).map((line) => line.split(",").slice(1, 5).join(" "))).toEqual([
    "A 0 4000 n1 n2 n3",
    "B 4000 12000 n3",
    "B 4000 12000 n1 n2",
    "C 14000 16000 n1 n2",
  ]);
});

test("a drawing has a lane for each client and a frame for each phase; the page loads nothing", () => {
  const { card, run } = sceneOf();
  const drawing = drawCapHistory(card, run);
  for (const name of run.names) expect(drawing).toContain(`text-anchor="end">${name}</text>`);
  expect(drawing.match(/fill="none" stroke="currentColor"/g)).toHaveLength(3);
  expect(drawing).toContain("split n3");
  const page = formatCapPage([{ card, drawing }], {
    oneWayMs: 10,
    text: "A < B.",
    footer: "seed 1",
  });
  expect(page).toContain("<h1>Every protocol under one schedule of faults</h1>");
  expect(page).toContain("A &lt; B.");
  expect(page).not.toMatch(/(src|href)=/);
});

/** What theory says before an attack, as a figure and as a curve. */

import { expect, test } from "vitest";
import { oddsGivingUp } from "../../../src/attacks/odds.ts";
import { oddsOf } from "../../../src/lab/attacks/odds.ts";
import { oddsQuery } from "../../../src/lab/orders.ts";

test("a double spend's curve rises from nothing, beyond one half, through the figure", () => {
  const terms = { confirmations: 3, giveUpBehind: 6, premine: 0 } as const;
  const odds = oddsOf({ type: "double-spend", share: 0.3, ...terms });
  expect(odds.value).toBe(oddsGivingUp({ share: 0.3, ...terms }));
  expect(odds.curve).toHaveLength(51);
  expect(odds.curve[0]).toEqual([0, 0]);
  expect(odds.curve.at(-1)![0]).toBe(0.6);
  expect(odds.curve[25]).toEqual([0.3, odds.value]);
  for (const [i, [share, value]] of odds.curve.slice(1).entries()) {
    expect(share).toBeGreaterThan(odds.curve[i]![0]);
    expect(value).toBeGreaterThan(odds.curve[i]![1]);
  }
});

test("selfish mining pays from a third on, and takes everything with a half", () => {
  const { value, curve } = oddsOf({ type: "selfish-mining", share: 0.4 });
  expect(value).toBeCloseTo(0.484, 3); // Eyal & Sirer's formula with gamma 0
  expect(curve).toHaveLength(51);
  expect(curve.at(-1)).toEqual([0.5, 1]);
  const paying = curve.find(([share, revenue]) => share > 0 && revenue > share);
  expect(paying![0]).toBeCloseTo(0.34, 3);
});

test("an eclipse is the surer, the less of the power she has", () => {
  const { value, curve } = oddsOf({ type: "eclipse", share: 0.3, confirmations: 1 });
  expect(value).toBeCloseTo(0.637, 12);
  expect(curve[0]).toEqual([0, 1]);
  for (const [i, [, odds]] of curve.slice(1).entries()) {
    expect(odds).toBeLessThan(curve[i]![1]);
  }
});

test("a query is read from text, and refused beyond its limits", () => {
  const texts = { type: "double-spend", share: ".3", confirmations: "3", giveUpBehind: "6" };
  const read = { type: "double-spend", share: 0.3, confirmations: 3, giveUpBehind: 6, premine: 0 };
  expect(oddsQuery.parse(texts)).toEqual(read);
  expect(oddsQuery.parse({ ...texts, premine: "1" })).toEqual({ ...read, premine: 1 });
  const eclipse = { type: "eclipse", share: ".2", confirmations: "2" };
  expect(oddsQuery.parse(eclipse)).toEqual({ type: "eclipse", share: 0.2, confirmations: 2 });
  const wrong = [{ share: "1.1" }, { share: "" }, { confirmations: "2.5" }, { premine: "2" }];
  for (const change of [...wrong, { giveUpBehind: "0" }, { type: "bribery" }, { blocks: "9" }]) {
    expect(oddsQuery.safeParse({ ...texts, ...change }).success).toBe(false);
  }
});

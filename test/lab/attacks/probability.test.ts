/** What theory says before an attack, as a figure and as a curve. */

import { expect, test } from "vitest";
import { probabilityQuery } from "../../../src/lab/attack-orders.ts";
import { probabilityOf } from "../../../src/lab/attacks/probability.ts";
import { probabilityGivingUp } from "../../../src/theory/double-spend.ts";

test("a double spend's curve rises from nothing, beyond one half, through the figure", () => {
  const terms = { confirmations: 3, giveUpBehind: 6, premine: 0 } as const;
  const probability = probabilityOf({ type: "double-spend", share: 0.3, ...terms });
  expect(probability.value).toBe(probabilityGivingUp({ share: 0.3, ...terms }));
  expect(probability.curve).toHaveLength(51);
  expect(probability.curve[0]).toEqual([0, 0]);
  expect(probability.curve.at(-1)![0]).toBe(0.6);
  expect(probability.curve[25]).toEqual([0.3, probability.value]);
  for (const [i, [share, value]] of probability.curve.slice(1).entries()) {
    expect(share).toBeGreaterThan(probability.curve[i]![0]);
    expect(value).toBeGreaterThan(probability.curve[i]![1]);
  }
});

test("selfish mining pays from a third on, and takes everything with a half", () => {
  const { value, curve } = probabilityOf({ type: "selfish-mining", share: 0.4 });
  expect(value).toBeCloseTo(0.484, 3); // Eyal & Sirer's formula with gamma 0
  expect(curve).toHaveLength(51);
  expect(curve.at(-1)).toEqual([0.5, 1]);
  const paying = curve.find(([share, revenue]) => share > 0 && revenue > share);
  expect(paying![0]).toBeCloseTo(0.34, 3);
});

test("an eclipse is the surer, the less of the power she has", () => {
  const { value, curve } = probabilityOf({ type: "eclipse", share: 0.3, confirmations: 1 });
  expect(value).toBeCloseTo(0.637, 12);
  expect(curve[0]).toEqual([0, 1]);
  for (const [i, [, probability]] of curve.slice(1).entries()) {
    expect(probability).toBeLessThan(curve[i]![1]);
  }
});

test("a query is read from text, and refused beyond its limits", () => {
  const texts = { type: "double-spend", share: ".3", confirmations: "3", giveUpBehind: "6" };
  const read = { type: "double-spend", share: 0.3, confirmations: 3, giveUpBehind: 6, premine: 0 };
  expect(probabilityQuery.parse(texts)).toEqual(read);
  expect(probabilityQuery.parse({ ...texts, premine: "1" })).toEqual({ ...read, premine: 1 });
  const eclipse = { type: "eclipse", share: ".2", confirmations: "2" };
  expect(probabilityQuery.parse(eclipse)).toEqual({
    type: "eclipse",
    share: 0.2,
    confirmations: 2,
  });
  const wrong = [{ share: "1.1" }, { share: "" }, { confirmations: "2.5" }, { premine: "2" }];
  for (const change of [...wrong, { giveUpBehind: "0" }, { type: "bribery" }, { blocks: "9" }]) {
    expect(probabilityQuery.safeParse({ ...texts, ...change }).success).toBe(false);
  }
});

/** What theory expects of each attack, as a figure and in words. */

import { expect, test } from "vitest";
import { doubleSpendTheory } from "../../src/attacks/double-spend/theory.ts";
import {
  expectationIn,
  expectationOf,
  expectationWords,
  expectedCurve,
} from "../../src/attacks/expectation.ts";
import { outcomeOf } from "../../src/attacks/record/reversal.ts";
import type { FinalState } from "../../src/attacks/record/step.ts";
import { selfishMiningTheory } from "../../src/attacks/selfish-mining/theory.ts";
import type { Txid } from "../../src/primitives/brand.ts";
import { doubleSpendScene, selfishVerdict } from "../dashboard/story/attack-steps.ts";

const txid = "ab".repeat(32) as Txid;
const gone: FinalState = { txid, state: "gone", confirmations: 0 };
const confirmed: FinalState = { txid, state: "confirmed", confirmations: 4 };

test("an outcome follows from the final states alone", () => {
  expect(outcomeOf(gone, confirmed)).toBe("reversed");
  expect(outcomeOf(confirmed, gone)).toBe("failed");
  expect(outcomeOf(gone, gone)).toBe("undecided");
  expect(outcomeOf(confirmed, confirmed)).toBe("undecided");
});

test("a block mined beforehand makes the probability that of Rosenfeld", () => {
  const race = { share: 0.3, confirmations: 2, giveUpBehind: 50 };
  const strict = doubleSpendTheory.of({ ...race, premine: 0 });
  const head = doubleSpendTheory.of({ ...race, premine: 1 });
  expect(
    [strict.strictProbability, head.strictProbability].map((probability) => probability.toFixed(4)),
  ).toEqual(["0.2330", "0.4320"]);
  expect(strict.probability).toBeCloseTo(strict.strictProbability, 6);
  expect(head.probability).toBeCloseTo(head.strictProbability, 6);
  expect(strict.source).not.toBe(head.source);
});

test("selfish mining pays from a third of the power on", () => {
  const theory = selfishMiningTheory.of({ share: 0.4 });
  expect(theory?.revenue).toBeCloseTo(0.48372, 5);
  expect(theory?.threshold).toBeCloseTo(1 / 3, 9);
  expect(selfishMiningTheory.paysAbove).toBeCloseTo(1 / 3, 9);
});

test("theory says nothing of a stubborn miner, neither as a figure nor as a curve", () => {
  const stubborn = { lead: true, equalFork: false, trail: 0 };
  const attack = { type: "selfish-mining", share: 0.4, blocks: 60, stubborn } as const;
  expect(expectationOf(attack)).toBeNull();
  expect(expectedCurve(attack)).toEqual([]);
  expect(expectationWords(null)).toBe("no closed form is known for these terms");
});

test("what was told is worded like what is asked, from what it holds", () => {
  expect(expectationWords(expectationIn(doubleSpendScene()))).toBe(
    "18.0 % that she succeeds, giving up 6 behind; 20.0 % if she never gives up",
  );
  expect(expectationWords(expectationIn(selfishVerdict()))).toBe(
    "27.3 % of the blocks that stay; by honest mining 30 %. It pays above 33.3 %",
  );
});

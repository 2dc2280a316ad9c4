/** How an attack is judged, and what theory expects of it. */

import { expect, test } from "vitest";
import {
  outcomeOf,
  selfishTheoryOf,
  selfishTheoryWith,
  theoryOf,
} from "../../../src/lab/attacks/attack-report.ts";
import type { FinalState } from "../../../src/contract/attacks.ts";
import type { Txid } from "../../../src/primitives/brand.ts";

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
  const terms = { confirmations: 2, giveUpBehind: 50 };
  const strict = theoryOf(0.3, { ...terms, premine: 0 });
  const head = theoryOf(0.3, { ...terms, premine: 1 });
  expect(
    [strict.strictProbability, head.strictProbability].map((probability) => probability.toFixed(4)),
  ).toEqual(["0.2330", "0.4320"]);
  expect(strict.probability).toBeCloseTo(strict.strictProbability, 6);
  expect(head.probability).toBeCloseTo(head.strictProbability, 6);
  expect(strict.source).not.toBe(head.source);
});

test("selfish mining pays from a third of the power on", () => {
  expect(selfishTheoryOf(0.4).revenue).toBeCloseTo(0.48372, 5);
  expect(selfishTheoryOf(0.4).threshold).toBeCloseTo(1 / 3, 9);
});

test("theory says nothing of a stubborn miner", () => {
  expect(selfishTheoryWith(0.4, undefined)).toEqual(selfishTheoryOf(0.4));
  expect(selfishTheoryWith(0.4, { lead: true, equalFork: false, trail: 0 })).toBeNull();
});

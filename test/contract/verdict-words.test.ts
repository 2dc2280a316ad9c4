/** How an attack ended, in words and in both purses. */

import { expect, test } from "vitest";
import type { DoubleSpendVerdict } from "../../src/attacks/double-spend/words.ts";
import { endingWords, verdictWords } from "../../src/contract/attack-words.ts";
import { shortHash } from "../../src/primitives/figures.ts";
import {
  doubleSpendVerdict,
  eclipseVerdict,
  selfishVerdict,
} from "../dashboard/story/attack-steps.ts";

const reversed = doubleSpendVerdict();
const failed: DoubleSpendVerdict = {
  ...reversed,
  outcome: "failed",
  ending: "given-up",
  reorganisationDepth: 0,
  secretBlocks: 1,
  payment: { ...reversed.payment, state: "confirmed", confirmations: 7 },
  conflict: { ...reversed.conflict, state: "unknown", confirmations: 0 },
};

function changesOf(verdict: DoubleSpendVerdict) {
  return verdictWords(verdict, "mallory").balances.map(({ name, change }) => [name, change]);
}

test("a shop that delivered and lost its payment has lost what the attacker gained", () => {
  expect(changesOf(reversed)).toEqual([
    ["shop", -reversed.value],
    ["mallory", reversed.value],
  ]);
  expect(verdictWords(reversed, "mallory")).toMatchObject({
    headline: "The shop delivered, and lost the payment.",
    winner: "attacker",
    lesson: "more work wins",
  });
});

test("a payment that is taken back before the delivery costs nobody anything", () => {
  const verdict: DoubleSpendVerdict = { ...reversed, deliveredAt: null };
  expect(changesOf(verdict).map(([, change]) => change)).toEqual([0, 0]);
  expect(verdictWords(verdict, "mallory").headline).toContain("before the shop delivered");
});

test("the facts tell what became of both payments, and what honest miners lost", () => {
  expect(verdictWords(reversed, "mallory").facts).toEqual([
    `Payment A (${shortHash(reversed.payment.txid)}), 40 coins to the shop: had 2 confirmations, now gone: its coin is spent otherwise.`,
    `Payment B (${shortHash(reversed.conflict.txid)}), the same coin back to mallory: confirmed (3 blocks deep).`,
    "The secret branch had 3 blocks, the public one 2.",
    "All nodes left 2 blocks behind (reorg depth 2): honest miners lost that work and its rewards.",
  ]);
});

test("who gives up has thrown the secret blocks away", () => {
  const { facts, winner } = verdictWords(failed, "mallory");
  expect(winner).toBe("honest");
  expect(facts).toContain("mallory gave 1 secret block up, with all rewards.");
  const { facts: none } = verdictWords({ ...failed, secretBlocks: 0 }, "mallory");
  expect(none).toContain("mallory found no secret block.");
});

/** Published 3 against 2 while a third public block was on its way, which got more work. */
const overtaken: DoubleSpendVerdict = {
  ...failed,
  ending: "published",
  reorganisationDepth: 2,
  secretBlocks: 3,
  publicBlocks: 3,
  conflict: { ...reversed.conflict, state: "gone", confirmations: 0 },
};

test("a branch that was published and did not stay is told of as that, never as a success", () => {
  const { headline, winner, facts } = verdictWords(overtaken, "mallory");
  expect(winner).toBe("honest");
  expect(headline).toBe(
    "The attack failed: the public branch got more work again, and the shop keeps mallory's money.",
  );
  expect(facts).toContain("The secret branch had 3 blocks, the public one 3 in the end.");
  expect(facts).toContain(
    "The shop's node changed to the published branch, and came back: mallory lost the rewards of 3 blocks.",
  );
  expect(facts.join(" ")).not.toContain("All nodes changed");
  const unmoved = verdictWords({ ...overtaken, reorganisationDepth: 0 }, "mallory");
  expect(unmoved.facts).toContain(
    "The shop's node never changed to the published branch: mallory lost the rewards of 3 blocks.",
  );
});

test("the end of a race is told as it was, and with a verdict as it came", () => {
  const published = { type: "published", secretBlocks: 3, publicBlocks: 2 } as const;
  const begun = "3 secret blocks against 2 public: more work, so nodes change to it.";
  expect(endingWords(published, null)).toBe(begun);
  expect(endingWords(published, reversed)).toBe(begun);
  expect(endingWords(published, overtaken)).toBe(
    `${begun} Then the public branch got more work again: no node stayed on hers.`,
  );
});

test("what is published and not decided is not told of as a success", () => {
  const undecided = { ...overtaken, outcome: "undecided", reorganisationDepth: 0 } as const;
  expect(verdictWords(undecided, "mallory").facts.join(" ")).not.toContain("All nodes");
});

test("an undecided attack has no balances", () => {
  expect(changesOf({ ...reversed, outcome: "undecided" })).toEqual([]);
});

test("selfish mining is judged by its part of the blocks beside its part of the power", () => {
  const { headline, facts, balances } = verdictWords(selfishVerdict(), "mallory");
  expect(headline).toBe("Keeping blocks secret did not pay.");
  expect(facts).toEqual([
    "mallory has 25.0 % of the blocks that stay, with 30 % of the hash power.",
    "That is 4 of 16 blocks (95 % interval: 10.2 % to 49.5 %).",
    "1 block of both sides was left behind: that work was wasted.",
  ]);
  expect(balances).toEqual([]);
});

test("a shop that was shown a false branch has lost as much as by a double spend", () => {
  const verdict = eclipseVerdict();
  const { headline, facts, balances } = verdictWords(verdict, "mallory");
  expect(headline).toBe("The shop delivered, and lost the payment.");
  expect(facts[2]).toBe("The shop was shown 2 blocks instead of 7 that the others found.");
  expect(balances.map(({ change }) => change)).toEqual([-verdict.value, verdict.value]);
});

test("a false branch with more work becomes everybody's, and the shop keeps its money", () => {
  const verdict = { ...eclipseVerdict(), outcome: "failed", secretBlocks: 9 } as const;
  const { facts, winner } = verdictWords(verdict, "mallory");
  expect(winner).toBe("honest");
  expect(facts[2]).toContain("more work, so all nodes changed to the false branch");
});

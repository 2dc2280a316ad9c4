/** How an attack ended, in lines for a terminal. */

import { expect, test } from "vitest";
import { verdictLines } from "../../../src/lab/timeline/verdict-lines.ts";
import {
  doubleSpendVerdict,
  eclipseVerdict,
  selfishVerdict,
} from "../../dashboard/story/attack-steps.ts";

test("the lines are the words of the page, with the outcome before and the lesson last", () => {
  expect(verdictLines(selfishVerdict())).toEqual([
    "LOST: Keeping blocks secret did not pay.",
    "mallory has 25.0 % of the blocks that stay, with 30 % of the hash power.",
    "That is 4 of 16 blocks (95 % interval: 10.2 % to 49.5 %).",
    "1 block of both sides was left behind: that work was wasted.",
    "Theory: 27.3 % of the blocks that stay; by honest mining 30 %. It pays above 33.3 %.",
    "Timeline: /data/timeline.jsonl",
    "Every node obeyed the rules: no rule forces a miner to publish a block.",
  ]);
});

test("the verdict of a double spend says what the shop lost, and what theory expects", () => {
  const text = verdictLines(doubleSpendVerdict()).join("\n");
  expect(text).toContain("REVERSED: The shop delivered, and lost the payment.");
  expect(text).toContain("40 coins to the shop: had 2 confirmations, now gone");
  expect(text).toContain("Theory: 18.0 % that she succeeds, giving up 6 behind; 20.0 %");
});

test("nobody learns a lesson from an attack that is undecided", () => {
  const lines = verdictLines({ ...doubleSpendVerdict(), outcome: "undecided" });
  expect(lines[0]).toMatch(/^UNDECIDED: /);
  expect(lines.at(-1)).toBe("Timeline: /data/timeline.jsonl");
});

test("of an eclipse they say what the shop was shown, and what was kept from it", () => {
  expect(verdictLines(eclipseVerdict()).join("\n")).toContain(
    "The shop was shown 2 blocks instead of 7 that the others found.",
  );
});

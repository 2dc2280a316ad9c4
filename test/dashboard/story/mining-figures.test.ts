/** What the blocks of a story say of the miners' shares. */

import { expect, test } from "vitest";
import { observedShares, wilsonInterval } from "../../../src/dashboard/story/mining-figures.ts";
import { Tale } from "./tale.ts";

test.each([
  // Newcombe, Two-Sided Confidence Intervals for the Single Proportion, 1998, table I (method 3).
  { successes: 81, trials: 263, low: 0.2553, high: 0.3662 },
  { successes: 15, trials: 148, low: 0.0624, high: 0.1605 },
  { successes: 0, trials: 20, low: 0, high: 0.1611 },
  { successes: 1, trials: 29, low: 0.0061, high: 0.1718 },
])("the interval of $successes in $trials is the published one", (row) => {
  const [low, high] = wilsonInterval(row.successes, row.trials);
  expect(low).toBeCloseTo(row.low, 4);
  expect(high).toBeCloseTo(row.high, 4);
});

test("without any block nothing is known of a share", () => {
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
  const observed = observedShares(new Tale().story, ["alice"], null, 10).get("alice");
  expect(observed).toMatchObject({ blocks: 0, recentOfAll: 0, share: null, interval: [0, 1] });
});

test("the observed share is of the latest blocks, stale ones too", () => {
  //  ground ─ a1 (alice) ─ a2 (alice) ─ a3 (bob)
  //        └─ b1 (carol)
  const tale = new Tale();
  tale.mine("a1", "alice").mine("a2", "alice").mine("b1", "carol", { on: "ground" });
  const { story } = tale.mine("a3", "bob");
  const shares = observedShares(story, ["alice", "bob", "carol", "dave"], null, 3);
  expect(shares.get("alice")).toMatchObject({ blocks: 2, recentBlocks: 1, recentOfAll: 3 });
  expect(shares.get("bob")?.share).toBeCloseTo(1 / 3);
  expect(shares.get("carol")?.share).toBeCloseTo(1 / 3);
  expect(shares.get("dave")).toMatchObject({ blocks: 0, share: 0 });
});

test("who looks with one node's eyes counts no block that it lacks", () => {
  const tale = new Tale().mine("a1", "alice").mine("b1", "bob", { isSecret: true });
  const seen = (viewer: string | null) => observedShares(tale.story, ["bob"], viewer, 10);
  expect(seen(null).get("bob")?.blocks).toBe(1);
  expect(seen("shop").get("bob")).toMatchObject({ blocks: 0, recentOfAll: 1 });
});

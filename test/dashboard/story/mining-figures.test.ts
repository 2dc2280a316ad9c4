/** What the blocks of a story say of the miners' shares. */

import { expect, test } from "vitest";
import { observedShares } from "../../../src/dashboard/story/mining-figures.ts";
import { Tale } from "./tale.ts";

test("without any block nothing is known of a share", () => {
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

test("from the point of view of one node, blocks that it lacks are not counted", () => {
  const tale = new Tale().mine("a1", "alice").mine("b1", "bob", { isSecret: true });
  const seen = (viewer: string | null) => observedShares(tale.story, ["bob"], viewer, 10);
  expect(seen(null).get("bob")?.blocks).toBe(1);
  expect(seen("shop").get("bob")).toMatchObject({ blocks: 0, recentOfAll: 1 });
});

import { expect, test } from "vitest";
import { headlineOf } from "../../../src/dashboard/story/headline.ts";
import { Story } from "../../../src/dashboard/story/story.ts";
import { Tale, workOfBlock } from "./tale.ts";

test("an empty story has a headline without figures", () => {
  expect(headlineOf(new Story(), null)).toEqual({
    height: null,
    tips: 0,
    agreeing: 0,
    nodesUp: 0,
    meanIntervalMs: null,
    targetSeconds: null,
    blockWork: null,
    waiting: 0,
    stale: 0,
    found: 0,
  });
});

test("a network in agreement has one tip", () => {
  const tale = new Tale().pay("coffee", "alice", "shop", 5).mine("a1", "alice").mine("a2", "bob");
  expect(headlineOf(tale.story, null)).toEqual({
    height: 2,
    tips: 1,
    agreeing: 4,
    nodesUp: 4,
    meanIntervalMs: 1_060,
    targetSeconds: 2,
    blockWork: workOfBlock,
    waiting: 1,
    stale: 0,
    found: 2,
  });
});

test("a partitioned network has several tips, a healed one only one; blocks of other branches are stale", () => {
  const tale = new Tale()
    .part(["alice"], ["bob", "carol", "shop"])
    .mine("a1", "alice")
    .mine("b1", "bob")
    .mine("b2", "bob");
  expect(headlineOf(tale.story, null)).toMatchObject({ height: 2, tips: 2, agreeing: 3, stale: 0 });
  tale.heal().crash("carol");
  expect(headlineOf(tale.story, null)).toMatchObject({ tips: 1, agreeing: 3, nodesUp: 3 });
  expect(headlineOf(tale.story, null)).toMatchObject({ stale: 1, found: 3 });
});

test("the shop does not see a withheld branch, and its miner does", () => {
  const tale = new Tale()
    .mine("a1", "alice")
    .mine("m1", "carol", { on: "ground", isSecret: true })
    .mine("m2", "carol", { isSecret: true });
  expect(headlineOf(tale.story, "shop")).toMatchObject({ height: 1, tips: 1, found: 1 });
  expect(headlineOf(tale.story, "carol")).toMatchObject({ height: 2, tips: 2, found: 3 });
  expect(headlineOf(tale.story, null)).toMatchObject({ height: 1, tips: 2, agreeing: 3 });
});

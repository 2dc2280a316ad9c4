/** Which blocks are on the branch below a tip. */

import { expect, test } from "vitest";
import { blockOnBranch, holdersOf } from "../../../src/dashboard/story/branch.ts";
import { hashOf, Tale } from "./tale.ts";

/**
 *  ground ─ a1 ─ a2      alice, bob
 *         └ b1           carol, shop
 */
function partedTale(): Tale {
  const tale = new Tale().part(["alice", "bob"], ["carol", "shop"]);
  return tale.mine("a1", "alice").mine("b1", "carol").mine("a2", "bob");
}

test("of some blocks the one on the tip's branch is found", () => {
  const { story } = partedTale();
  expect(blockOnBranch(story, hashOf("a2"), [hashOf("b1"), hashOf("a1")])).toBe(hashOf("a1"));
  expect(blockOnBranch(story, hashOf("a2"), [hashOf("a2")])).toBe(hashOf("a2"));
  expect(blockOnBranch(story, hashOf("a2"), [hashOf("b1")])).toBeNull();
  expect(blockOnBranch(story, hashOf("a1"), [hashOf("a2")])).toBeNull();
  expect(blockOnBranch(story, hashOf("a2"), [])).toBeNull();
});

test("a block is held by those whose branch it is on, not by those that are down", () => {
  const tale = partedTale();
  expect(holdersOf(tale.story, hashOf("a1"))).toEqual(["alice", "bob"]);
  expect(holdersOf(tale.story, hashOf("ground"))).toEqual(["alice", "bob", "carol", "shop"]);
  expect(holdersOf(tale.crash("bob").story, hashOf("a1"))).toEqual(["alice"]);
});

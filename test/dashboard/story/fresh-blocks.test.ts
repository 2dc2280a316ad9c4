import { expect, test } from "vitest";
import { freshBlocks, freshMax, freshMs } from "../../../src/dashboard/story/fresh-blocks.ts";
import type { Milliseconds } from "../../../src/primitives/brand.ts";
import { hashOf, Tale } from "./tale.ts";

test("a new block is fresh for a while, and the first one of the story never", () => {
  const tale = new Tale(["alice"]).mine("a1", "alice");
  const { story, now } = tale;
  const tips = [hashOf("a1")];
  expect([...freshBlocks(story, tips, now)]).toEqual([hashOf("a1")]);
  expect(freshBlocks(story, tips, (now + freshMs) as Milliseconds).size).toBe(0);
  expect(freshBlocks(new Tale(["alice"]).story, [hashOf("ground")], 0 as Milliseconds).size).toBe(
    0,
  );
});

test("blocks of all branches are fresh", () => {
  const tale = new Tale().part(["alice"], ["bob", "carol", "shop"]).mine("a1", "alice");
  tale.wait(-900).mine("b1", "bob");
  const fresh = freshBlocks(tale.story, [hashOf("a1"), hashOf("b1")], tale.now);
  expect(fresh).toEqual(new Set([hashOf("a1"), hashOf("b1")]));
});

test("of a flood only the first are fresh, and later ones do not become so", () => {
  const tale = new Tale(["alice"]);
  const seen = new Set<string>();
  for (let i = 1; i <= 60; i += 1) {
    tale.mine(`a${i}`, "alice").wait(50 - 1_000);
    for (const hash of freshBlocks(tale.story, [hashOf(`a${i}`)], tale.now)) seen.add(hash);
  }
  expect(seen).toEqual(new Set(["a1", "a2", "a3", "a4"].map(hashOf)));
  expect(seen.size).toBe(freshMax);
});

import { describe, expect, test } from "vitest";
import { heightsOf } from "../../../src/dashboard/story/heights.ts";
import { type TipFigures, tipFigures } from "../../../src/dashboard/story/tip-figures.ts";
import { hashOf, Tale, workOfBlock } from "./tale.ts";

describe("how tips compare", () => {
  test("one tip has all the work since the story began", () => {
    const tale = new Tale().mine("a1", "alice").mine("a2", "bob");
    expect(figuresOf(tale, "a2").get(hashOf("a2"))).toMatchObject({
      work: 2n * workOfBlock,
      lead: 0,
      part: 1,
      blockWork: workOfBlock,
    });
  });

  test("branches are compared since they forked, and by the best one's blocks", () => {
    //  ground ─ a1 ─ a2 ─ a3 ─ a4 ─ a5
    //             └─ b2
    const tale = new Tale(["alice", "bob"]);
    tale.mine("a1", "alice").part(["alice"], ["bob"]).mine("b2", "bob", { on: "a1" });
    tale.mine("a2", "alice").mine("a3", "alice").mine("a4", "alice").mine("a5", "alice");
    const figures = figuresOf(tale, "a5", "b2");
    expect(figures.get(hashOf("a5"))).toMatchObject({ lead: 0, part: 1 });
    expect(figures.get(hashOf("b2"))).toMatchObject({ lead: -3, part: 1 / 4 });
  });

  test("the interval is the average of a branch's last blocks, without what is older than all", () => {
    const tale = new Tale(["alice", "bob"]).wait(60_000).mine("a1", "alice");
    expect(figuresOf(tale, "a1").get(hashOf("a1"))?.intervalMs).toBeNull();
    tale.wait(1_000).mine("a2", "alice").wait(3_000).mine("a3", "alice");
    const [, a1, , a3] = [...tale.story.blocks].map(({ at }) => at);
    expect(figuresOf(tale, "a3").get(hashOf("a3"))?.intervalMs).toBe((a3! - a1!) / 2);
  });

  test("the first block alone has no work, no interval and no difficulty", () => {
    const figures = figuresOf(new Tale(), "ground").get(hashOf("ground"));
    expect(figures).toEqual({ work: 0n, lead: null, part: 1, intervalMs: null, blockWork: null });
  });
});

/** Compared with the first of them. */
function figuresOf(tale: Tale, ...names: [string, ...string[]]): ReadonlyMap<string, TipFigures> {
  const { story } = tale;
  const { root } = heightsOf(story);
  return tipFigures(story, names.map(hashOf), { best: hashOf(names[0]), root });
}

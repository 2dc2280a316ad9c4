import { describe, expect, test } from "vitest";
import { type Sight, sightOf } from "../../../src/dashboard/story/sight.ts";
import type { Story } from "../../../src/dashboard/story/story.ts";
import { doubleSpendScene } from "./attack-steps.ts";
import { hashOf, Tale } from "./tale.ts";

//  ground ─ a1 ─ a2           all but mallory follow a2
//             └─ b2 ─ b3      only mallory has them
const tale = new Tale(["alice", "mallory", "shop"])
  .mine("a1", "alice")
  .mine("b2", "mallory", { on: "a1", isSecret: true })
  .mine("b3", "mallory", { isSecret: true })
  .mine("a2", "alice", { to: ["shop"] });

describe("what is seen of the tree", () => {
  test("the view of all nodes has a withheld branch, and whose tip it is", () => {
    const sight = sightOf(tale.story, null);
    expect(seen(tale.story, sight)).toEqual(["ground", "a1", "b2", "b3", "a2"]);
    expect(sight.standingOf(hashOf("b3"))).toBe("withheld");
    expect(sight.best).toBe(hashOf("a2"));
    expect(sight.tips).toEqual([
      { hash: hashOf("a2"), followers: ["alice", "shop"] },
      { hash: hashOf("b3"), followers: ["mallory"] },
    ]);
  });

  test("a secret branch that no node follows has a tip of its own", () => {
    const { story } = new Tale(["alice", "mallory", "shop"])
      .attack(doubleSpendScene())
      .mine("b1", "mallory", { isSecret: true })
      .mine("a1", "alice")
      .mine("a2", "alice");
    expect(sightOf(story, null).tips).toContainEqual({ hash: hashOf("b1"), followers: [] });
    const shopTips = sightOf(story, "shop").tips;
    expect(shopTips).toEqual([{ hash: hashOf("a2"), followers: ["shop"] }]);
  });

  test("the shop sees nothing wrong", () => {
    const sight = sightOf(tale.story, "shop");
    expect(seen(tale.story, sight)).toEqual(["ground", "a1", "a2"]);
    expect(sight.tips).toEqual([{ hash: hashOf("a2"), followers: ["shop"] }]);
    expect(sight.standingOf(hashOf("a1"))).toBe("active");
  });

  test("the attacker knows that its branch is withheld, and which one is stale", () => {
    const story = new Tale(["alice", "mallory", "shop"])
      .mine("b1", "mallory", { isSecret: true })
      .mine("b2", "mallory", { isSecret: true })
      .mine("a1", "alice").story;
    const sight = sightOf(story, "mallory");
    expect(sight.best).toBe(hashOf("b2"));
    expect(sight.standingOf(hashOf("b2"))).toBe("withheld");
    expect(sight.standingOf(hashOf("a1"))).toBe("stale");
  });

  test("who is unknown sees nothing", () => {
    const sight = sightOf(tale.story, "nobody");
    expect(seen(tale.story, sight)).toEqual([]);
    expect(sight.tips).toEqual([]);
  });
});

function seen(story: Story, sight: Sight): readonly string[] {
  const names = ["ground", "a1", "a2", "b2", "b3"];
  return [...story.blocks]
    .filter((block) => sight.has(block))
    .map((block) => names.find((name) => hashOf(name) === block.hash) ?? block.hash);
}

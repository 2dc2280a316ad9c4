import { expect, test } from "vitest";
import { standingsIn } from "../../../src/dashboard/story/standing.ts";
import { doubleSpendScene } from "./attack-steps.ts";
import { hashOf, Tale } from "./tale.ts";

test("blocks below the heaviest tip are active, those below another tip are competing", () => {
  //  ground ─ a1 ─ a2
  //         └ b1
  const tale = new Tale()
    .part(["alice", "shop"], ["bob", "carol"])
    .mine("a1", "alice")
    .mine("b1", "bob")
    .mine("a2", "alice");
  const standings = standingsIn(tale.story);
  expect(standings.best).toBe(hashOf("a2"));
  expect(standingsOf(tale, "ground", "a1", "a2")).toEqual(["active", "active", "active"]);
  expect(standingsOf(tale, "b1")).toEqual(["competing"]);
  expect(standings.followersOf(hashOf("b1"))).toEqual(["bob", "carol"]);
});

test("a branch that no node follows any more is stale", () => {
  const tale = new Tale()
    .part(["alice", "shop"], ["bob", "carol"])
    .mine("a1", "alice")
    .mine("b1", "bob")
    .mine("a2", "alice")
    .heal();
  expect(standingsOf(tale, "a2", "b1")).toEqual(["active", "stale"]);
});

test("a secret branch is withheld, however heavy, until another node has it", () => {
  const tale = new Tale()
    .mine("a1", "alice")
    .mine("m2", "carol", { on: "a1", isSecret: true })
    .mine("m3", "carol", { isSecret: true })
    .mine("a2", "alice", { to: ["bob", "shop"] });
  expect(standingsIn(tale.story).best).toBe(hashOf("a2"));
  expect(standingsOf(tale, "a1", "m2", "m3")).toEqual(["active", "withheld", "withheld"]);
  tale.spread("m3", "carol");
  expect(standingsOf(tale, "m2", "m3", "a2")).toEqual(["active", "active", "stale"]);
});

test("a secret branch that its miner gave up is stale", () => {
  const tale = new Tale()
    .mine("m1", "carol", { isSecret: true })
    .mine("a1", "alice")
    .mine("a2", "alice");
  expect(standingsOf(tale, "m1")).toEqual(["stale"]);
});

test("a branch that races in secret is withheld while it is behind, until it is given up", () => {
  //  ground ─ a1 ─ a2      also carol's own node follows it
  //         └ m1           carol goes on with it
  const tale = new Tale()
    .attack(doubleSpendScene())
    .mine("m1", "carol", { isSecret: true })
    .mine("a1", "alice")
    .mine("a2", "alice");
  expect(standingsOf(tale, "m1", "a2")).toEqual(["withheld", "active"]);
  expect(standingsIn(tale.story).raced).toBe(hashOf("m1"));
  tale.attack({ type: "given-up", secretBlocks: 1, publicBlocks: 2 });
  expect(standingsOf(tale, "m1")).toEqual(["stale"]);
  expect(standingsIn(tale.story).raced).toBeNull();
});

test("the secret branch of an earlier attack is stale in the next one", () => {
  const tale = new Tale()
    .attack(doubleSpendScene())
    .mine("m1", "carol", { isSecret: true })
    .mine("a1", "alice")
    .mine("a2", "alice")
    .attack({ type: "given-up", secretBlocks: 1, publicBlocks: 2 })
    .wait(1_000)
    .attack(doubleSpendScene());
  expect(standingsOf(tale, "m1")).toEqual(["stale"]);
});

test("a crashed node holds no branch up", () => {
  const tale = new Tale().mine("a1", "alice", { to: [] }).crash("alice");
  expect(standingsIn(tale.story).best).toBe(hashOf("ground"));
  expect(standingsOf(tale, "a1")).toEqual(["stale"]);
});

test("of two tips with equal work, the one that was found first counts as best", () => {
  const tale = new Tale()
    .part(["alice"], ["bob", "carol", "shop"])
    .mine("b1", "bob")
    .mine("a1", "alice");
  expect(standingsIn(tale.story).best).toBe(hashOf("b1"));
});

test("standings are computed anew only when the story was told more", () => {
  const tale = new Tale().mine("a1", "alice");
  const story = tale.story;
  const standings = standingsIn(story);
  expect(standingsIn(story)).toBe(standings);
  expect(standingsIn(story.copy())).not.toBe(standings);
  for (const event of tale.mine("a2", "bob").events.slice(story.revision)) story.apply(event);
  expect(standingsIn(story).best).toBe(hashOf("a2"));
});

function standingsOf(tale: Tale, ...blocks: readonly string[]): readonly string[] {
  const standings = standingsIn(tale.story);
  return blocks.map((name) => standings.of(hashOf(name)));
}

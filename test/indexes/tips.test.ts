/** Checks what is said of the ends of branches. */

import { expect, test } from "vitest";
import { branchTips } from "../../src/indexes/tips.ts";
import { Forest } from "../chain/forest.ts";
import { Scene } from "../chain/scene.ts";

test("every status has its end", () => {
  //  genesis ─ a1 ─ a2 ─ a3 ─ a4
  //              └─ b2
  //         └─ c1 ─ c2
  //         └─ d1 ─ d2! ─ d3
  //         └─ e1 ─ e2 ─ e3 ─ e4 ─ e5
  const forest = new Forest().plant("a1 a2 a3 a4").plant("a1 b2").plant("c1 c2");
  forest.plant("d1 d2! d3").plant("e1 e2 e3 e4 e5");
  const scene = new Scene(forest, "c1", "c2", "d1", "d2", "d3", "a1", "b2", "a2", "a3", "a4");
  scene.receivesHeaders("e1", "e2", "e3", "e4", "e5");
  scene.receives("e1", "e3");
  const tips = branchTips(scene.chain).map(({ hash, height, branchLength, status, work }) => {
    return [forest.nameOf(hash), height, branchLength, status, work];
  });
  expect(tips.slice(0, 3)).toEqual([
    ["e5", 5, 5, "headers-only", 12n],
    ["a4", 4, 0, "active", 10n],
    ["d3", 3, 3, "invalid", 8n],
  ]);
  // Of equal height, the smaller hash first.
  expect(tips.slice(3)).toHaveLength(2);
  expect(tips).toContainEqual(["b2", 2, 1, "valid-headers", 6n]);
  expect(tips).toContainEqual(["c2", 2, 2, "valid-fork", 6n]);
});

test("a tip below its own invalid child is among them", () => {
  //  genesis ─ a1 ─ a2!
  const scene = new Scene(new Forest().plant("a1 a2!"), "a1", "a2");
  expect(scene.tips).toEqual({ a1: "active", a2: "invalid" });
});

test("a new chain ends in genesis", () => {
  expect(new Scene(new Forest()).tips).toEqual({ genesis: "active" });
});

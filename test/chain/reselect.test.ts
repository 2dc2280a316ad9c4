/** Checks what commands about the validity and the order of blocks do to the tip. */

import { expect, test } from "vitest";
import type { Reselection } from "../../src/chain/chain.ts";
import { Forest } from "./forest.ts";
import { now, Scene } from "./scene.ts";

type Order = "invalidate" | "reconsider" | "prefer";

/** How the tip moves; undefined if it stays. */
function orders(scene: Scene, order: Order, name: string): { back: string[]; forth: string[] } {
  const entry = scene.chain.tree.get(scene.forest.hash(name));
  if (entry === undefined) throw new Error(`${name} is not known`);
  const { change }: Reselection = scene.chain[order](entry);
  return { back: scene.names(change?.back ?? []), forth: scene.names(change?.forth ?? []) };
}

const nothing = { back: [], forth: [] };

//  genesis ─ a1 ─ a2 ─ a3:pay
//              └─ b2 ─ b3
function forked(): Scene {
  const forest = new Forest().plant("a1").pay("pay", "a1");
  forest.plant("a1 a2 a3:pay a4").plant("a1 b2 b3 b4");
  return new Scene(forest, "a1", "a2", "a3", "b2", "b3");
}

test("the tip leaves an invalidated branch for the best that is left, and comes back", () => {
  const scene = forked();
  const { coinsHash } = scene;
  expect(orders(scene, "invalidate", "a2")).toEqual({ back: ["a3", "a2"], forth: ["b2", "b3"] });
  expect(scene.tips).toEqual({ b3: "active", a3: "invalid" });
  // Of equal branches the one whose body came first wins, as if it had never been invalid.
  expect(orders(scene, "reconsider", "a2")).toEqual({ back: ["b3", "b2"], forth: ["a2", "a3"] });
  expect(scene.tips).toEqual({ a3: "active", b3: "valid-fork" });
  expect(scene.coinsHash).toBe(coinsHash);
});

test("without another branch the tip moves down, and nothing is connected", () => {
  const forest = new Forest().plant("a1 a2 a3");
  const scene = new Scene(forest, "a1", "a2", "a3");
  expect(orders(scene, "invalidate", "a2")).toEqual({ back: ["a3", "a2"], forth: [] });
  expect(scene.coinsHash).toBe(new Scene(forest, "a1").coinsHash);
  expect(orders(scene, "invalidate", "a1")).toEqual({ back: ["a1"], forth: [] });
  expect(scene.coinsHash).toBe(new Scene(forest).coinsHash);
  expect(orders(scene, "invalidate", "genesis")).toEqual(nothing);
  expect(scene.tips).toEqual({ genesis: "active", a3: "invalid" });
});

test("a side branch is invalidated where it stands", () => {
  const scene = forked();
  expect(orders(scene, "invalidate", "b2")).toEqual(nothing);
  expect(scene.tips).toEqual({ a3: "active", b3: "invalid" });
  expect(scene.receives("b4", "a4")).toEqual(["bad-prevblk", "tip"]);
});

test("what stands on an invalidated block is refused, and nobody is blamed for it", () => {
  const scene = forked();
  const cause = "invalidated by command";
  orders(scene, "invalidate", "a3");
  expect(scene.accepts(scene.forest.block("a3"))).toMatchObject({
    problem: { rule: "duplicate-invalid", cause },
  });
  expect(scene.accepts(scene.forest.block("a4"))).toMatchObject({
    problem: { rule: "bad-prevblk", cause },
  });
  const headers = scene.forest.headers("a3", "a4");
  expect(scene.chain.acceptHeaders(headers, now)).toMatchObject({ problem: { cause } });
  orders(scene, "reconsider", "a3");
  expect(scene.receives("a4")).toEqual(["tip"]);
});

test("the marks survive a restart, with their reason; so does the tip", () => {
  const scene = forked();
  orders(scene, "invalidate", "a2");
  scene.restarts();
  expect(scene.tips).toEqual({ b3: "active", a3: "invalid" });
  expect(scene.accepts(scene.forest.block("a4"))).toMatchObject({
    problem: { rule: "bad-prevblk", cause: "invalidated by command" },
  });
  orders(scene, "reconsider", "a2");
  scene.restarts();
  expect(scene.tips).toEqual({ b3: "active", a3: "valid-fork" });
  expect(scene.receives("a4")).toEqual(["tip"]);
});

test("a crash loses the whole command or nothing", () => {
  const { forest } = forked();
  const scene = new Scene(forest);
  for (const name of ["a1", "a2", "a3", "b2", "b3"]) {
    const acceptance = scene.accepts(forest.block(name));
    if ("batch" in acceptance) scene.store.persist(acceptance.batch);
  }
  const invalidated = (): Reselection => {
    return scene.chain.invalidate(scene.chain.tree.get(forest.hash("a2"))!);
  };
  invalidated();
  scene.store.crash();
  expect(scene.restarts().tips).toEqual({ a3: "active", b3: "valid-headers" });
  scene.store.persist(invalidated().batch);
  scene.store.crash();
  expect(scene.restarts().tips).toEqual({ b3: "active", a3: "invalid" });
});

test("a header that is known without its body is marked, too, and its body refused", () => {
  const forest = new Forest().plant("a1 a2").plant("b1 b2 b3");
  const scene = new Scene(forest, "a1", "a2");
  scene.receivesHeaders("b1", "b2", "b3");
  expect(orders(scene, "invalidate", "b2")).toEqual(nothing);
  expect(scene.restarts().receives("b1", "b2", "b3")).toEqual([
    "side",
    "duplicate-invalid",
    "duplicate-invalid",
  ]);
  orders(scene, "reconsider", "b3");
  expect(scene.receives("b2", "b3")).toEqual(["side", "tip"]);
});

test("to reconsider a block frees its ancestors, but not another branch above them", () => {
  //  genesis ─ a1 ─ a2 ─ a3
  //              └─ b2
  const forest = new Forest().plant("a1 a2 a3").plant("a1 b2");
  const scene = new Scene(forest, "a1", "a2", "a3", "b2");
  orders(scene, "invalidate", "a1");
  expect(scene.tips).toEqual({ genesis: "active", a3: "invalid", b2: "invalid" });
  expect(orders(scene, "reconsider", "a2")).toEqual({ back: [], forth: ["a1", "a2", "a3"] });
  expect(scene.tips).toEqual({ a3: "active", b2: "invalid" });
});

test("a block that breaks a rule gets its mark back when it is reconsidered", () => {
  //  genesis ─ a1 ─ a2
  //         └─ b1 ─ b2! ─ b3
  const forest = new Forest().plant("a1 a2").plant("b1 b2! b3");
  const scene = new Scene(forest, "a1", "a2", "b1", "b3");
  expect(scene.receives("b2")).toEqual(["side"]);
  expect(scene.receives("b3")).toEqual(["bad-prevblk"]);
  expect(scene.tips).toEqual({ a2: "active", b3: "invalid" });
  expect(orders(scene, "reconsider", "b2")).toEqual(nothing);
  expect(scene.tips).toEqual({ a2: "active", b3: "invalid" });
  // Not by command: whoever sends it should have known.
  expect(scene.accepts(forest.block("b2"))).toEqual({
    status: "rejected",
    problem: { rule: "duplicate-invalid", hash: forest.hash("b2") },
    batch: [],
  });
});

test("the best branch is left out if it breaks a rule when the tip would go there", () => {
  //  genesis ─ a1 ─ a2
  //         └─ b1 ─ b2!
  //         └─ c1
  const forest = new Forest().plant("a1 a2").plant("b1 b2!").plant("c1");
  const scene = new Scene(forest, "a1", "a2", "b1", "b2", "c1");
  expect(orders(scene, "invalidate", "a1")).toEqual({ back: ["a2", "a1"], forth: ["b1"] });
  expect(scene.tips).toEqual({ a2: "invalid", b2: "invalid", c1: "valid-headers", b1: "active" });
});

test("a preferred block wins among equals, the last one that was preferred first of all", () => {
  //  genesis ─ a1
  //         └─ b1 ─ b2
  //         └─ c1
  const forest = new Forest().plant("a1").plant("b1 b2").plant("c1");
  const scene = new Scene(forest, "a1", "b1", "c1");
  expect(orders(scene, "prefer", "b1")).toEqual({ back: ["a1"], forth: ["b1"] });
  expect(orders(scene, "prefer", "c1")).toEqual({ back: ["b1"], forth: ["c1"] });
  expect(orders(scene, "prefer", "c1")).toEqual(nothing);
  expect(orders(scene, "prefer", "b1")).toEqual({ back: ["c1"], forth: ["b1"] });
  expect(scene.restarts().tip).toBe("b1");
  expect(orders(scene, "prefer", "genesis")).toEqual(nothing);
});

test("no preference outweighs work", () => {
  const scene = forked();
  expect(orders(scene, "prefer", "b3")).toEqual({ back: ["a3", "a2"], forth: ["b2", "b3"] });
  expect(scene.receives("a4")).toEqual(["tip"]);
  expect(orders(scene, "prefer", "b3")).toEqual(nothing);
});

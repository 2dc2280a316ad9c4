/** Checks where the tip goes, and what stays as it was when it does not go there. */

import { describe, expect, test } from "vitest";
import { Chain } from "../../src/chain/chain.ts";
import { WrongChainError } from "../../src/chain/log.ts";
import { lab, type Params } from "../../src/consensus/params.ts";
import { hashOfBlock } from "../../src/primitives/block.ts";
import type { CompactTarget } from "../../src/primitives/brand.ts";
import { blankPayment, keyOf, output, trustingVerifier } from "../builders.ts";
import { madeUpHash } from "../consensus/samples.ts";
import { Forest, grow, practice, rootOf } from "./forest.ts";
import { now, Scene } from "./scene.ts";

describe("the tip", () => {
  test("does not move to a branch of equal work, whichever comes first", () => {
    //  genesis ─ a1 ─ a2
    //         └─ b1 ─ b2
    const forest = new Forest().plant("a1 a2").plant("b1 b2");
    const first = new Scene(forest, "a1", "a2");
    expect(first.receives("b1", "b2")).toEqual(["side", "side"]);
    expect(first.tip).toBe("a2");
    const second = new Scene(forest, "b1", "b2");
    expect(second.receives("a1", "a2")).toEqual(["side", "side"]);
    expect(second.tip).toBe("b2");
  });

  test("moves to more work, and says the way: back from the tip, forth to the new one", () => {
    //  genesis ─ a1 ─ a2 ─ a3
    //              └─ b2 ─ b3 ─ b4
    const forest = new Forest().plant("a1 a2 a3").plant("a1 b2 b3 b4");
    const scene = new Scene(forest, "a1", "a2", "a3", "b2", "b3");
    const acceptance = scene.accepts(forest.block("b4"));
    if (acceptance.status !== "tip") throw new Error(acceptance.status);
    expect(scene.names(acceptance.change.back)).toEqual(["a3", "a2"]);
    expect(scene.names(acceptance.change.forth)).toEqual(["b2", "b3", "b4"]);
    expect(acceptance.change.forth.map(({ height }) => height)).toEqual([2, 3, 4]);
    expect(scene.tips).toEqual({ b4: "active", a3: "valid-fork" });
  });

  test("moves to the heavier branch even if it is shorter", () => {
    // Every second block has a new target: after a1, which took its time, as easy as before, after
    // b1, which took a second, four times as hard.
    //  genesis ─ a1 ─ a2 ─ a3           2 + 2 + 2 expected hashes
    //         └─ b1 ─ b2                2 + 8
    const difficulty: Params["difficulty"] = { type: "interval", interval: 2 };
    const params = { ...practice, difficulty };
    const forest = new Forest(params).plant("a1 a2 a3");
    forest.plant("b1 b2", { header: { time: params.genesis.header.time + 1 } });
    const hasty = grow(rootOf(params), params, {
      header: { time: params.genesis.header.time + 1 },
    });
    expect(hasty.header.time).toBe(forest.block("b1").header.time);
  });

  test("is the same after a restart, and so is what follows", () => {
    //  genesis ─ a1 ─ a2
    //         └─ b1 ─ b2 ─ b3
    const forest = new Forest().plant("a1 a2").plant("b1 b2 b3");
    const scene = new Scene(forest, "a1", "a2", "b1", "b2").restarts();
    expect(scene.tip).toBe("a2");
    expect(scene.receives("b2", "b3")).toEqual(["known", "tip"]);
    expect(scene.restarts().tip).toBe("b3");
    expect(scene.tips).toEqual({ b3: "active", a2: "valid-fork" });
  });
});

/** Checks headers that come without bodies. */

import { describe, expect, test } from "vitest";
import { checkHeaders } from "../../src/chain/headers.ts";
import type { Header } from "../../src/primitives/header.ts";
import { ruleOf } from "../consensus/samples.ts";
import { Forest, practice } from "./forest.ts";
import { now, Scene } from "./scene.ts";

//  genesis ─ a1 ─ a2
//         └─ b1 ─ b2! ─ b3 ─ b4
const forest = new Forest().plant("a1 a2").plant("b1 b2! b3 b4");

describe("headers are taken", () => {
  test("if their branch has more work than the tip", () => {
    const scene = new Scene(forest, "a1", "a2");
    expect(scene.receivesHeaders("b1", "b2", "b3")).toBe("b3");
    expect(scene.tips).toEqual({ a2: "active", b3: "headers-only" });
  });

  test("from the last known one on", () => {
    const scene = new Scene(forest, "a1");
    scene.receivesHeaders("b1", "b2");
    expect(scene.receivesHeaders("b1", "b2", "b3", "b4")).toBe("b4");
    expect(scene.receivesHeaders("b3", "b4")).toBe("b4");
    expect(scene.chain.tree.size).toBe(6);
  });

  test("again, whatever their work, if all are known", () => {
    const scene = new Scene(forest, "a1", "a2");
    expect(scene.receivesHeaders("a1")).toBe("a1");
  });
});

test("headers with as much work as the tip are kept: such a rival is relayed", () => {
  const scene = new Scene(forest, "a1", "a2");
  expect(scene.receivesHeaders("b1", "b2")).toBe("b2");
  expect(scene.chain.tip.hash).toBe(forest.hash("a2"));
});

describe("headers are refused, and none is kept,", () => {
  test.each([
    ["if there are none", [], "no-headers"],
    ["if the parent of the first is unknown", ["b2", "b3"], "unknown-parent"],
    ["if one does not follow the one before", ["b1", "b3", "b2"], "not-linked"],
    ["if they have less work than the tip", ["b1"], "too-little-work"],
  ])("%s", (_, names, rule) => {
    const scene = new Scene(forest, "a1", "a2");
    expect(scene.receivesHeaders(...names)).toBe(rule);
    expect(scene.chain.tree.size).toBe(3);
  });

  test.each<[string, Partial<Header>, string]>([
    ["of another difficulty", { bits: 0x207ffffe as Header["bits"] }, "bad-diffbits"],
    ["with a time before the median", { time: practice.genesis.header.time }, "time-too-old"],
    ["from the future", { time: now / 1000 + practice.futureTimeMaxSeconds + 1 }, "time-too-new"],
    ["of an old version", { version: 3 }, "bad-version"],
  ])("if the last is one %s", (_, header, rule) => {
    const faulty = new Forest().plant("a1").plant("a1 a2", { header });
    const scene = new Scene(faulty);
    expect(scene.receivesHeaders("a1", "a2")).toBe(rule);
    expect(scene.chain.tree.size).toBe(1);
  });

  test("if one has no proof of work", () => {
    const [first, second] = forest.headers("a1", "a2");
    const unproven = { ...second!, bits: 0x1d00ffff as Header["bits"] };
    const { chain } = new Scene(forest);
    expect(ruleOf(chain.acceptHeaders([first!, unproven], now))).toBe("high-hash");
    expect(chain.tree.size).toBe(1);
  });

  test("if they grow on an invalid block", () => {
    const scene = new Scene(forest, "b1", "b2");
    expect(scene.receivesHeaders("b3", "b4")).toBe("bad-prevblk");
    expect(scene.receivesHeaders("b1", "b2", "b3", "b4")).toBe("bad-prevblk");
  });
});

test("the work of a branch is counted from genesis", () => {
  const scene = new Scene(forest, "a1", "a2");
  const verdict = checkHeaders(forest.headers("b1", "b2", "b3"), scene.chain.tree, practice, now);
  expect(verdict.ok && verdict.value.added.at(-1)!.work).toBe(8n);
  expect(verdict.ok && verdict.value.root).toBe(scene.chain.tree.genesis);
});

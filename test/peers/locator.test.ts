/** Checks how two chains find the last block they share. */

import { describe, expect, test } from "vitest";
import type { TreeEntry } from "../../src/chain/tree.ts";
import type { Ancestor } from "../../src/consensus/ancestor.ts";
import { headersAfter, locatorLengthMax, locatorOf } from "../../src/peers/locator.ts";
import type { BlockHash } from "../../src/primitives/brand.ts";
import { Forest } from "../chain/forest.ts";
import { Scene } from "../chain/scene.ts";
import { lineOf } from "../consensus/samples.ts";

/** A line of entries whose hashes are their heights. */
function entryAt(height: number): TreeEntry {
  const times = Array.from({ length: height + 1 }, (_, at) => 1_400_000_000 + at);
  return named(lineOf(times));
}

function named(last: Ancestor): TreeEntry {
  const line: Ancestor[] = [];
  for (let at: Ancestor | undefined = last; at; at = at.parent) line.unshift(at);
  return line.reduce<TreeEntry | undefined>((parent, ancestor) => {
    const hash = String(ancestor.height) as BlockHash;
    const rest = {
      work: 0n,
      hasBody: true,
      isLinked: true,
      sequence: 0,
      isInvalid: false,
      isInvalidByCommand: false,
    };
    return { ...ancestor, ...rest, hash, parent };
  }, undefined)!;
}

describe("a locator", () => {
  test.each([
    [0, [0]],
    [3, [3, 2, 1, 0]],
    [20, [20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 9, 5, 0]],
  ])("from height %i goes down one by one, then in steps that double", (height, heights) => {
    expect(locatorOf(entryAt(height)).map(Number)).toEqual(heights);
  });

  test("of a long chain is short and ends in genesis", () => {
    const locator = locatorOf(entryAt(5000));
    expect(locator.at(-1)).toBe("0");
    expect(locator.length).toBeLessThan(25);
    // Each step doubles: 2^(64 − 10) blocks need no more.
    expect(locatorLengthMax).toBe(64);
  });
});

describe("headers after a locator", () => {
  //  genesis ─ a1 ─ a2 ─ a3 ─ a4
  //              └─ b2 ─ b3
  const forest = new Forest().plant("a1 a2 a3 a4").plant("a1 b2 b3");
  const scene = new Scene(forest, "a1", "a2", "a3", "a4", "b2", "b3");

  test.each([
    ["of the same chain", ["a2", "a1", "genesis"], ["a3", "a4"]],
    ["of the tip itself", ["a4", "a3", "genesis"], []],
    ["of a side branch", ["b3", "b2", "a1", "genesis"], ["a2", "a3", "a4"]],
    ["of nothing we know", [], ["a1", "a2", "a3", "a4"]],
  ])("%s", (_, locator, after) => {
    const hashes = locator.map((name) => forest.hash(name));
    expect(headersAfter(scene.chain, hashes, 10)).toEqual(forest.headers(...after));
  });

  test("are never more than asked for", () => {
    const genesis = [forest.hash("genesis")];
    expect(headersAfter(scene.chain, genesis, 3)).toEqual(forest.headers("a1", "a2", "a3"));
  });
});

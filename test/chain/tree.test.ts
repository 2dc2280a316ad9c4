/** Checks the tree of headers: paths, links and marks. */

import { describe, expect, test } from "vitest";
import { Tree, type TreeEntry } from "../../src/chain/tree.ts";
import { Forest, practice } from "./forest.ts";

//  genesis ─ a1 ─ a2 ─ a3
//              └─ b2 ─ b3 ─ b4
//         └─ c1
const forest = new Forest().plant("a1 a2 a3").plant("a1 b2 b3 b4").plant("c1");
const names = ["a1", "a2", "a3", "b2", "b3", "b4", "c1"];

class Grown {
  readonly tree = new Tree(practice);

  constructor() {
    for (const header of forest.headers(...names)) {
      this.tree.add(header, this.tree.get(header.previous)!);
    }
  }

  at(name: string): TreeEntry {
    return this.tree.get(forest.hash(name))!;
  }

  names(entries: Iterable<TreeEntry>): string[] {
    return Array.from(entries, ({ hash }) => forest.nameOf(hash));
  }
}

describe("a path", () => {
  test.each([
    ["a3", "b4", ["a3", "a2"], "a1", ["b2", "b3", "b4"]],
    ["b4", "c1", ["b4", "b3", "b2", "a1"], "genesis", ["c1"]],
    ["a1", "a3", [], "a1", ["a2", "a3"]],
    ["a3", "a1", ["a3", "a2"], "a1", []],
    ["b3", "b3", [], "b3", []],
    ["genesis", "c1", [], "genesis", ["c1"]],
  ])("from %s to %s", (from, to, back, fork, forth) => {
    const grown = new Grown();
    const path = grown.tree.path(grown.at(from), grown.at(to));
    expect(grown.names(path.back)).toEqual(back);
    expect(grown.names([path.fork])).toEqual([fork]);
    expect(grown.names(path.forth)).toEqual(forth);
  });
});

test("work adds up from genesis", () => {
  const grown = new Grown();
  expect(grown.tree.genesis.work).toBe(2n);
  expect(grown.at("b4").work).toBe(10n);
  expect(grown.at("b4").height).toBe(4);
});

test("leaves are the entries without children", () => {
  const grown = new Grown();
  expect(grown.names(grown.tree.leaves()).sort()).toEqual(["a3", "b4", "c1"]);
  expect(grown.names(grown.tree.childrenOf(grown.at("a1")))).toEqual(["a2", "b2"]);
  expect(grown.tree.size).toBe(8);
});

test("a body links its entry and all above it that waited, each after its parent", () => {
  const grown = new Grown();
  const { tree } = grown;
  expect(grown.names(tree.addBody(grown.at("a3")))).toEqual([]);
  expect(grown.names(tree.addBody(grown.at("b2")))).toEqual([]);
  expect(grown.names(tree.addBody(grown.at("a2")))).toEqual([]);
  // The header of a2 came before that of b2, its body after.
  const linked = ["a1", "b2", "a2", "a3"];
  expect(grown.names(tree.addBody(grown.at("a1")))).toEqual(linked);
  const sequences = linked.map((name) => grown.at(name).sequence);
  expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
  expect(grown.at("b3").isLinked).toBe(false);
});

test("a body that comes twice links nothing twice", () => {
  const grown = new Grown();
  grown.tree.addBody(grown.at("a1"));
  const { sequence } = grown.at("a1");
  expect(grown.tree.addBody(grown.at("a1"))).toEqual([]);
  expect(grown.at("a1").sequence).toBe(sequence);
});

test("what is above an invalid entry is invalid, now and later", () => {
  const grown = new Grown();
  const marked = grown.names(grown.tree.invalidate(grown.at("b2")));
  expect(marked.sort()).toEqual(["b2", "b3", "b4"]);
  expect(grown.tree.invalidate(grown.at("b3"))).toEqual([]);
  expect(grown.at("a2").isInvalid).toBe(false);
  const later = new Forest().plant("a1 b2 b3 b4 b5");
  expect(later.hash("b4")).toBe(forest.hash("b4"));
  expect(grown.tree.add(later.block("b5").header, grown.at("b4")).isInvalid).toBe(true);
});

test("an entry of another tree is a mistake of ours", () => {
  const entry = new Grown().at("a1");
  expect(() => new Tree(practice).childrenOf(entry)).toThrow("is not in this tree");
});

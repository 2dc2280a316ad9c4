import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Place, rowOfLane, TreeLayout } from "../../../src/dashboard/story/tree-layout.ts";
import type { BlockHash } from "../../../src/primitives/brand.ts";
import { hashOf } from "./tale.ts";

type Sketch = { readonly name: number; readonly height: number; readonly parent: number | null };

/** A tree in the order of its telling: each number says on which of the blocks so far the next stands. */
const trees = fc
  .array(fc.tuple(fc.nat(), fc.boolean()), { minLength: 1, maxLength: 120, size: "max" })
  .map((choices) => {
    const blocks: Sketch[] = [{ name: 1, height: 0, parent: null }];
    for (const [choice, isLatest] of choices) {
      // Mostly chains, and now and then a fork anywhere.
      const parent = isLatest ? blocks.at(-1)! : blocks[choice % blocks.length]!;
      blocks.push({ name: blocks.length + 1, height: parent.height + 1, parent: parent.name });
    }
    return blocks;
  });

describe("the places of a tree", () => {
  test("a chain keeps to one lane", () => {
    const layout = drawn("a1", "a2:a1", "a3:a2");
    expect(lanes(layout, "a1", "a2", "a3")).toEqual([0, 0, 0]);
    expect(layout.laneCount).toBe(1);
    expect(layout.placeOf(hashOf("a3"))).toEqual({ height: 3, lane: 0 });
  });

  test("the second child of a block opens a lane, and its branch stays there", () => {
    //  a1 ─ a2 ─ a3
    //    └─ b2 ─ b3
    const layout = drawn("a1", "a2:a1", "b2:a1", "a3:a2", "b3:b2");
    expect(lanes(layout, "a2", "a3", "b2", "b3")).toEqual([0, 0, 1, 1]);
    expect(layout.laneCount).toBe(2);
  });

  test("two forks go to both sides of the middle", () => {
    //    ┌─ c2
    //  a1 ─ a2
    //    └─ b2
    const layout = drawn("a1", "a2:a1", "b2:a1", "c2:a1");
    expect(lanes(layout, "b2", "c2")).toEqual([1, 2]);
    expect([0, 1, 2, 3, 4].map(rowOfLane)).toEqual([0, 1, -1, 2, -2]);
  });

  test("a fork crosses no branch that goes on, if there is another way", () => {
    //            ┌─ c4          above, because b goes on below
    //  a1 ─ a2 ─ a3 ─ a4
    //    └─ b2 ─ b3
    const layout = drawn("a1", "a2:a1", "b2:a1", "a3:a2", "b3:b2", "a4:a3", "c4:a3");
    expect(lanes(layout, "c4")).toEqual([2]);
  });

  test("a lane is used again when its branch ended some columns before", () => {
    const trunk = chain("a", 9);
    const soon = drawn(...trunk, "b2:a1", "c6:a5");
    expect(lanes(soon, "c6")).toEqual([2]);
    const later = drawn(...trunk, "b2:a1", "c7:a6");
    expect(lanes(later, "c7")).toEqual([1]);
    expect(later.laneCount).toBe(2);
  });

  test("a branch that grows into one that came to its lane moves aside", () => {
    const layout = drawn(...chain("a", 9), "b2:a1", "c7:a6", ...chain("b", 7).slice(2));
    expect(lanes(layout, "b6")).toEqual([1]);
    expect(lanes(layout, "b7")).not.toEqual(lanes(layout, "c7"));
  });

  test("blocks whose parents are unknown are placed apart from each other", () => {
    const layout = new TreeLayout();
    const [a, b] = ["a", "b"].map((name) => ({ hash: hashOf(name), height: 5, previous: null }));
    expect(layout.place(a!)).toEqual({ height: 5, lane: 0 });
    expect(layout.place(b!)).toEqual({ height: 5, lane: 1 });
    expect(layout.place(b!)).toEqual({ height: 5, lane: 1 });
  });

  test("whatever comes later, an older block stays where it is", () => {
    fc.assert(
      fc.property(trees, (blocks) => {
        const layout = new TreeLayout();
        const first = blocks.map((block) => layout.place(laidOut(block)));
        expect(blocks.map((block) => layout.placeOf(laidOut(block).hash))).toEqual(first);
        const prefix = blocks.slice(0, blocks.length / 2);
        const half = new TreeLayout();
        expect(prefix.map((block) => half.place(laidOut(block)))).toEqual(
          first.slice(0, prefix.length),
        );
      }),
    );
  });

  test("no two blocks share a place, and no line passes through a foreign one", () => {
    fc.assert(
      fc.property(trees, (blocks) => {
        const layout = new TreeLayout();
        const places = new Map(blocks.map((block) => [block.name, layout.place(laidOut(block))]));
        expect(new Set([...places.values()].map(keyOf)).size).toBe(blocks.length);
        for (const { name, parent } of blocks) {
          // A line that takes one column has no room for a block between its ends.
          if (parent !== null) {
            expect(places.get(name)!.height).toBe(places.get(parent)!.height + 1);
          }
        }
        const greatest = Math.max(...[...places.values()].map(({ lane }) => lane));
        expect(layout.laneCount).toBe(greatest + 1);
      }),
    );
  });

  test("the first child goes on in its parent's lane, unless another branch came there", () => {
    fc.assert(
      fc.property(trees, (blocks) => {
        const layout = new TreeLayout();
        const taken = new Set<string>();
        const parents = new Map<number, Place>();
        for (const block of blocks) {
          const place = layout.place(laidOut(block));
          const parent = block.parent === null ? undefined : parents.get(block.parent);
          const ahead = parent && { height: parent.height + 1, lane: parent.lane };
          if (ahead !== undefined && !taken.has(keyOf(ahead))) expect(place).toEqual(ahead);
          taken.add(keyOf(place));
          parents.set(block.name, place);
        }
      }),
    );
  });
});

function laidOut({ name, height, parent }: Sketch) {
  return { hash: numbered(name), height, previous: parent === null ? null : numbered(parent) };
}

function numbered(name: number): BlockHash {
  return hashOf(name.toString(16).padStart(4, "0"));
}

/** `b2:a1` is a block of height 2 on a1. */
function drawn(...drawings: string[]): TreeLayout {
  const layout = new TreeLayout();
  for (const drawing of drawings) {
    const [name = "", parent] = drawing.split(":");
    const previous = parent === undefined ? null : hashOf(parent);
    layout.place({ hash: hashOf(name), height: Number(name.slice(1)), previous });
  }
  return layout;
}

function chain(letter: string, length: number): string[] {
  return Array.from({ length }, (_, i) =>
    i === 0 ? `${letter}1` : `${letter}${i + 1}:${letter}${i}`,
  );
}

function lanes(layout: TreeLayout, ...names: string[]): (number | undefined)[] {
  return names.map((name) => layout.placeOf(hashOf(name))?.lane);
}

function keyOf({ height, lane }: Place): string {
  return `${height} ${lane}`;
}

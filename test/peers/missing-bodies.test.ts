/** Checks which missing bodies are found, beside a search from the start of the branch. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TreeEntry } from "../../src/chain/tree.ts";
import { limits } from "../../src/peers/limits.ts";
import { MissingBodies } from "../../src/peers/missing-bodies.ts";
import type { BlockHash } from "../../src/primitives/brand.ts";
import { headerOf } from "../consensus/samples.ts";

type Block = { -readonly [Key in keyof TreeEntry]: TreeEntry[Key] };

/** Blocks upon a parent, without bodies. */
function grow(parent: TreeEntry | undefined, length: number, name = "block"): Block[] {
  const blocks: Block[] = [];
  let below = parent;
  for (let count = 0; count < length; count++) {
    const height = below === undefined ? 0 : below.height + 1;
    const block: Block = {
      hash: `${name} ${height}` as BlockHash,
      header: headerOf(),
      height,
      medianTime: 0,
      parent: below,
      work: BigInt(height),
      hasBody: false,
      isLinked: false,
      isInvalid: false,
      isInvalidByCommand: false,
      sequence: 0,
    };
    blocks.push(block);
    below = block;
  }
  return blocks;
}

const [genesis] = grow(undefined, 1) as [Block];
genesis.hasBody = true;
genesis.isLinked = true;

function heights(entries: Iterable<TreeEntry>): number[] {
  return Array.from(entries, ({ height }) => height);
}

const free = () => false;

test("the lowest come first; those that are there above a gap are left out", () => {
  const blocks = grow(genesis, 5);
  const missing = new MissingBodies(blocks[4]!);
  for (const at of [0, 2]) blocks[at]!.hasBody = true;
  expect(heights(missing.open(blocks[4]!, free))).toEqual([2, 4, 5]);
  expect(heights(missing.open(blocks[3]!, free))).toEqual([2, 4]);
});

test("none is further up than the window, which moves with the lowest that is missing", () => {
  const { downloadWindowMax: size } = limits;
  const blocks = grow(genesis, size + 10);
  const last = blocks.at(-1)!;
  const missing = new MissingBodies(last);
  const all = (entry: TreeEntry) => entry.height <= size;
  expect(heights(missing.open(last, all))).toEqual([]);
  for (const block of blocks.slice(0, 3)) block.hasBody = true;
  expect(heights(missing.open(last, all))).toEqual([size + 1, size + 2, size + 3]);
});

describe("a branch", () => {
  const blocks = grow(genesis, 6);
  const fork = grow(blocks[2], 4, "fork");

  test("grows with the headers upon its end", () => {
    const missing = new MissingBodies(blocks[3]!);
    expect(missing.reaches(blocks[1]!)).toBe(true);
    expect(missing.reaches(blocks[5]!)).toBe(true);
    expect(heights(missing.open(blocks[5]!, free))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("is another one than what branches off below its end", () => {
    const missing = new MissingBodies(blocks[4]!);
    expect(missing.reaches(fork[3]!)).toBe(false);
    expect(missing.reaches(fork[0]!)).toBe(false);
    expect(missing.has(fork[0]!)).toBe(false);
  });
});

test("whatever is taken, freed and delivered, a search from the start finds the same", () => {
  const move = fc.record({
    type: fc.constantFrom("take", "free", "deliver"),
    at: fc.nat({ max: 29 }),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 80 }), (moves) => {
      const blocks = grow(genesis, 30);
      const last = blocks.at(-1)!;
      const missing = new MissingBodies(last);
      const taken = new Set<TreeEntry>();
      for (const { type, at } of moves) {
        const block = blocks[at]!;
        if (type === "take") {
          for (const entry of missing.open(last, (each) => taken.has(each))) {
            taken.add(entry);
            break;
          }
        } else {
          if (type === "deliver") block.hasBody = true;
          taken.delete(block);
          missing.free(block);
        }
        const expected = blocks.filter((each) => !each.hasBody && !taken.has(each));
        expect(heights(missing.open(last, (each) => taken.has(each)))).toEqual(heights(expected));
      }
    }),
  );
});

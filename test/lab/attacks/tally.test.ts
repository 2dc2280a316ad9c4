/** Counts blocks as a node tells of them. */

import { expect, test } from "vitest";
import type { EventJson } from "../../../src/contract/node-api.ts";
import { Tally } from "../../../src/lab/attacks/tally.ts";
import type { BlockHash, Milliseconds } from "../../../src/primitives/brand.ts";

const stamp = { id: 1, at: 0 as Milliseconds };

/** Mallory's blocks have names that begin with m. */
class Scene {
  readonly tally = new Tally((hash) => hash.startsWith("m"));

  gets(hash: string, height: number): this {
    const block = { hash: hash as BlockHash, height };
    this.tally.note({ ...stamp, type: "block-accepted", ...block } as EventJson);
    return this;
  }

  extends(hash: string, height: number): boolean {
    this.gets(hash, height);
    return this.tally.note({ ...stamp, type: "tip-extended", tip: hash as BlockHash, height });
  }

  reorganises(forkHeight: number, back: readonly string[], forth: readonly string[]): boolean {
    return this.tally.note({
      ...stamp,
      type: "reorganised",
      tip: forth.at(-1) as BlockHash,
      height: forkHeight + forth.length,
      fork: "f" as BlockHash,
      fork_height: forkHeight,
      depth: back.length,
      back: back as readonly BlockHash[],
      forth: forth as readonly BlockHash[],
      readmitted: [],
    });
  }
}

test("each block on the active branch is somebody's, and the rest went stale", () => {
  //  f(10) ─ a11 ─ a12
  //       └─ m11 ─ m12 ─ m13
  const scene = new Scene();
  expect(scene.extends("a11", 11)).toBe(true);
  scene.gets("m11", 11);
  expect(scene.tally.upTo(Infinity)).toEqual({
    attackerBlocks: 0,
    honestBlocks: 1,
    staleBlocks: 1,
  });
  scene.extends("a12", 12);
  scene.gets("m12", 12).gets("m13", 13);
  expect(scene.reorganises(10, ["a12", "a11"], ["m11", "m12", "m13"])).toBe(true);
  expect(scene.tally.upTo(Infinity)).toEqual({
    attackerBlocks: 3,
    honestBlocks: 0,
    staleBlocks: 2,
  });
  expect(scene.tally.found).toBe(5);
});

test("what is above the end does not count", () => {
  const scene = new Scene();
  for (const [i, hash] of ["a1", "m2", "a3"].entries()) scene.extends(hash, i + 1);
  expect(scene.tally.upTo(2)).toEqual({ attackerBlocks: 1, honestBlocks: 1, staleBlocks: 0 });
});

test("blocks of a branch that was there before count from when it is chosen", () => {
  const scene = new Scene();
  scene.extends("a1", 1);
  scene.reorganises(0, ["a1"], ["m1", "m2"]);
  expect(scene.tally.upTo(1)).toEqual({ attackerBlocks: 1, honestBlocks: 0, staleBlocks: 1 });
});

test("what is no change of the active branch is none", () => {
  const scene = new Scene();
  scene.gets("m1", 1);
  const left = { ...stamp, type: "peer-left", peer: "bob" } as EventJson;
  expect(scene.tally.note(left)).toBe(false);
  expect(scene.tally.upTo(Infinity)).toEqual({
    attackerBlocks: 0,
    honestBlocks: 0,
    staleBlocks: 1,
  });
});

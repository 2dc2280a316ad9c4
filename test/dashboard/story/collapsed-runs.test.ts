import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  blocksShown,
  collapseRuns,
  type Columns,
  runLengthMin,
} from "../../../src/dashboard/story/collapsed-runs.ts";

const none: ReadonlySet<number> = new Set();

describe("collapsed runs", () => {
  test("the straight part far behind the tip is one piece, which shares a column", () => {
    const columns = collapse({ last: 60 });
    expect(columns.runs).toEqual([{ from: 1, to: 32 }]);
    expect([0, 1, 20, 32, 33, 60].map(columns.columnOf)).toEqual([31, 32, 32, 32, 33, 60]);
    expect([columns.first, columns.last]).toEqual([31, 60]);
  });

  test("the first block stays, because it has no parent in the tree", () => {
    expect(collapse({ last: 60 }).runs[0]?.from).toBe(1);
  });

  test("blocks near the tip stay, and so does what is too short to be worth a click", () => {
    expect(collapse({ last: 31 }).runs).toEqual([]);
    const columns = collapse({ last: 60, forks: [12, 20] });
    // 1 … 10 and 22 … 32; between the two forks there are 5 blocks.
    expect(columns.runs).toEqual([
      { from: 1, to: 10 },
      { from: 22, to: 32 },
    ]);
  });

  test("both sides of a fork and the block where they part stay", () => {
    const { runs } = collapse({ last: 80, forks: [20] });
    expect(runs).toEqual([
      { from: 1, to: 18 },
      { from: 22, to: 56 },
    ]);
  });

  test("what is kept is not hidden, and what someone opened stays open", () => {
    expect(collapse({ last: 60, kept: new Set([20]) }).runs).toEqual([
      { from: 1, to: 19 },
      { from: 21, to: 32 },
    ]);
    expect(collapse({ last: 60, opened: new Set([1]) }).runs).toEqual([]);
  });

  test("when the tree grows, a run grows in steps and nothing above it moves", () => {
    const before = collapse({ last: 60 });
    expect(collapse({ last: 63 }).runs).toEqual(before.runs);
    const after = collapse({ last: 64 });
    expect(after.runs).toEqual([{ from: 1, to: 40 }]);
    expect([41, 50, 60].map(after.columnOf)).toEqual([41, 50, 60].map(before.columnOf));
  });

  test("a tree without a block has no columns", () => {
    const blocksAtHeight = new Map<number, number>();
    expect(() => collapseRuns({ blocksAtHeight, kept: none, opened: none })).toThrow(RangeError);
  });

  test("columns follow each other without a gap, and each leads back to its height", () => {
    const heights = fc.array(fc.nat(200), { maxLength: 12, size: "max" });
    fc.assert(
      fc.property(fc.nat(200), heights, heights, (last, forks, kept) => {
        const columns = collapse({ last, forks, kept: new Set(kept) });
        const hidden = columns.runs.flatMap(({ from, to }) => heightsOf(from, to - 1));
        const shown = heightsOf(0, last).filter((height) => !hidden.includes(height));
        expect(shown.map(columns.columnOf)).toEqual(heightsOf(columns.first, columns.last));
        expect(shown.map((height) => columns.heightAt(columns.columnOf(height)))).toEqual(shown);
        for (const { from, to } of columns.runs) {
          expect(to - from + 1).toBeGreaterThanOrEqual(runLengthMin);
          expect(to).toBeLessThanOrEqual(last - blocksShown);
          expect(columns.columnOf(from)).toBe(columns.columnOf(to));
        }
      }),
    );
  });
});

type Shape = {
  readonly last: number;
  /** Heights with two blocks. */
  readonly forks?: readonly number[];
  readonly kept?: ReadonlySet<number>;
  readonly opened?: ReadonlySet<number>;
};

function collapse({ last, forks = [], kept = none, opened = none }: Shape): Columns {
  const blocksAtHeight = new Map(
    heightsOf(0, last).map((height) => [height, forks.includes(height) ? 2 : 1]),
  );
  return collapseRuns({ blocksAtHeight, kept, opened });
}

function heightsOf(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

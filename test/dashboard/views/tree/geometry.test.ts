import { describe, expect, test } from "vitest";
import { collapseRuns, type Columns } from "../../../../src/dashboard/story/collapsed-runs.ts";
import {
  columnWidth,
  flagRoom,
  middleRow,
  type Position,
  positionAt,
  viewOf,
} from "../../../../src/dashboard/views/tree/geometry.ts";

const size = { widthPx: 10 * columnWidth, heightPx: 300 };
const around = { size, scale: 1, newestRow: 0 };
const newest: Position = { type: "newest" };

describe("the window on the tree", () => {
  test("the newest column stands at the right, with room for its flag", () => {
    const view = viewOf(columnsUpTo(60), newest, around);
    expect(view.left + view.widthInColumns).toBeCloseTo(61 + flagRoom / columnWidth);
    expect(view.last).toBe(60);
  });

  test("a tree that is smaller than the window begins at the left", () => {
    const view = viewOf(columnsUpTo(3), newest, around);
    expect(view.left).toBeLessThanOrEqual(0);
    expect([view.first, view.last]).toEqual([0, 3]);
  });

  test("a view that was moved back stays at the same block while the tree grows and runs are collapsed", () => {
    const before = columnsUpTo(60);
    const there = positionAt(before, viewOf(before, newest, around), 45.5, 0);
    const after = columnsUpTo(200);
    expect(after.runs).not.toEqual(before.runs);
    const view = viewOf(columnsUpTo(64), there, around);
    expect(columnsUpTo(64).heightAt(Math.floor(view.left))).toBe(45);
    const opened = collapse(200, new Set([1]));
    expect(viewOf(opened, there, around).left).toBeCloseTo(45.5);
  });

  test("a view that is moved to the right end follows the newest block again", () => {
    const columns = columnsUpTo(60);
    const view = viewOf(columns, newest, around);
    expect(positionAt(columns, view, view.leftMax + 3, 0)).toEqual(newest);
    expect(positionAt(columns, view, view.leftMax - 1, 0).type).toBe("at");
  });

  test("the middle row moves only as far as it takes to have all rows in view", () => {
    expect(middleRow(0, { top: -1, bottom: 1, row: 0 }, 4)).toBe(0);
    expect(middleRow(0, { top: 0, bottom: 3, row: 0 }, 4)).toBe(1.5);
    expect(middleRow(1.5, { top: 0, bottom: 0, row: 0 }, 4)).toBe(1.5);
    // Too many: at least the one that counts.
    expect(middleRow(0, { top: -9, bottom: 9, row: 5 }, 4)).toBe(3.5);
  });
});

function columnsUpTo(last: number): Columns {
  return collapse(last, new Set());
}

function collapse(last: number, opened: ReadonlySet<number>): Columns {
  const blocksAtHeight = new Map(Array.from({ length: last + 1 }, (_, height) => [height, 1]));
  return collapseRuns({ blocksAtHeight, kept: new Set(), opened });
}

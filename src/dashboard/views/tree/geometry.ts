/** Sizes of the drawing of the tree, in its own units, and which part of it is in view. */

import type { Columns } from "../../story/collapsed-runs.ts";
import type { Size } from "../elements/element-size.ts";

export const columnWidth = 62;
export const rowHeight = 68;
export const boxWidth = 46;
export const boxHeight = 40;
/** Right of the newest column, for the flags of the tips. */
export const flagRoom = 194;
/** Columns beyond both ends of the view that are drawn, too, so that none is missing in a move. */
const spareColumns = 4;

/** What is in view: `left` and `row` may lie between two columns and rows. */
export type View = {
  /** The column at the left edge. */
  readonly left: number;
  /** The row at half the height. */
  readonly row: number;
  readonly widthInColumns: number;
  readonly heightInRows: number;
  /** Columns to draw. */
  readonly first: number;
  readonly last: number;
  /** The greatest `left`: with the newest block and its flag at the right edge. */
  readonly leftMax: number;
};

/** The newest block in view, or some place that was gone to. */
export type Position =
  | { readonly type: "newest" }
  /** `height` is at the left edge, or less than a column left of it by `offset`. */
  | {
      readonly type: "at";
      readonly height: number;
      readonly offset: number;
      readonly row: number;
    };

/**
 * @param scale pixels for each unit.
 * @param newestRow the row in the middle as long as the newest block is in view.
 */
export function viewOf(
  columns: Columns,
  position: Position,
  { size, scale, newestRow }: { size: Size; scale: number; newestRow: number },
): View {
  const widthInColumns = size.widthPx / scale / columnWidth;
  const heightInRows = size.heightPx / scale / rowHeight;
  const leftMin = columns.first - 0.25;
  const room = widthInColumns - Math.min(flagRoom / columnWidth, widthInColumns / 2);
  const leftMax = Math.max(leftMin, columns.last + 1 - room);
  const isNewest = position.type === "newest";
  const wanted = isNewest ? leftMax : columns.columnOf(position.height) + position.offset;
  const left = Math.min(leftMax, Math.max(leftMin, wanted));
  return {
    left,
    row: isNewest ? newestRow : position.row,
    widthInColumns,
    heightInRows,
    first: Math.max(columns.first, Math.floor(left) - spareColumns),
    last: Math.min(columns.last, Math.ceil(left + widthInColumns) + spareColumns),
    leftMax,
  };
}

/** The position of a view whose left edge is at this column: newest if that is the right end. */
export function positionAt(columns: Columns, view: View, left: number, row: number): Position {
  if (left >= view.leftMax - 0.01) return { type: "newest" };
  const column = Math.max(columns.first, Math.floor(left));
  const offset = Math.max(-0.25, left - column);
  return { type: "at", height: columns.heightAt(column), offset, row };
}

/**
 * The row in the middle, moved no more than it takes to have all these rows in view, or at least
 * `row` if they are too many.
 */
export function middleRow(
  before: number,
  rows: { readonly top: number; readonly bottom: number; readonly row: number },
  heightInRows: number,
): number {
  const reach = Math.max(0, (heightInRows - 1) / 2);
  const doFit = rows.bottom - rows.top <= 2 * reach;
  const [top, bottom] = doFit ? [rows.top, rows.bottom] : [rows.row, rows.row];
  return Math.min(top + reach, Math.max(bottom - reach, before));
}

/** Which part of the tree is in view, and how it is moved. */

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { BlockHash } from "../../../primitives/brand.ts";
import { useDrawingScale } from "../elements/drawing-scale.ts";
import { useElementSize } from "../elements/element-size.ts";
import {
  columnWidth,
  middleRow,
  type Position,
  positionAt,
  rowHeight,
  type View,
  viewOf,
} from "./geometry.ts";
import type { Tree } from "./tree.ts";

export type TreeView = {
  readonly view: View;
  /** Whether it follows the newest block. */
  readonly isNewest: boolean;
  /** Whether the drawing moves smoothly to its place, and does not jump. */
  readonly isGliding: boolean;
  /** Of the drawing, in CSS. */
  readonly transform: string;
  /** Moves the view over the drawing by so many pixels. */
  readonly moveBy: (dxPx: number, dyPx: number) => void;
  /** Brings a column to the left edge. */
  readonly moveTo: (left: number) => void;
  /** Moves no further than it takes to have the block in view. */
  readonly reveal: (hash: BlockHash) => void;
  readonly goToNewest: () => void;
};

/** The drawing glides to its place if that is no further away, in columns. */
const glideMax = 4;

/** @param frame the element that shows a part of the drawing. */
export function useTreeView(tree: Tree, frame: { readonly current: Element | null }): TreeView {
  const { story, columns, map } = tree;
  const size = useElementSize(frame).value;
  const scale = useDrawingScale();
  const position = useSignal<Position>({ type: "newest" });
  /** Of the view that was drawn last; the row is that of the last one that followed the newest. */
  const last = useRef({ row: 0, left: 0 });

  const isNewest = position.value.type === "newest";
  const wanted = viewOf(columns, position.value, { size, scale, newestRow: last.current.row });
  const view = isNewest ? withAllRows(tree, wanted) : wanted;
  const isGliding = isNewest && Math.abs(view.left - last.current.left) <= glideMax;
  last.current = { row: isNewest ? view.row : last.current.row, left: view.left };

  const move = (left: number, row: number): void => {
    position.value = positionAt(columns, view, left, row);
  };
  return {
    view,
    isNewest,
    isGliding,
    transform: transformOf(view),
    moveBy: (dxPx, dyPx) => {
      const row = view.row + dyPx / scale / rowHeight;
      move(view.left + dxPx / scale / columnWidth, row);
      last.current.row = row; // the next view that follows the newest block begins with it
    },
    moveTo: (left) => move(left, view.row),
    reveal: (hash) => {
      const block = story.block(hash);
      if (block === undefined) return;
      const column = columns.columnOf(block.height);
      const row = map.rowOf(hash);
      const isInColumns = column >= view.left && column + 1 <= view.left + view.widthInColumns;
      const isInRows = Math.abs(row - view.row) <= (view.heightInRows - 1) / 2;
      if (isInColumns && isInRows) return;
      const left = isInColumns ? view.left : column + 0.5 - view.widthInColumns / 2;
      move(left, isInRows ? view.row : row);
    },
    goToNewest: () => {
      position.value = { type: "newest" };
    },
  };

  function transformOf({ left, row }: View): string {
    const x = -(map.xOf(left) - columnWidth / 2) * scale;
    const y = size.heightPx / 2 - row * rowHeight * scale;
    return `translate3d(${x}px, ${y}px, 0) scale(${scale})`;
  }
}

/** Moves the view up or down until all branches of its columns are in it, if they fit. */
function withAllRows({ heights, sight, columns, map }: Tree, view: View): View {
  const { best } = sight;
  const rows = [best === null ? 0 : map.rowOf(best)];
  for (let column = Math.max(view.first, Math.floor(view.left)); column <= view.last; column += 1) {
    for (const block of heights.blocksAt.get(columns.heightAt(column)) ?? []) {
      if (sight.has(block)) rows.push(map.rowOf(block.hash));
    }
  }
  const [row = 0] = rows;
  const ends = { top: Math.min(...rows), bottom: Math.max(...rows), row };
  return { ...view, row: middleRow(view.row, ends, view.heightInRows) };
}

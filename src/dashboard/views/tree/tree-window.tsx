/** The part of the tree that is in view, and the ways to move it: wheel, drag, keys, minimap. */

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { BlockHash } from "../../../primitives/brand.ts";
import { useDashboard } from "../../state/dashboard.ts";
import type { Columns } from "../../story/collapsed-runs.ts";
import type { Heights } from "../../story/heights.ts";
import type { Sight } from "../../story/sight.ts";
import type { Story } from "../../story/story.ts";
import { useDrawingScale } from "../elements/drawing-scale.ts";
import { Drag } from "./drag.ts";
import type { TreeMap } from "./drawing.ts";
import { useElementSize } from "../elements/element-size.ts";
import { FirstBlockCaption } from "./first-block.tsx";
import {
  columnWidth,
  middleRow,
  positionAt,
  rowHeight,
  viewOf,
  type Position,
  type View,
} from "./geometry.ts";
import { Minimap } from "./minimap.tsx";
import { blockByKey, treeKeys } from "./tree-keys.ts";
import { TreePicture } from "./tree-picture.tsx";

type TreeWindowProps = {
  readonly story: Story;
  readonly heights: Heights;
  readonly sight: Sight;
  readonly columns: Columns;
  readonly map: TreeMap;
  readonly watched: ReadonlySet<BlockHash>;
  /** Opens the run that begins at this height. */
  readonly onOpen: (from: number) => void;
  readonly onNewest: () => void;
};

/** The view glides to its place if that is no further away, in columns. */
const glideMax = 4;

export function TreeWindow(props: TreeWindowProps) {
  const { story, heights, sight, columns, map, watched, onOpen, onNewest } = props;
  const { layout, selection } = useDashboard();
  const frame = useRef<HTMLDivElement>(null);
  const size = useElementSize(frame);
  const position = useSignal<Position>({ type: "newest" });
  const cursor = useSignal<BlockHash | null>(null);
  const shallFocus = useRef(false);
  const before = useRef({ row: 0, left: 0 });

  const scale = useDrawingScale();
  const around = { size: size.value, scale, newestRow: before.current.row };
  const view = followRows(viewOf(columns, position.value, around));
  const drawing = map.draw(heights, sight, view);
  const isNewest = position.value.type === "newest";
  const isGliding = isNewest && Math.abs(view.left - before.current.left) <= glideMax;
  before.current = { row: isNewest ? view.row : before.current.row, left: view.left };

  const selected = selection.value?.type === "block" ? selection.value.hash : null;
  const hashes = new Set(drawing.blocks.map(({ block }) => block.hash));
  const reachable =
    [cursor.value, selected, sight.best].find((hash) => hash !== null && hashes.has(hash)) ??
    drawing.blocks[0]?.block.hash ??
    null;

  const latest = { view, columns, scale };
  const current = useRef(latest);
  current.current = latest;
  const moveBy = useMemo(
    () => (dxPx: number, dyPx: number) => {
      const now = current.current;
      const left = now.view.left + dxPx / now.scale / columnWidth;
      const row = now.view.row + dyPx / now.scale / rowHeight;
      position.value = positionAt(now.columns, now.view, left, row);
      before.current.row = row; // what followRows() begins with
    },
    [position],
  );
  const drag = useMemo(() => new Drag((dxPx, dyPx) => moveBy(-dxPx, -dyPx)), [moveBy]);
  useWheel(frame, (dxPx, dyPx) => {
    const isAtEnd = isNewest && dxPx > 0 && dyPx === 0;
    if (!isAtEnd) moveBy(dxPx, dyPx);
    return !isAtEnd;
  });

  useLayoutEffect(() => {
    if (!shallFocus.current || cursor.value === null) return;
    const box = frame.current?.querySelector(`[data-hash="${cursor.value}"]`);
    if (!(box instanceof SVGElement)) return;
    shallFocus.current = false;
    box.focus({ preventScroll: true });
  });
  useEffect(() => {
    if (selected !== null) reveal(selected);
  }, [selected]);

  return (
    <>
      <div
        ref={frame}
        id="tree-view"
        class="tree-view"
        onPointerDown={drag.begin}
        onPointerMove={drag.move}
        onPointerUp={drag.end}
        onPointerCancel={drag.end}
        onClick={(event) => !drag.wasMove && choose(event.target)}
        onKeyDown={onKeyDown}
      >
        <TreePicture
          {...{ story, sight, map, drawing, watched, reachable, selected, heights }}
          isGliding={isGliding}
          transform={transformOf(view)}
        />
        {!heights.hasFound && <FirstBlockCaption />}
        {!isNewest && (
          <button type="button" class="tree-newest" onClick={goToNewest}>
            newest ▸
          </button>
        )}
      </div>
      <Minimap
        {...{ columns, heights, sight, layout, view }}
        onMove={(left) => (position.value = positionAt(columns, view, left, view.row))}
      />
    </>
  );

  /** Keeps all branches in view as long as the newest block is. */
  function followRows(wanted: View): View {
    if (position.value.type !== "newest") return wanted;
    const { best } = sight;
    const rows = [best === null ? 0 : map.rowOf(best)];
    for (let column = Math.max(wanted.first, Math.floor(wanted.left)); column <= wanted.last;) {
      for (const block of heights.blocksAt.get(columns.heightAt(column)) ?? []) {
        if (sight.has(block)) rows.push(map.rowOf(block.hash));
      }
      column += 1;
    }
    const [row = 0] = rows;
    const ends = { top: Math.min(...rows), bottom: Math.max(...rows), row };
    return { ...wanted, row: middleRow(wanted.row, ends, wanted.heightInRows) };
  }

  function transformOf({ left, row }: View): string {
    const x = -(map.xOf(left) - columnWidth / 2) * scale;
    const y = size.value.heightPx / 2 - row * rowHeight * scale;
    return `translate3d(${x}px, ${y}px, 0) scale(${scale})`;
  }

  function reveal(hash: BlockHash): void {
    const block = story.block(hash);
    if (block === undefined) return;
    const column = columns.columnOf(block.height);
    const row = map.rowOf(hash);
    const isInView = column >= view.left && column + 1 <= view.left + view.widthInColumns;
    const isInRows = Math.abs(row - view.row) <= (view.heightInRows - 1) / 2;
    if (isInView && isInRows) return;
    const left = isInView ? view.left : column + 0.5 - view.widthInColumns / 2;
    position.value = positionAt(columns, view, left, isInRows ? view.row : row);
  }

  function choose(target: EventTarget | null): void {
    if (!(target instanceof Element)) return;
    const run = target.closest<SVGElement>("[data-run]")?.dataset["run"];
    if (run !== undefined) {
      onOpen(Number(run));
      return;
    }
    const name = target.closest<SVGElement>("[data-hash]")?.dataset["hash"];
    const drawn = drawing.blocks.find(({ block }) => block.hash === name);
    if (drawn === undefined) return;
    cursor.value = drawn.block.hash;
    selection.value = { type: "block", hash: drawn.block.hash };
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.target instanceof SVGElement)) return; // but the button in the corner
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(event.target);
      return;
    }
    if (reachable === null || !treeKeys.has(event.key)) return;
    event.preventDefault(); // also at the end of a branch: it would step through time
    const next = blockByKey({ story, heights, sight, map }, reachable, event.key);
    if (next === null) return;
    cursor.value = next;
    shallFocus.current = true;
    reveal(next);
  }

  function goToNewest(): void {
    position.value = { type: "newest" };
    onNewest();
  }
}

/**
 * Both directions of the wheel go along the branches, with Shift across them.
 *
 * @param moveBy answers whether there was something to move; if so, the page does not scroll.
 */
function useWheel(
  frame: { readonly current: Element | null },
  moveBy: (dxPx: number, dyPx: number) => boolean,
): void {
  const latest = useRef(moveBy);
  latest.current = moveBy;
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const onWheel = (event: Event) => {
      if (!(event instanceof WheelEvent) || event.ctrlKey) return;
      const [along, across] = event.shiftKey
        ? [0, event.deltaX + event.deltaY]
        : [event.deltaX + event.deltaY, 0];
      if (latest.current(along, across)) event.preventDefault();
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [frame]);
}

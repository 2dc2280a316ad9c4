/** An overview of the whole tree, with a frame around the part in view, which it moves. */

import type { TargetedPointerEvent } from "preact";
import { useMemo } from "preact/hooks";
import type { Columns } from "../../story/collapsed-runs.ts";
import type { Heights } from "../../story/heights.ts";
import type { Sight } from "../../story/sight.ts";
import { rowOfLane, type TreeLayout } from "../../story/tree-layout.ts";
import type { View } from "./geometry.ts";

type MinimapProps = {
  readonly columns: Columns;
  readonly heights: Heights;
  readonly sight: Sight;
  readonly layout: TreeLayout;
  readonly view: View;
  /** Brings a column to the left edge. */
  readonly onMove: (left: number) => void;
};

/** What one key press moves by, in columns. */
const keySteps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -10,
  PageDown: 10,
  Home: -Infinity,
  End: Infinity,
};

export function Minimap(props: MinimapProps) {
  const { columns, heights, sight, layout, view } = props;
  // A node's blocks change also when no new one is found.
  const age = sight.viewer === null ? heights : sight;
  const lines = useMemo(() => linesOf(columns, heights, sight, layout), [columns, age, layout]);
  const count = columns.last - columns.first + 1;
  const below = Math.ceil((layout.laneCount - 1) / 2);
  const above = Math.floor((layout.laneCount - 1) / 2);
  return (
    <svg
      class="tree-minimap"
      viewBox={`${columns.first} ${-above - 1} ${count} ${above + below + 2}`}
      preserveAspectRatio="none"
      role="scrollbar"
      tabindex={0}
      aria-label="The whole tree: moves the view"
      aria-controls="tree-view"
      aria-orientation="horizontal"
      aria-valuemin={columns.first}
      aria-valuemax={Math.round(view.leftMax)}
      aria-valuenow={Math.round(view.left)}
      {...handlersOf(props, count)}
    >
      {lines.map((path, colour) => (
        <path
          key={colour}
          class="minimap-line"
          style={{ stroke: `var(--branch-${colour})` }}
          d={path}
        />
      ))}
      <rect
        class="minimap-frame"
        x={Math.max(columns.first, view.left)}
        y={-above - 0.9}
        width={Math.min(view.widthInColumns, count)}
        height={above + below + 1.8}
      />
    </svg>
  );
}

/** A press goes to its column, and so does a drag; keys go by columns. */
function handlersOf({ columns, view, onMove }: MinimapProps, columnCount: number) {
  const goTo = (event: TargetedPointerEvent<SVGSVGElement>): void => {
    if (event.buttons === 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    const column = columns.first + ((event.clientX - box.left) / box.width) * columnCount;
    onMove(column - view.widthInColumns / 2);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = keySteps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onMove(Math.max(columns.first, Math.min(view.leftMax, view.left + step)));
  };
  return { onPointerDown: goTo, onPointerMove: goTo, onKeyDown };
}

/** By branch colour; blocks beside each other in one lane are one line. */
function linesOf(
  columns: Columns,
  heights: Heights,
  sight: Sight,
  layout: TreeLayout,
): readonly string[] {
  const paths = Array.from({ length: 8 }, () => "");
  const open = new Map<number, { readonly from: number; to: number }>();
  const close = (lane: number, from: number, to: number) => {
    paths[lane % 8] += `M${from} ${rowOfLane(lane)}H${to + 0.8}`;
  };
  for (let column = columns.first; column <= columns.last; column += 1) {
    for (const block of heights.blocksAt.get(columns.heightAt(column)) ?? []) {
      const lane = layout.placeOf(block.hash)?.lane;
      if (lane === undefined || !sight.has(block)) continue;
      const line = open.get(lane);
      if (line?.to === column - 1) {
        line.to = column;
        continue;
      }
      if (line !== undefined) close(lane, line.from, line.to);
      open.set(lane, { from: column, to: column });
    }
  }
  for (const [lane, { from, to }] of open) close(lane, from, to);
  return paths;
}

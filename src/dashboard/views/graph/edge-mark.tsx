/** A connection in the peer graph: open, slow, cut or closed. */

import type { Edge } from "../../story/edges.ts";
import type { Point } from "../../story/lasso.ts";

type Props = {
  readonly edge: Edge;
  readonly from: Point;
  readonly to: Point;
  readonly isFaint: boolean;
  readonly tooltip: string;
  /** Undefined if it is not a link of the lab, which could be cut or slowed. */
  readonly onOpen: (() => void) | undefined;
};

export function EdgeMark({ edge, from, to, isFaint, tooltip, onOpen }: Props) {
  const look = edge.state === "open" && edge.isSlow ? "slow" : edge.state;
  const control =
    onOpen === undefined ? {} : { role: "button" as const, tabindex: 0, onClick: onOpen };
  return (
    <g
      class={`graph-edge is-${look}${isFaint ? " is-faint" : ""}`}
      aria-label={tooltip}
      {...control}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onOpen?.();
      }}
    >
      <title>{tooltip}</title>
      <path class="edge-reach" d={lineOf(from, to)} />
      <path class="edge-line" d={look === "cut" ? brokenLine(from, to) : lineOf(from, to)} />
      {edge.isSlow && edge.state !== "cut" && <Delay edge={edge} at={along(from, to, 0.5)} />}
    </g>
  );
}

function Delay({ edge, at }: { readonly edge: Edge; readonly at: Point }) {
  return (
    <text class="edge-delay" x={at.x} y={at.y + 4}>
      {edge.delayMs} ms
    </text>
  );
}

/** Part 0 is at the one end, 1 at the other. */
export function along(from: Point, to: Point, part: number): Point {
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

function lineOf(from: Point, to: Point): string {
  return `M${textOf(from)}L${textOf(to)}`;
}

const tickPx = 4;
/** The part that is drawn at each end. */
const stubPart = 0.35;

/** The two ends of a line, each with a bar across it; the middle is missing. */
function brokenLine(from: Point, to: Point): string {
  const length = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
  const across = {
    x: (-(to.y - from.y) / length) * tickPx,
    y: ((to.x - from.x) / length) * tickPx,
  };
  return [along(from, to, stubPart), along(from, to, 1 - stubPart)]
    .map((end, i) => {
      const left = { x: end.x + across.x, y: end.y + across.y };
      const right = { x: end.x - across.x, y: end.y - across.y };
      return `${lineOf(i === 0 ? from : to, end)}${lineOf(left, right)}`;
    })
    .join("");
}

function textOf({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

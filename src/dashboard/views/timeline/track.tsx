/** The time line: blocks, important events, and the moment shown, which can be dragged. */

import { useRef } from "preact/hooks";
import type { Milliseconds } from "../../../primitives/brand.ts";
import { useDashboard } from "../../state/dashboard.ts";
import { clockText } from "../../story/clock-text.ts";
import {
  isOpenTo,
  type Mark,
  marksOn,
  momentAt,
  positionPx,
  ticksOn,
  type Track,
} from "../../story/track.ts";
import { useElementSize } from "../elements/element-size.ts";
import { viewerOf } from "../elements/viewpoint.ts";
import { PillSign } from "./pill-sign.tsx";

/** Room at both ends of the track, for the marks that are drawn there. */
const marginPx = 8;
const heightPx = 34;
const pillsPx = 9;
const linePx = 21;
const ticksPx = 25;
/** The pointer is at a mark within this distance. */
const reachPx = 6;
const stepMs = 1_000;
const pageMs = 10_000;

type TimeTrackProps = {
  /** The mark that is pointed at, or null. */
  readonly onPoint: (mark: Mark | null) => void;
};

export function TimeTrack({ onPoint }: TimeTrackProps) {
  const { playback, perspective } = useDashboard();
  const element = useRef<HTMLDivElement>(null);
  const { widthPx } = useElementSize(element).value;
  const track = { ...playback.span.value, widthPx: Math.max(0, widthPx - 2 * marginPx) };
  const viewer = viewerOf(perspective.value);
  const pills = playback.pills.value.filter((pill) => isOpenTo(viewer, pill));
  const marks = marksOn(track, pills);
  const { at } = playback.moment.value;
  const pointed = (event: PointerEvent) => {
    const left = element.current?.getBoundingClientRect().left ?? 0;
    const xPx = event.clientX - left - marginPx;
    return { xPx, mark: marks.find((each) => Math.abs(each.xPx - xPx) <= reachPx) ?? null };
  };
  const isDragged = (event: PointerEvent) =>
    element.current?.hasPointerCapture(event.pointerId) ?? false;
  return (
    <div
      ref={element}
      class="time-track"
      role="slider"
      tabIndex={0}
      aria-label="Moment shown"
      aria-valuemin={0}
      aria-valuemax={secondsBetween(track.from, track.to)}
      aria-valuenow={secondsBetween(track.from, at)}
      aria-valuetext={`${clockText(at, track.from)} of ${clockText(track.to, track.from)}`}
      onKeyDown={(event) => {
        const moment = momentOfKey(event.key, at, track);
        if (moment === null) return;
        event.preventDefault();
        playback.seek(moment);
      }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        const { xPx, mark } = pointed(event);
        event.currentTarget.setPointerCapture(event.pointerId);
        playback.seek(mark?.at ?? momentAt(track, xPx));
      }}
      onPointerMove={(event) => {
        const { xPx, mark } = pointed(event);
        if (isDragged(event)) playback.seek(momentAt(track, xPx));
        else onPoint(mark);
      }}
      onPointerLeave={() => onPoint(null)}
    >
      <Picture track={track} marks={marks} at={at} />
    </div>
  );
}

function secondsBetween(from: Milliseconds, to: Milliseconds): number {
  return Math.max(0, Math.round((to - from) / 1_000));
}

/** Null for a key that does not move. */
function momentOfKey(key: string, at: Milliseconds, { from, to }: Track): Milliseconds | null {
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return (at - stepMs) as Milliseconds;
    case "ArrowRight":
    case "ArrowUp":
      return (at + stepMs) as Milliseconds;
    case "PageDown":
      return (at - pageMs) as Milliseconds;
    case "PageUp":
      return (at + pageMs) as Milliseconds;
    case "Home":
      return from;
    case "End":
      return to;
    default:
      return null;
  }
}

type PictureProps = {
  readonly track: Track;
  readonly marks: readonly Mark[];
  readonly at: Milliseconds;
};

function Picture({ track, marks, at }: PictureProps) {
  const { playback } = useDashboard();
  const xPx = positionPx(track, at);
  return (
    <svg width={track.widthPx + 2 * marginPx} height={heightPx} aria-hidden="true">
      <g transform={`translate(${marginPx} 0)`}>
        <line class="time-line" x1={0} x2={track.widthPx} y1={linePx} y2={linePx} />
        <line class="time-passed" x1={0} x2={xPx} y1={linePx} y2={linePx} />
        <path
          class="time-ticks"
          d={ticksPath(track, blockTimes(playback.recording.story.blocks))}
        />
        {marks.map((mark) => (
          <MarkSign key={mark.at} mark={mark} />
        ))}
        <g class="time-thumb" transform={`translate(${xPx} 0)`}>
          <line y1={0} y2={heightPx} />
          <circle cy={linePx} r={6} />
        </g>
      </g>
    </svg>
  );
}

function* blockTimes(blocks: Iterable<{ readonly at: Milliseconds }>): Iterable<Milliseconds> {
  for (const { at } of blocks) yield at;
}

/** All in one path: there may be hundreds. */
function ticksPath(track: Track, times: Iterable<Milliseconds>): string {
  return ticksOn(track, times)
    .map((xPx) => `M${xPx + 0.5} ${ticksPx}v6`)
    .join("");
}

function MarkSign({ mark: { xPx, type, count, labels } }: { readonly mark: Mark }) {
  const more = count - labels.length;
  return (
    <g transform={`translate(${xPx} ${pillsPx})`}>
      <title>{[...labels, ...(more > 0 ? [`and ${more} more`] : [])].join("\n")}</title>
      <PillSign type={type} />
      {count > 1 && (
        <text class="pill-count" x={7} y={-1}>
          {count}
        </text>
      )}
    </g>
  );
}

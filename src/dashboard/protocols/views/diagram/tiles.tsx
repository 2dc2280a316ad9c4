/**
 * What happened, in tiles: each shows as much time as the picture, is drawn once, and is then only
 * moved.
 */

import type { ComponentChildren } from "preact";
import type { Entry, RunRecord } from "../../../simulator/run-record.ts";
import { eraColour, lanePieces } from "../../run/lane.ts";
import { itemsWithin } from "../../run/search.ts";
import { arrowOf, pathOf } from "./arrow.ts";
import { along, axisPosition, type Frame, lanePosition, pointOf, ticksIn } from "./frame.ts";
import { memo } from "./memo.ts";
import { isDrawn, Sign } from "./sign.tsx";

type TileProps = {
  readonly record: RunRecord;
  readonly frame: Frame;
  readonly fromMs: number;
};

type Props = {
  readonly record: RunRecord;
  readonly frame: Frame;
  /** The time at the beginning of the picture. */
  readonly startMs: number;
};

/** Lanes below arrows, and signs above both. */
export function Tiles({ record, frame, startMs }: Props) {
  const first = Math.floor(startMs / frame.spanMs);
  // The one before has messages that are still under way, and signs that reach over its edge.
  const starts = [first - 1, first, first + 1].map((at) => at * frame.spanMs);
  const layerOf = (Layer: typeof Lanes) => {
    return starts.map((fromMs) => {
      const { x, y } = pointOf(frame, along(frame, fromMs - startMs), 0);
      return (
        <g key={fromMs} transform={`translate(${x} ${y})`}>
          <Layer record={record} frame={frame} fromMs={fromMs} />
        </g>
      );
    });
  };
  return (
    <>
      <g class="ticks" aria-hidden="true">
        {layerOf(Ticks)}
      </g>
      <g class="lanes">{layerOf(Lanes)}</g>
      <g class="arrows">{layerOf(Arrows)}</g>
      <g class="signs">{layerOf(Signs)}</g>
    </>
  );
}

const Ticks = memo(function Ticks({ frame, fromMs }: TileProps) {
  const across = axisPosition(frame);
  return ticksIn(frame, fromMs, fromMs + frame.spanMs).map((ms) => {
    const px = along(frame, ms - fromMs);
    const [start, end] = [pointOf(frame, px, 0), pointOf(frame, px, across)];
    const label = pointOf(frame, px, across + (frame.isDown ? 4 : 13));
    return (
      <g key={ms}>
        <line x1={start.x} y1={start.y} x2={end.x} y2={end.y} />
        <text x={label.x} y={label.y} class={frame.isDown ? "tick-down" : ""}>
          {`${(ms / 1000).toFixed(2).replace(/0$/, "")} s`}
        </text>
      </g>
    );
  });
});

const Lanes = memo(function Lanes(props: TileProps) {
  return props.record.names.map((name, lane) => {
    return <Lane key={name} {...props} name={name} lane={lane} />;
  });
});

type LaneProps = TileProps & { readonly name: string; readonly lane: number };

function Lane({ record, frame, fromMs, name, lane }: LaneProps) {
  const across = lanePosition(frame, lane);
  const toMs = fromMs + frame.spanMs;
  const pieces = lanePieces(record, name).filter((piece) => {
    return piece.toMs >= fromMs && piece.fromMs < toMs;
  });
  return (
    <g class="lane">
      {pieces.map((piece, at) => {
        const [begin, end] = [Math.max(piece.fromMs, fromMs), Math.min(piece.toMs, toMs)];
        const [fromPx, toPx] = [along(frame, begin - fromMs), along(frame, end - fromMs)];
        const [a, b] = [pointOf(frame, fromPx, across), pointOf(frame, toPx, across)];
        return (
          <g key={at} class={`lane-${piece.look} era-${eraColour(piece.era)}`}>
            <line x1={a.x} y1={a.y} x2={b.x} y2={b.y} />
            {piece.isNewEra && piece.era > 0 && piece.fromMs >= fromMs && (
              <EraChip frame={frame} alongPx={fromPx} acrossPx={across} era={piece.era} />
            )}
          </g>
        );
      })}
    </g>
  );
}

function EraChip(props: { frame: Frame; alongPx: number; acrossPx: number; era: number }) {
  const { frame, alongPx, acrossPx, era } = props;
  const { x, y } = pointOf(frame, alongPx, acrossPx - 18);
  return (
    <g class="era-chip" transform={`translate(${x} ${y})`}>
      <rect x={-10} y={-8} width={20} height={16} rx={8} />
      <text y={4}>{era}</text>
    </g>
  );
}

const Arrows = memo(function Arrows({ record, frame, fromMs }: TileProps) {
  const sent = itemsWithin(record.messages, ({ sentMs }) => sentMs, fromMs, fromMs + frame.spanMs);
  return sent.map(({ item: message, position }) => {
    const arrow = arrowOf(record, frame, message, fromMs);
    const fate = message.lost ?? (arrow.isShort ? "under-way" : "arrived");
    const [end] = arrow.ends;
    const isCrossed = message.lost !== undefined && end !== undefined;
    return (
      <g key={position} class={`arrow arrow-${message.purpose} arrow-${fate}`}>
        <path class="arrow-line" d={pathOf(arrow)} />
        {isCrossed && <path class="arrow-cross" d={`M${end.x - 4} ${end.y - 4}l8 8m0-8l-8 8`} />}
      </g>
    );
  });
});

/** How far from its lane a sign stands, so that several of one moment can be seen. */
const besideLane: Partial<Record<Entry["sign"], number>> = { vote: 11, write: 9 };

const Signs = memo(function Signs({ record, frame, fromMs }: TileProps) {
  const { entries, names } = record;
  const within = itemsWithin(entries, ({ atMs }) => atMs, fromMs, fromMs + frame.spanMs);
  return within.map(({ item: { sign, node, atMs, text }, position }): ComponentChildren => {
    if (node === undefined || !isDrawn(sign)) return null;
    const across = lanePosition(frame, names.indexOf(node)) + (besideLane[sign] ?? 0);
    const { x, y } = pointOf(frame, along(frame, atMs - fromMs), across);
    return (
      <g key={position} transform={`translate(${x} ${y})`} data-entry={position}>
        <title>{text}</title>
        <Sign sign={sign} />
      </g>
    );
  });
});

/** What happened in a piece of time: lanes, messages, signs, faults and clients. Drawn once, then moved. */

import type { ComponentChildren } from "preact";
import type {
  Entry,
  MessageRecord,
  OperationRecord,
  RunRecord,
} from "../../../simulator/run-record.ts";
import { eraColour, lanePieces } from "../../run/lane.ts";
import { arrowPath } from "./arrow.ts";
import { faultBarPosition, faultBarPx, faultBars } from "./fault-bars.ts";
import {
  along,
  axisPosition,
  barOf,
  clientPosition,
  type Frame,
  lanePosition,
  pointOf,
  ticksIn,
} from "./frame.ts";
import { memo } from "./memo.ts";
import { isDrawn, Sign } from "./sign.tsx";

type Props = {
  readonly record: RunRecord;
  readonly frame: Frame;
  readonly fromMs: number;
  readonly toMs: number;
  /** Names of clients, in the order of their bars. */
  readonly clients: readonly string[];
};

export const Picture = memo(function Picture(props: Props) {
  return (
    <>
      <Ticks {...props} />
      <Faults {...props} />
      {props.record.names.map((name, lane) => (
        <Lane key={name} {...props} name={name} lane={lane} />
      ))}
      <Arrows {...props} />
      <Signs {...props} />
      <Operations {...props} />
    </>
  );
});

function Ticks({ frame, fromMs, toMs }: Props) {
  const across = axisPosition(frame);
  return (
    <g class="ticks" aria-hidden="true">
      {ticksIn(frame, fromMs, toMs).map((ms) => {
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
      })}
    </g>
  );
}

function Lane({ record, frame, fromMs, toMs, name, lane }: Props & { name: string; lane: number }) {
  const across = lanePosition(frame, lane);
  const pieces = lanePieces(record, name).filter((piece) => {
    return piece.toMs >= fromMs && piece.fromMs <= toMs;
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

function Arrows({ record, frame, fromMs, toMs }: Props) {
  const { messages, names, settings } = record;
  const usualMs = (settings.delayMsMin + settings.delayMsMax) / 2;
  const longestMs = 2 * settings.delayMsMax + 5_000;
  const shown: { readonly position: number; readonly message: MessageRecord }[] = [];
  for (const [position, message] of messages.entries()) {
    if (message.sentMs > toMs) break;
    if (message.sentMs < fromMs - longestMs) continue;
    if ((message.arrivedMs.at(-1) ?? message.sentMs + usualMs) >= fromMs) {
      shown.push({ position, message });
    }
  }
  return (
    <g class="arrows">
      {shown.map(({ position, message }) => {
        const { path, end } = arrowPath(frame, message, names, fromMs, usualMs);
        const fate = message.lost ?? (message.arrivedMs.length === 0 ? "under-way" : "arrived");
        return (
          <g
            key={position}
            class={`arrow arrow-${message.purpose} arrow-${fate}`}
            data-message={position}
          >
            <title>{message.text}</title>
            <path class="arrow-reach" d={path} />
            <path class="arrow-line" d={path} />
            {message.lost && (
              <path class="arrow-cross" d={`M${end.x - 4} ${end.y - 4}l8 8m0-8l-8 8`} />
            )}
          </g>
        );
      })}
    </g>
  );
}

/** How far from its lane a sign stands, so that several of one moment can be seen. */
const besideLane: Partial<Record<Entry["sign"], number>> = { vote: 11, write: 9 };

function Signs({ record, frame, fromMs, toMs }: Props) {
  const signs: ComponentChildren[] = [];
  for (const [position, entry] of record.entries.entries()) {
    if (entry.atMs > toMs) break;
    const { sign, node } = entry;
    if (entry.atMs < fromMs || node === undefined || !isDrawn(sign)) continue;
    const across = lanePosition(frame, record.names.indexOf(node)) + (besideLane[sign] ?? 0);
    const { x, y } = pointOf(frame, along(frame, entry.atMs - fromMs), across);
    signs.push(
      <g key={position} transform={`translate(${x} ${y})`} data-entry={position}>
        <title>{entry.text}</title>
        <Sign sign={sign} />
      </g>,
    );
  }
  return <g class="signs">{signs}</g>;
}

function Faults({ record, frame, fromMs, toMs }: Props) {
  return (
    <g class="fault-bars">
      {faultBars(record).map((bar, at) => {
        if (bar.toMs < fromMs || bar.fromMs > toMs) return null;
        const [from, to] = [Math.max(bar.fromMs, fromMs), Math.min(bar.toMs, toMs)];
        const [fromPx, toPx] = [along(frame, from - fromMs), along(frame, to - fromMs)];
        const middle = faultBarPosition(frame, bar.row);
        return (
          <g key={at}>
            <title>{bar.text}</title>
            <rect {...barOf(frame, fromPx, toPx, middle, faultBarPx(frame))} rx={2} />
          </g>
        );
      })}
    </g>
  );
}

function Operations({ record, frame, fromMs, toMs, clients }: Props) {
  const { refused } = record.verdict;
  return (
    <g class="operations">
      {record.operations.map((operation, position) => {
        const { askedMs, endedMs } = operation;
        if (endedMs < fromMs || askedMs > toMs) return null;
        return (
          <OperationBar
            key={position}
            {...{ operation, frame, fromMs, isRefused: position === refused }}
            client={clients.indexOf(operation.client)}
          />
        );
      })}
    </g>
  );
}

type BarProps = {
  readonly operation: OperationRecord;
  readonly frame: Frame;
  readonly fromMs: number;
  readonly client: number;
  readonly isRefused: boolean;
};

function OperationBar({ operation, frame, fromMs, client, isRefused }: BarProps) {
  const { askedMs, endedMs, text, answer, isAborted } = operation;
  const middle = clientPosition(frame, client);
  const px = frame.isDown ? 12 : 18;
  const [fromPx, toPx] = [along(frame, askedMs - fromMs), along(frame, endedMs - fromMs)];
  const outcome = answer === undefined ? "unknown" : isAborted ? "aborted" : "answered";
  const whole = `${text}: ${answer ?? "no answer, so the outcome is unknown"}`;
  return (
    <g class={`operation operation-${outcome} ${isRefused ? "operation-refused" : ""}`}>
      <title>{isRefused ? `${whole}. No order of all requests explains it.` : whole}</title>
      <rect {...barOf(frame, fromPx, toPx, middle, px)} rx={3} />
      {isRefused && <RefusedSign frame={frame} alongPx={toPx} acrossPx={middle} />}
    </g>
  );
}

function RefusedSign(props: { frame: Frame; alongPx: number; acrossPx: number }) {
  const { x, y } = pointOf(props.frame, props.alongPx, props.acrossPx);
  return (
    <g transform={`translate(${x} ${y})`}>
      <Sign sign="broken" />
    </g>
  );
}

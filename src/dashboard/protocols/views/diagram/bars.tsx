/** Bars of faults and of clients' operations; words of what began before the picture stand at its edge. */

import type { OperationRecord, RunRecord } from "../../../simulator/run-record.ts";
import { faultBarPosition, faultBarPx, faultBars } from "./fault-bars.ts";
import { along, barOf, clientPosition, type Frame, pointOf } from "./frame.ts";
import { Sign } from "./sign.tsx";

type Props = {
  readonly record: RunRecord;
  readonly frame: Frame;
  /** Names of clients, in the order of their bars. */
  readonly clients: readonly string[];
  /** The time at the beginning of the picture. */
  readonly startMs: number;
  /** The moment shown: what is answered later is not told yet. */
  readonly atMs: number;
};

export function Bars(props: Props) {
  return (
    <>
      <Faults {...props} />
      <Operations {...props} />
    </>
  );
}

/** A bar ends so far out of the picture that its edge is not seen. */
const beyondPx = 10;

/** Undefined if it is out of the picture. */
function lengthOf(frame: Frame, startMs: number, fromMs: number, toMs: number) {
  const [from, to] = [along(frame, fromMs - startMs), along(frame, toMs - startMs)];
  if (to < 0 || from > frame.lengthPx) return undefined;
  return { from: Math.max(from, -beyondPx), to: Math.min(to, frame.lengthPx + beyondPx) };
}

function Faults({ record, frame, startMs }: Props) {
  return (
    <g class="fault-bars">
      {faultBars(record).map(({ text, fromMs, toMs, row }, at) => {
        const length = lengthOf(frame, startMs, fromMs, toMs);
        if (length === undefined) return null;
        const middle = faultBarPosition(frame, row);
        return (
          <g key={at}>
            <title>{text}</title>
            <rect {...barOf(frame, length.from, length.to, middle, faultBarPx(frame))} rx={2} />
            <Label {...{ frame, ...length, middle }} words={text.replace(/ at .*/, "")} />
          </g>
        );
      })}
    </g>
  );
}

function Operations({ record, frame, startMs, atMs, clients }: Props) {
  const { refused } = record.verdict;
  return (
    <g class="operations">
      {record.operations.map((operation, position) => {
        const length = lengthOf(frame, startMs, operation.askedMs, operation.endedMs);
        if (length === undefined) return null;
        const middle = clientPosition(frame, clients.indexOf(operation.client));
        const isRefused = position === refused;
        const isOver = operation.endedMs <= atMs;
        return (
          <OperationBar
            key={position}
            {...{ operation, frame, middle, isRefused, isOver, ...length }}
          />
        );
      })}
    </g>
  );
}

type OperationProps = {
  readonly operation: OperationRecord;
  readonly frame: Frame;
  readonly middle: number;
  readonly from: number;
  readonly to: number;
  readonly isRefused: boolean;
  readonly isOver: boolean;
};

function OperationBar(props: OperationProps) {
  const { operation, frame, middle, from, to, isRefused, isOver } = props;
  const { text, answer, isAborted } = operation;
  const outcome = answer === undefined ? "unknown" : isAborted ? "aborted" : "answered";
  const whole = `${text}: ${answer ?? "no answer, so the outcome is unknown"}`;
  const end = pointOf(frame, to, middle);
  return (
    <g class={`operation operation-${outcome} ${isRefused ? "operation-refused" : ""}`}>
      <title>{isRefused ? `${whole}. No order of all requests explains it.` : whole}</title>
      <rect {...barOf(frame, from, to, middle, frame.isDown ? 12 : 18)} rx={3} />
      <Label {...{ frame, from, to, middle }} words={wordsOf(operation, isOver)} />
      {isRefused && (
        <g transform={`translate(${end.x} ${end.y})`}>
          <Sign sign="broken" />
        </g>
      )}
    </g>
  );
}

type LabelProps = {
  readonly frame: Frame;
  readonly words: string;
  readonly from: number;
  readonly to: number;
  readonly middle: number;
};

const pxPerLetter = 6.3;
const marginPx = 4;

/** As much of the words as fits; none where time runs downwards, for there is no room. */
function Label({ frame, words, from, to, middle }: LabelProps) {
  const start = Math.max(0, from);
  const letters = Math.floor((to - start - 2 * marginPx) / pxPerLetter);
  if (frame.isDown || letters < 2) return null;
  return (
    <text x={start + marginPx} y={middle + 4}>
      {words.length <= letters ? words : `${words.slice(0, letters - 1)}…`}
    </text>
  );
}

/** `w k1 = 2`, or `r k1 = 2` of a read that returned so. */
function wordsOf({ text, answer, isAborted }: OperationRecord, isOver: boolean): string {
  const asked = text
    .replace(/^writes /, "w ")
    .replace(/^reads /, "r ")
    .replace(/^sets /, "s ");
  if (!isOver) return asked;
  if (answer === undefined) return `${asked} ?`;
  if (isAborted) return `${asked} aborted`;
  if (text.startsWith("reads")) return `${asked} = ${answer}`;
  return answer === "done" ? asked : `${asked}: ${answer}`;
}

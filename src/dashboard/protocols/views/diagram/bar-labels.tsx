/** Words in the bars of faults and clients: at the left edge for what began before the picture. */

import type { OperationRecord, RunRecord } from "../../../simulator/run-record.ts";
import { faultBarPosition, faultBars } from "./fault-bars.ts";
import { along, clientPosition, type Frame } from "./frame.ts";

type Props = {
  readonly record: RunRecord;
  readonly frame: Frame;
  readonly clients: readonly string[];
  /** The time at the left edge. */
  readonly startMs: number;
};

/** None where time runs downwards: there is no room for words. */
export function BarLabels({ record, frame, clients, startMs }: Props) {
  if (frame.isDown) return null;
  const endMs = startMs + frame.spanMs;
  const isSeen = (fromMs: number, toMs: number) => toMs > startMs && fromMs < endMs;
  const px = (ms: number) => Math.max(0, along(frame, ms - startMs));
  return (
    <g class="bar-labels" aria-hidden="true">
      {faultBars(record).map(({ text, fromMs, toMs, row }, at) => {
        if (!isSeen(fromMs, toMs)) return null;
        const words = text.replace(/ at .*/, "");
        const y = faultBarPosition(frame, row) + 4;
        return (
          <Label key={`f${at}`} {...{ words, y, isFault: true }} from={px(fromMs)} to={px(toMs)} />
        );
      })}
      {record.operations.map((operation, at) => {
        const { askedMs, endedMs, client } = operation;
        if (!isSeen(askedMs, endedMs)) return null;
        const y = clientPosition(frame, clients.indexOf(client)) + 4;
        const words = wordsOf(operation);
        return <Label key={at} {...{ words, y }} from={px(askedMs)} to={px(endedMs)} />;
      })}
    </g>
  );
}

type LabelProps = {
  readonly words: string;
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly isFault?: boolean;
};

const pxPerLetter = 6.3;
const marginPx = 4;

/** As much of the words as fits. */
function Label({ words, from, to, y, isFault = false }: LabelProps) {
  const letters = Math.max(0, Math.floor((to - from - 2 * marginPx) / pxPerLetter));
  const fitting = words.length <= letters ? words : `${words.slice(0, Math.max(0, letters - 1))}…`;
  if (letters < 2) return null;
  return (
    <text class={isFault ? "label-fault" : ""} x={from + marginPx} y={y}>
      {fitting}
    </text>
  );
}

/** `w k1 = 2`, or `r k1 = 2` of a read that returned so. */
function wordsOf({ text, answer, isAborted }: OperationRecord): string {
  const asked = text
    .replace(/^writes /, "w ")
    .replace(/^reads /, "r ")
    .replace(/^sets /, "s ");
  if (answer === undefined) return `${asked} ?`;
  if (isAborted) return `${asked} aborted`;
  if (text.startsWith("reads")) return `${asked} = ${answer}`;
  return answer === "done" ? asked : `${asked}: ${answer}`;
}

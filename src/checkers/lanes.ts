/** A piece of a history as lines of text: a lane a process, time from left to right, bars for operations. */

import type { HistoryEvent, Operation, Value } from "./history.ts";

const textLengthMax = 18;
const operationsMax = 9;

export type Lanes = {
  readonly lines: readonly string[];
  /** How many operations that overlap with the one in question are not shown. */
  readonly hidden: number;
};

type Bar = { readonly operation: Operation; readonly label: string };

/**
 * Draws an operation with those around it: what was open at the same time, and what returned last
 * before it. Its lane is marked with an arrow.
 *
 * @param operations of the same key.
 */
export function drawAround(operation: Operation, operations: readonly Operation[]): Lanes {
  const end = operation.returnedAt ?? Infinity;
  const others = operations.filter((other) => {
    return other !== operation && other.invokedAt < end && other.outcome !== "failed";
  });
  const overlapping = others.filter(({ returnedAt = Infinity }) => {
    return returnedAt > operation.invokedAt;
  });
  const before = others.filter(({ returnedAt = Infinity }) => returnedAt < operation.invokedAt);
  before.sort((a, b) => (b.returnedAt as number) - (a.returnedAt as number));
  overlapping.sort((a, b) => b.invokedAt - a.invokedAt);
  const shownBefore = before.slice(0, 3);
  const shownBeside = overlapping.slice(0, operationsMax - 1 - shownBefore.length);
  const shown = [operation, ...shownBefore, ...shownBeside];
  return {
    lines: drawLanes(shown, operation, end),
    hidden: overlapping.length - shownBeside.length,
  };
}

/** @param end what returns later is drawn as open. */
function drawLanes(shown: readonly Operation[], marked: Operation, end: number): readonly string[] {
  const bars = shown.map((operation) => ({ operation, label: describeOperation(operation) }));
  const columns = columnsOf(bars, end);
  const width = Math.max(...columns.values()) + 4;
  const processes = [...new Set(shown.map(({ invocation }) => invocation.process))];
  processes.sort((a, b) => a - b);
  const nameWidth = Math.max(...processes.map((process) => String(process).length));
  return processes.map((process) => {
    const own = bars.filter(({ operation }) => operation.invocation.process === process);
    own.sort((a, b) => a.operation.invokedAt - b.operation.invokedAt);
    const lane = own.reduce((text, bar) => drawBar(text, bar, columns, end, width), "");
    const arrow = process === marked.invocation.process ? "▶" : " ";
    return `${arrow} process ${String(process).padStart(nameWidth)}  ${lane}`.trimEnd();
  });
}

/** Where each event stands: far enough to the right that every label fits its bar. */
function columnsOf(bars: readonly Bar[], end: number): ReadonlyMap<number, number> {
  const starts = bars.map(({ operation }) => operation.invokedAt);
  const ends = bars.map(({ operation: { returnedAt = Infinity } }) => returnedAt);
  const places = [...new Set([...starts, ...ends.filter((at) => at <= end)])].sort((a, b) => a - b);
  const columns = new Map<number, number>();
  let column = -2;
  for (const place of places) {
    column += 2;
    for (const { operation, label } of bars) {
      if (operation.returnedAt !== place) continue;
      column = Math.max(column, (columns.get(operation.invokedAt) ?? 0) + label.length + 3);
    }
    columns.set(place, column);
  }
  return columns;
}

function drawBar(
  lane: string,
  { operation, label }: Bar,
  columns: ReadonlyMap<number, number>,
  end: number,
  width: number,
): string {
  const { invokedAt, returnedAt = Infinity } = operation;
  const isShut = returnedAt <= end;
  const from = columns.get(invokedAt) ?? 0;
  const to = isShut ? (columns.get(returnedAt) ?? from) : Math.max(width, from + label.length + 3);
  const body = `├ ${label} `.padEnd(to - from, "─");
  return `${lane.padEnd(from)}${body}${isShut ? "┤" : "…"}`;
}

/** Such as `write 4`, `read 3`, `cas 3 → 0`, and `cas 3 → 0 differed`. */
export function describeOperation({ invocation, completion, outcome }: Operation): string {
  const { f, value } = invocation;
  if (f === "read") return completion === undefined ? "read" : `read ${textOf(completion.value)}`;
  return `${f} ${textOf(value)}${outcome === "differed" ? " differed" : ""}`;
}

/** Of a long text the end counts: there is what was appended last. */
function textOf(value: HistoryEvent["value"]): string {
  if (isPair(value)) return value.map((each) => textOf(each)).join(" → ");
  const text = JSON.stringify(value);
  return text.length <= textLengthMax ? text : `…${text.slice(-textLengthMax)}`;
}

function isPair(value: HistoryEvent["value"]): value is readonly [Value, Value] {
  return Array.isArray(value);
}

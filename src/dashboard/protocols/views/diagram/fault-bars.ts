/** The bars of faults: how long each lasts, and in which of two rows it stands. */

import type { RunRecord } from "../../../simulator/run-record.ts";
import { formatFault, isMessageFault, unendingMs } from "../../../simulator/schedule.ts";
import { faultsPosition, type Frame } from "./frame.ts";

export type FaultBar = {
  /** Its line in the schedule. */
  readonly text: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly row: 0 | 1;
};

/** So long that a fault which is over at once can be seen. */
const lengthMsMin = 20;

/** Those of single messages stand at their arrows. */
export function faultBars({ struck, endMs }: RunRecord): readonly FaultBar[] {
  const bars: FaultBar[] = [];
  const rowEnds = [0, 0];
  for (const fault of struck) {
    if (isMessageFault(fault)) continue;
    const { atMs: fromMs, lastsMs } = fault;
    const toMs = Math.max(lastsMs >= unendingMs ? endMs : fromMs + lastsMs, fromMs + lengthMsMin);
    const row = (rowEnds[0] ?? 0) <= fromMs ? 0 : 1;
    rowEnds[row] = toMs;
    bars.push({ text: formatFault(fault), fromMs, toMs, row });
  }
  return bars;
}

export function faultBarPx({ isDown }: Frame): number {
  return isDown ? 6 : 14;
}

/** The middle of a row, across. */
export function faultBarPosition(frame: Frame, row: FaultBar["row"]): number {
  return faultsPosition(frame) + (faultBarPx(frame) + 3) * (row + 0.6);
}

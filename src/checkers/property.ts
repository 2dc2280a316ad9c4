/**
 * What must always hold of a set of processes, and what a check is shown of each process.
 *
 * The shapes are those of any replicated system; nothing here knows a protocol. A property is fed one
 * process after every event that it handled, and keeps what it needs of the others.
 */

import type { Value } from "./history.ts";

/** An entry of a replicated log. */
export type LogCell = {
  /** The term, view or ballot that it was made in. */
  readonly era: number;
  /** Equal texts are equal commands. */
  readonly command: string;
};

/** A log, as far as a process has it. */
export type LogView = {
  /** The index of the first cell, from 1; what stood before it is in a snapshot. */
  readonly firstIndex: number;
  readonly cells: readonly LogCell[];
  /** Up to and with this index the process knows the entries to be committed; 0 for none. */
  readonly committed: number;
  /** Up to and with this index it has applied them. */
  readonly applied: number;
};

/** A process after an event. What a protocol does not have is left out. */
export type ProcessState = {
  readonly name: string;
  readonly view: {
    /** Term, view, or round of a ballot. */
    readonly era: number;
    readonly isLeader: boolean;
    readonly log?: LogView;
    /** What it knows to be decided: the outcome of a transaction, the value of a slot. */
    readonly decisions: Readonly<Record<string, Value>>;
    /** Names of what it cannot decide alone and has locked until it learns more. */
    readonly blocked: readonly string[];
  };
};

export interface Property {
  readonly name: string;
  /** What is broken now, as half a sentence with names and numbers, or undefined. */
  findBreach(process: ProcessState): string | undefined;
}

/** A cell of a log by its index; undefined if it is not there or in a snapshot. */
export function cellAt(log: LogView, index: number): LogCell | undefined {
  return log.cells[index - log.firstIndex];
}

export function lastIndex(log: LogView): number {
  return log.firstIndex + log.cells.length - 1;
}

export function isSameCell(a: LogCell, b: LogCell): boolean {
  return a === b || (a.era === b.era && a.command === b.command);
}

/**
 * The first index from which on the cells of two logs may differ, as one has no cell there or another
 * object; both begin at or before `from`.
 */
export function sharedUpTo(a: LogView, b: LogView, from: number): number {
  let index = from;
  const end = Math.min(lastIndex(a), lastIndex(b));
  while (index <= end && a.cells[index - a.firstIndex] === b.cells[index - b.firstIndex]) index++;
  return index;
}

/** Such as `"a" of era 3`. */
export function describeCell(cell: LogCell | undefined): string {
  return cell === undefined ? "nothing" : `${JSON.stringify(cell.command)} of era ${cell.era}`;
}

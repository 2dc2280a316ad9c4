/**
 * Log matching: if two logs have an entry of the same index and era, they are the same up to there.
 *
 * By induction it is enough that an index and an era have one command and one era before them in all
 * logs; so only cells that changed are read. @see Ongaro, Ousterhout, Raft (extended), figure 3
 */

import { ChangedCells } from "./changed-cells.ts";
import { cellAt, lastIndex, type LogCell, type ProcessState, type Property } from "./property.ts";

type Known = {
  readonly command: string;
  /** Of the cell before it; undefined while every log that has it begins with it. */
  readonly eraBefore: number | undefined;
  readonly at: string;
};

/** Before the first entry stands era 0, as Raft has it. */
const eraOfNothing = 0;

export function createLogMatching(): Property {
  const changed = new ChangedCells();
  /** By index, then by era. */
  const known = new Map<number, Map<number, Known>>();
  return {
    name: "log-matching",
    findBreach(process: ProcessState) {
      const { name, view } = process;
      const { log } = view;
      if (log === undefined) return undefined;
      for (let index = changed.firstChanged(process); index <= lastIndex(log); index++) {
        const cell = cellAt(log, index);
        if (cell === undefined) continue;
        const eraBefore = index === 1 ? eraOfNothing : cellAt(log, index - 1)?.era;
        const eras = known.get(index) ?? new Map<number, Known>();
        known.set(index, eras);
        const other = eras.get(cell.era);
        if (other !== undefined && other.command !== cell.command) {
          const [theirs, own] = [JSON.stringify(other.command), JSON.stringify(cell.command)];
          return `at ${placeOf(index, cell)} ${other.at} has ${theirs} and ${name} has ${own}`;
        }
        const theirs = other?.eraBefore ?? eraBefore;
        if (eraBefore !== undefined && theirs !== eraBefore) {
          return `before ${placeOf(index, cell)} ${other?.at} has era ${theirs} and ${name} has era ${eraBefore}`;
        }
        if (other !== undefined && other.eraBefore === theirs) continue;
        eras.set(cell.era, { command: cell.command, eraBefore: theirs, at: other?.at ?? name });
      }
      return undefined;
    },
  };
}

function placeOf(index: number, { era }: LogCell): string {
  return `index ${index} and era ${era}`;
}

/**
 * Leader append-only: while it leads, a process never overwrites or deletes an entry of its log; it
 * only appends. @see Ongaro, Ousterhout, Raft (extended), figure 3
 */

import {
  cellAt,
  describeCell,
  isSameCell,
  lastIndex,
  type LogView,
  type ProcessState,
  type Property,
  sharedUpTo,
} from "./property.ts";

type Reign = { readonly era: number; readonly log: LogView };

export function createLeaderAppendOnly(): Property {
  const reigns = new Map<string, Reign>();
  return {
    name: "leader-append-only",
    findBreach({ name, view }: ProcessState) {
      const { era, isLeader, log } = view;
      if (!isLeader || log === undefined) {
        reigns.delete(name);
        return undefined;
      }
      const before = reigns.get(name);
      reigns.set(name, { era, log });
      if (before?.era !== era || before.log.cells === log.cells) return undefined;
      const index = findLost(before.log, log);
      if (index === undefined) return undefined;
      const [was, is] = [describeCell(cellAt(before.log, index)), describeCell(cellAt(log, index))];
      return `${name}, which leads era ${era}, had ${was} at index ${index} and now has ${is}`;
    },
  };
}

/** What went into a snapshot is not lost. */
function findLost(before: LogView, after: LogView): number | undefined {
  const start = Math.max(before.firstIndex, after.firstIndex);
  for (let index = sharedUpTo(before, after, start); index <= lastIndex(before); index++) {
    const was = cellAt(before, index);
    const is = cellAt(after, index);
    if (was !== undefined && (is === undefined || !isSameCell(was, is))) return index;
  }
  return undefined;
}

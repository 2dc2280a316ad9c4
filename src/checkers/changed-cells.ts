/** Finds which cells of each process's log are new since it was last seen, so that no check reads all again. */

import { cellAt, isSameCell, type LogView, type ProcessState, sharedUpTo } from "./property.ts";

export class ChangedCells {
  readonly #seen = new Map<string, LogView>();

  /** The first index whose cell is another than before; behind the last if there is none. */
  firstChanged({ name, view }: ProcessState): number {
    const { log } = view;
    if (log === undefined) return Infinity;
    const before = this.#seen.get(name);
    this.#seen.set(name, log);
    const end = log.firstIndex + log.cells.length;
    if (before === undefined) return log.firstIndex;
    if (before.cells === log.cells && before.firstIndex === log.firstIndex) return end;
    const start = Math.max(log.firstIndex, before.firstIndex);
    for (let index = sharedUpTo(before, log, start); index < end; index++) {
      const was = cellAt(before, index);
      const is = cellAt(log, index);
      if (was === undefined || is === undefined || !isSameCell(was, is)) return index;
    }
    return end;
  }
}

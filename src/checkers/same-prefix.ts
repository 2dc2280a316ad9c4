/** Compares what processes have taken over from their logs, index by index; each index is read once. */

import { cellAt, type LogView, type ProcessState, type Property } from "./property.ts";

type Taken = { readonly command: string; readonly by: string };

/**
 * @param takenTo up to and with which index a process has taken over its log.
 * @param verb what it has done with those entries, such as `applies`.
 */
export function createSamePrefix(
  name: string,
  verb: string,
  takenTo: (log: LogView) => number,
): Property {
  const taken = new Map<number, Taken>();
  const readTo = new Map<string, number>();
  return {
    name,
    findBreach({ name: process, view: { log } }: ProcessState) {
      if (log === undefined) return undefined;
      const end = takenTo(log);
      // After a restart a process may take less, and then the same again.
      const start = Math.min(readTo.get(process) ?? 0, end) + 1;
      readTo.set(process, end);
      for (let index = Math.max(start, log.firstIndex); index <= end; index++) {
        const cell = cellAt(log, index);
        if (cell === undefined)
          return `${process} ${verb} index ${index}, which its log does not have`;
        const first = taken.get(index);
        if (first === undefined) taken.set(index, { command: cell.command, by: process });
        else if (first.command !== cell.command) {
          const [was, is] = [JSON.stringify(first.command), JSON.stringify(cell.command)];
          return `${process} ${verb} ${is} at index ${index}, where ${first.by} ${verb} ${was}`;
        }
      }
      return undefined;
    },
  };
}

/**
 * Leader completeness: what was committed in an era is in the log of every leader of a later one.
 *
 * An entry counts as committed in the era in which a process first knew it to be: so a leader is never
 * accused of lacking what was committed after it was elected. @see Ongaro, Ousterhout, Raft, figure 3
 */

import {
  cellAt,
  describeCell,
  isSameCell,
  type LogCell,
  type LogView,
  type ProcessState,
  type Property,
} from "./property.ts";

type Committed = { readonly cell: LogCell; readonly era: number; readonly by: string };
type Leader = { readonly era: number; readonly log: LogView };

export function createLeaderCompleteness(): Property {
  const committed = new Map<number, Committed>();
  /** Up to which index each process was read. */
  const readTo = new Map<string, number>();
  const leaders = new Map<string, Leader>();

  /** The first committed entry of an earlier era, from an index on, that a leader lacks. */
  function findLack(
    name: string,
    { era, log }: Leader,
    indexes: Iterable<number>,
  ): string | undefined {
    for (const index of indexes) {
      const entry = committed.get(index);
      if (entry === undefined || entry.era >= era || index < log.firstIndex) continue;
      const cell = cellAt(log, index);
      if (cell !== undefined && isSameCell(cell, entry.cell)) continue;
      return (
        `${name} leads era ${era} and has ${describeCell(cell)} at index ${index}, ` +
        `where ${entry.by} knew ${describeCell(entry.cell)} to be committed in era ${entry.era}`
      );
    }
    return undefined;
  }

  function readCommitted({ name, view: { era } }: ProcessState, log: LogView): readonly number[] {
    const news: number[] = [];
    const end = log.committed;
    for (let index = Math.max(log.firstIndex, (readTo.get(name) ?? 0) + 1); index <= end; index++) {
      const cell = cellAt(log, index);
      if (cell === undefined || committed.has(index)) continue;
      committed.set(index, { cell, era, by: name });
      news.push(index);
    }
    // After a restart a process knows less, and what it learns again may be something else.
    readTo.set(name, end);
    return news;
  }

  return {
    name: "leader-completeness",
    findBreach(process: ProcessState) {
      const { name, view } = process;
      const { era, isLeader, log } = view;
      if (log === undefined) return undefined;
      const news = readCommitted(process, log);
      const wasLeader = leaders.get(name)?.era === era;
      if (isLeader) leaders.set(name, { era, log });
      else leaders.delete(name);
      const isNew = isLeader && !wasLeader;
      const ownLack = isNew ? findLack(name, { era, log }, committed.keys()) : undefined;
      if (ownLack !== undefined) return ownLack;
      if (news.length === 0) return undefined;
      for (const [other, leader] of leaders) {
        const lack = findLack(other, leader, news);
        if (lack !== undefined) return lack;
      }
      return undefined;
    },
  };
}

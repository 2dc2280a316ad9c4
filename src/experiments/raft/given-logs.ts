/** Processes whose logs are set by hand, as figures of the paper show them. */

import { entryRecord, hardStateRecord } from "../../protocols/raft/disk.ts";
import { entryOf } from "../../protocols/raft/entry.ts";
import { Cluster, commit } from "./cluster.ts";

/** Starts a process again in this term with a log whose entries are of these terms. */
export function giveLog(
  cluster: Cluster,
  name: string,
  terms: readonly number[],
  term: number,
): void {
  cluster.crash(name);
  const disk = cluster.disk(name);
  disk.clear();
  commit(disk, hardStateRecord({ term, votedFor: undefined }));
  for (const [at, era] of terms.entries()) {
    const id = { client: `term ${era}`, number: at + 1 };
    const command = { type: "write", key: `key${at + 1}`, value: era } as const;
    commit(disk, entryRecord(at + 1, entryOf(era, { type: "command", id, command })));
  }
  cluster.restart(name);
}

/** The terms of a log's entries. */
export function termsOf(log: readonly string[]): readonly number[] {
  return log.map((cell) => Number(cell.split(":")[0]));
}

/** Figure 7 of the paper: the logs of a leader to be, and of six followers (a) to (f). */
export const figure7: readonly (readonly number[])[] = [
  [1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
  [1, 1, 1, 4, 4, 5, 5, 6, 6],
  [1, 1, 1, 4],
  [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
  [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
  [1, 1, 1, 4, 4, 4, 4],
  [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
];

/** Seven processes with these logs, after the first was elected in term 8. */
export function repairFigure7(batchBytesMax: number): Cluster {
  const cluster = new Cluster({
    ...{ count: figure7.length, preVote: false, checkQuorum: false },
    ...{ batchBytesMax, commitNotice: "at-once" },
  });
  cluster.drop();
  for (const [at, terms] of figure7.entries()) giveLog(cluster, `n${at + 1}`, terms, 7);
  cluster.campaign("n1");
  cluster.deliver();
  // Heartbeats tell the last what is committed.
  cluster.run(1000);
  return cluster;
}

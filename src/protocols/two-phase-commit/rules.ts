/** What the members of a two-phase commit decide, each decision one function. */

import type { Write } from "../../machine/store.ts";
import type { Outcome } from "./message.ts";

export type CommitRules = {
  /** May the coordinator commit, with so many yes of so many participants apart from itself? */
  mayCommit(yes: number, participants: number): boolean;
  /** What a participant writes to disk before its vote leaves; `record` has the vote. */
  writesBeforeVote(record: Write): readonly Write[];
  /** What the coordinator writes to disk before the first commit leaves; `records` has all of it. */
  writesBeforeCommit(records: readonly Write[]): readonly Write[];
  /** May the coordinator forget a commit that so many participants have not acknowledged yet? */
  mayForget(unacknowledged: number): boolean;
  /** What became of a transaction that the coordinator knows nothing of. */
  outcomeOfForgotten(): Outcome;
  /** What a participant does alone that voted yes and waited in vain; undefined is to wait on. */
  outcomeInDoubt(): Outcome | undefined;
};

export const commitRules: CommitRules = {
  mayCommit: (yes, participants) => yes === participants,
  writesBeforeVote: (record) => [record],
  writesBeforeCommit: (records) => records,
  mayForget: (unacknowledged) => unacknowledged === 0,
  outcomeOfForgotten: () => "abort",
  outcomeInDoubt: () => undefined,
};

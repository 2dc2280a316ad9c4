/** The state in place of the log that led to it (paper 7). */

import { baseRecord, entryRemoval, snapshotRecord } from "./disk.ts";
import { cutUpTo, emptyLog, termAt } from "./log.ts";
import type { Snapshot } from "./message.ts";
import { membersOf } from "./state.ts";
import type { Turn } from "./turn.ts";

/** Takes one when enough was applied since the last, and drops the log up to a little before it. */
export function snapshotIfDue(turn: Turn): void {
  const { state, options } = turn;
  const { applied: index } = state;
  if (options.snapshotEvery === 0 || index - state.snapshot.index < options.snapshotEvery) return;
  const term = termAt(state.log, index) ?? 0;
  const { members } = membersOf(state.log, state.snapshot, index);
  save(turn, { index, term, members, data: state.data });
  turn.tell({ type: "snapshot-taken", index });
  const end = index - options.entriesKept;
  if (end <= state.log.base.index) return;
  for (let at = state.log.base.index + 1; at <= end; at++) turn.write(entryRemoval(at));
  state.log = cutUpTo(state.log, end);
  turn.write(baseRecord(state.log.base));
}

function save(turn: Turn, snapshot: Snapshot): void {
  turn.state.snapshot = snapshot;
  turn.write(snapshotRecord(snapshot));
}

/** The log has nothing of what the snapshot stands for, so nothing behind it can be right. */
export function install(turn: Turn, snapshot: Snapshot): void {
  const { state } = turn;
  const { index, term, members } = snapshot;
  for (let at = state.log.base.index + 1; at <= state.log.last.index; at++) {
    turn.write(entryRemoval(at));
  }
  state.log = emptyLog({ index, term });
  save(turn, snapshot);
  turn.write(baseRecord(state.log.base));
  state.committed = index;
  state.applied = index;
  state.data = snapshot.data;
  state.members = members;
  state.membersAt = 0;
  // What became of these requests cannot be seen any more: their clients ask again.
  state.waiting = [];
  turn.tell({ type: "snapshot-installed", index });
}

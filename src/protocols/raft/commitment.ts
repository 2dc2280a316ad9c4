/** What is committed, and what becomes of it (paper 5.3, 5.4.2). */

import { follow } from "./following.ts";
import { entryAt, termAt } from "./log.ts";
import { forEachMember } from "./progress.ts";
import { advanceReads } from "./reads.ts";
import { snapshotIfDue } from "./snapshot.ts";
import { isMember } from "./state.ts";
import type { Turn } from "./turn.ts";

/** Of a leader: commits what a majority stores. @returns true if that is more than before. */
export function advanceCommitted(turn: Turn): boolean {
  const { state, rules } = turn;
  const stored = forEachMember(turn, state.log.last.index, ({ stored }) => stored);
  const index = rules.storedByMajority(stored, state.log, state.committed);
  if (index <= state.committed || !rules.mayCommit(state.log, index, state.term)) return false;
  commitUpTo(turn, index);
  return true;
}

export function commitUpTo(turn: Turn, index: number): void {
  const { state } = turn;
  if (index <= state.committed) return;
  state.committed = index;
  const term = termAt(state.log, index) ?? 0;
  turn.tell({ type: "committed", index, term });
  applyCommitted(turn);
  snapshotIfDue(turn);
  if (state.role !== "leader") return;
  advanceReads(turn);
  // It has removed itself: the others go on without it.
  if (!isMember(state) && state.membersAt <= index) follow(turn, state.term, undefined);
}

function applyCommitted(turn: Turn): void {
  const { state, rules } = turn;
  const first = rules.firstToApply(state.applied, state.committed);
  for (let index = first; index <= state.committed; index++) applyEntry(turn, index);
  state.applied = state.committed;
}

function applyEntry(turn: Turn, index: number): void {
  const { state, rules } = turn;
  const entry = entryAt(state.log, index);
  if (entry === undefined) throw new Error(`entry ${index} is committed, and not in the log`);
  turn.tell({ type: "applied", index, command: entry.command });
  if (entry.content.type !== "command") return;
  const { id, command } = entry.content;
  const applied = rules.applyCommand(state.data, id, command);
  state.data = applied.state;
  const [waiting] = state.waiting;
  if (waiting?.index !== index) return;
  state.waiting = state.waiting.slice(1);
  if (waiting.term === entry.era) turn.answer(id, applied.answer);
  else turn.redirect(waiting.id);
}

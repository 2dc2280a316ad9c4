/** Reads without an entry in the log (dissertation 6.4). */

import type { Elapsed } from "../../primitives/brand.ts";
import { type RequestId, valueAt } from "../process/key-value.ts";
import { forEachMember } from "./progress.ts";
import { reachedByMajority } from "./rules.ts";
import type { Turn } from "./turn.ts";

/** Of a leader. */
export function read(turn: Turn, id: RequestId, key: string): void {
  const { state, options } = turn;
  const isAtOnce = options.reads === "local" || (options.reads === "lease" && holdsLease(turn));
  if (isAtOnce) {
    turn.answer(id, { type: "read", value: valueAt(state.data, key) });
    return;
  }
  const index = Math.max(state.committed, state.termStart);
  state.reads = [...state.reads, { id, key, round: state.round + 1, index }];
  beginRound(turn);
  advanceReads(turn);
}

/**
 * A majority has promised to elect no other for the least election time-out since the round that
 * it answered began. Its clocks may run fast, and the leader's slow.
 */
function holdsLease(turn: Turn): boolean {
  const { state, now, options } = turn;
  // Before its clock shows 0, messages cannot say when a round began.
  if (!state.hasLease || now < 0 || state.applied < state.termStart) return false;
  const begun = reachedByMajority(forEachMember(turn, now, ({ roundSentAt }) => roundSentAt));
  const drift = options.clockDriftMax;
  return now < begun + (options.electionTimeoutMsMin * (1 - drift)) / (1 + drift);
}

/** Answers the reads whose round a majority has answered, and whose index is applied. */
export function advanceReads(turn: Turn): void {
  const { state, rules } = turn;
  while (state.reads.length > 0) {
    const [read] = state.reads;
    if (read === undefined || state.applied < read.index) return;
    const rounds = forEachMember(turn, state.round, ({ round }) => round);
    if (!rules.isRoundConfirmed(rounds, read.round)) return;
    state.reads = state.reads.slice(1);
    turn.answer(read.id, { type: "read", value: valueAt(state.data, read.key) });
  }
}

/** Of a leader: sends heartbeats to all, which confirm by their answers that it leads. */
export function beginRound(turn: Turn): void {
  const { state, now } = turn;
  const { term, progress } = state;
  const round = state.round + 1;
  const sentAt = Math.max(0, Math.floor(now));
  state.round = round;
  state.heartbeatAt = (now + turn.options.heartbeatMs) as Elapsed;
  for (const { name, stored } of progress) {
    const committed = Math.min(stored, state.committed);
    turn.send(name, { type: "heartbeat", term, committed, round, sentAt });
  }
}

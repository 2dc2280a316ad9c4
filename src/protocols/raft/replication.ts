/** How followers' logs become equal to the leader's (paper 5.3, 5.4.2). */

import type { PeerId } from "../../primitives/brand.ts";
import { advanceCommitted, commitUpTo } from "./commitment.ts";
import { sizeOf } from "./entry.ts";
import { hearLeader } from "./following.ts";
import { entriesFrom, lastWithTermUpTo, termAt } from "./log.ts";
import type { AppendMessage, AppendReplyMessage, SnapshotMessage } from "./message.ts";
import { draftOf, progressOf, update } from "./progress.ts";
import { install } from "./snapshot.ts";
import type { Progress } from "./state.ts";
import { transferIfReady } from "./transfer.ts";
import type { Turn } from "./turn.ts";

/** Sends to all what they do not have yet. */
export function replicate(turn: Turn): void {
  turn.state.progress = turn.state.progress.map((progress) => sendTo(turn, progress, "entries"));
}

/**
 * @param what `entries`: nothing is sent if there are none to send. `always`: an append without
 *   entries still tells what is committed, and finds out if something was lost.
 * @returns what is known of the follower after it.
 */
export function sendTo(turn: Turn, progress: Progress, what: "entries" | "always"): Progress {
  const { state, options } = turn;
  const { name, next, mode, stored } = progress;
  if (mode !== "replicate" && progress.isWaiting) return progress;
  const previousIndex = next - 1;
  const previousTerm = termAt(state.log, previousIndex);
  if (previousTerm === undefined) return sendSnapshot(turn, progress);
  const ahead = mode === "replicate" ? previousIndex - stored : 0;
  const countMax = options.entriesInFlightMax - ahead;
  const entries = entriesFrom(state.log, next, countMax, options.batchBytesMax, sizeOf);
  if (entries.length === 0 && what === "entries") return progress;
  const { term, committed } = state;
  turn.send(name, { type: "append", term, previousIndex, previousTerm, committed, entries });
  const sent = draftOf(progress);
  if (mode === "replicate") sent.next = next + entries.length;
  else sent.isWaiting = true;
  return sent;
}

/** The entries that it lacks are not in the log any more. */
function sendSnapshot(turn: Turn, progress: Progress): Progress {
  const { term, snapshot } = turn.state;
  turn.send(progress.name, { type: "snapshot", term, snapshot });
  return { ...progress, mode: "snapshot", isWaiting: true, next: snapshot.index + 1 };
}

export function receiveAppend(turn: Turn, from: PeerId, message: AppendMessage): void {
  const { state, rules } = turn;
  if (state.role === "leader") return;
  hearLeader(turn, from);
  const { previousIndex, previousTerm, entries } = message;
  if (previousIndex < state.committed) {
    // What is committed is equal in all logs of leaders.
    acknowledge(turn, from, state.committed);
    return;
  }
  if (!rules.hasPrevious(state.log, { index: previousIndex, term: previousTerm })) {
    refuse(turn, from, message);
    return;
  }
  const known = rules.entriesKnown(state.log, previousIndex, entries);
  const first = previousIndex + known + 1;
  if (known < entries.length && first <= state.log.last.index) turn.cutFrom(first);
  for (const entry of entries.slice(known)) turn.append(entry);
  const last = previousIndex + entries.length;
  commitUpTo(turn, Math.min(message.committed, last));
  acknowledge(turn, from, last);
}

function acknowledge(turn: Turn, to: PeerId, index: number): void {
  const { term } = turn.state;
  const noHint = { hintIndex: 0, hintTerm: 0 };
  turn.send(to, { type: "append-reply", term, isAccepted: true, index, ...noHint });
}

/**
 * The hint is the last own entry that may be in the leader's log, too: not behind the one that it
 * tried, and of no later term. So a whole term is skipped at a time.
 */
function refuse(turn: Turn, to: PeerId, message: AppendMessage): void {
  const { term, log } = turn.state;
  const { previousIndex: index, previousTerm } = message;
  const hintIndex = lastWithTermUpTo(log, index, previousTerm);
  const hintTerm = termAt(log, hintIndex) ?? 0;
  turn.send(to, { type: "append-reply", term, isAccepted: false, index, hintIndex, hintTerm });
}

/** An append or snapshot of an earlier leader: it learns that there is a later term. */
export function answerEarlierLeader(turn: Turn, to: PeerId): void {
  const { term } = turn.state;
  const nothing = { index: 0, hintIndex: 0, hintTerm: 0 };
  turn.send(to, { type: "append-reply", term, isAccepted: false, ...nothing });
}

export function receiveSnapshot(turn: Turn, from: PeerId, { snapshot }: SnapshotMessage): void {
  const { state } = turn;
  if (state.role === "leader") return;
  hearLeader(turn, from);
  if (termAt(state.log, snapshot.index) === snapshot.term) commitUpTo(turn, snapshot.index);
  else if (snapshot.index > state.committed) install(turn, snapshot);
  acknowledge(turn, from, state.committed);
}

export function receiveAppendReply(turn: Turn, from: PeerId, message: AppendReplyMessage): void {
  const progress = progressOf(turn, from);
  if (progress === undefined) return;
  const heard = draftOf(progress);
  heard.heardAt = turn.now;
  if (message.isAccepted) receiveAccepted(turn, heard, message);
  else receiveRefused(turn, heard, message);
}

function receiveRefused(turn: Turn, progress: Progress, message: AppendReplyMessage): void {
  const { stored, next, mode } = progress;
  const isOutdated = message.index <= stored || (mode === "probe" && message.index !== next - 1);
  if (isOutdated) {
    update(turn, progress);
    return;
  }
  const equal = lastWithTermUpTo(turn.state.log, message.hintIndex, message.hintTerm);
  const hinted = mode === "replicate" ? stored + 1 : Math.min(message.index, equal + 1);
  const back: Progress = {
    ...progress,
    mode: "probe",
    isWaiting: false,
    next: Math.max(hinted, stored + 1),
  };
  update(turn, sendTo(turn, back, "always"));
}

function receiveAccepted(turn: Turn, progress: Progress, message: AppendReplyMessage): void {
  const { state } = turn;
  // More than the log has is known of nothing but a wrong process: it must not move what is known.
  if (message.index > state.log.last.index) return;
  const isNew = message.index > progress.stored;
  const isFound = isNew || progress.mode === "probe";
  const moved = draftOf(progress);
  moved.stored = Math.max(progress.stored, message.index);
  moved.next = Math.max(progress.next, message.index + 1);
  if (isFound) {
    moved.mode = "replicate";
    moved.isWaiting = false;
  }
  update(turn, moved);
  const hasCommitted = isNew && advanceCommitted(turn);
  if (state.role !== "leader") return;
  transferIfReady(turn, progress.name);
  const isAtOnce = turn.options.commitNotice === "at-once";
  if (hasCommitted && isAtOnce) {
    state.progress = state.progress.map((other) => sendTo(turn, other, "always"));
    return;
  }
  // While it was waited for, it may have missed that more was committed.
  const what = isAtOnce && progress.isWaiting ? "always" : "entries";
  if (what === "always" || moved.next <= state.log.last.index)
    update(turn, sendTo(turn, moved, what));
}

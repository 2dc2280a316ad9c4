/** The side that asks for votes and decides: the first member. */

import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import { applyOnce } from "../process/key-value.ts";
import { othersOf } from "../process/process.ts";
import { refuse } from "../process/refusals.ts";
import { andThen, stay } from "../process/steps.ts";
import { withoutTimer, withTimer } from "../process/timers.ts";
import { beginningOf, type Outcome, type Transaction } from "./message.ts";
import {
  type CommitContext,
  type CommitEffect,
  commitsRecord,
  type CommitState,
  type CommitStep,
  type CommitTimer,
  dataRecord,
  lifeRecord,
  numbersOf,
  withFloor,
  without,
} from "./state.ts";

/**
 * A new life, with numbers of its own. What was open in the last life is aborted by presumption:
 * nothing on disk says that it was committed. The others learn at once what was.
 */
export function startCoordinator(
  before: CommitState,
  { options }: CommitContext,
  now: Elapsed,
): CommitStep {
  let state: CommitState = { ...before, life: before.life + 1 };
  const committed = numbersOf(state.unacknowledged);
  for (const number of committed) {
    const timers = withTimer(state.timers, `resend ${number}`, now + options.resendMs);
    state = { ...state, timers };
  }
  const persist: CommitEffect = { type: "persist", batch: [lifeRecord(state)] };
  if (before.life === 0) return { state, effects: [persist] };
  const message = { type: "recovered", first: beginningOf(state.life), committed } as const;
  return { state, effects: [persist, ...sendToAll(state, message)] };
}

export function begin(
  before: CommitState,
  transaction: Transaction,
  context: CommitContext,
  now: Elapsed,
): CommitStep {
  const begun = before.begun + 1;
  const number = beginningOf(before.life) + begun;
  const waiting = [...numbersOf(before.open), ...numbersOf(before.unacknowledged), number];
  const floor = Math.min(...waiting);
  const state = withFloor(
    {
      ...before,
      begun,
      open: { ...before.open, [number]: { transaction, yes: [] } },
      timers: withTimer(before.timers, `vote ${number}`, now + context.options.voteMs),
    },
    floor,
  );
  if (othersOf(state.setting).length === 0) return commit(state, number, context, now);
  const effects = othersOf(state.setting).map((to): CommitEffect => {
    const committed = unacknowledgedBy(state, to);
    return {
      type: "send",
      to,
      message: { type: "prepare", number, transaction, floor, committed },
    };
  });
  return { state, effects };
}

function unacknowledgedBy({ unacknowledged }: CommitState, name: PeerId): readonly number[] {
  return numbersOf(unacknowledged).filter((number) => unacknowledged[number]?.includes(name));
}

export function countVote(
  state: CommitState,
  vote: { readonly from: PeerId; readonly number: number; readonly isYes: boolean },
  context: CommitContext,
  now: Elapsed,
): CommitStep {
  const { from, number, isYes } = vote;
  const open = state.open[number];
  if (open === undefined) return stay(state);
  if (!isYes) return abort(state, number);
  if (open.yes.includes(from)) return stay(state);
  const yes = [...open.yes, from];
  const next = { ...state, open: { ...state.open, [number]: { ...open, yes } } };
  const participants = othersOf(state.setting).length;
  return context.rules.mayCommit(yes.length, participants)
    ? commit(next, number, context, now)
    : stay(next);
}

/** The decision is on disk, with what it changes, before anyone learns of it. */
function commit(
  before: CommitState,
  number: number,
  { rules, options }: CommitContext,
  now: Elapsed,
): CommitStep {
  const open = before.open[number];
  if (open === undefined) return stay(before);
  const { id, command } = open.transaction;
  const applied = applyOnce(before.data, id, command);
  const participants = othersOf(before.setting);
  const isForgotten = rules.mayForget(participants.length);
  const timers = withoutTimer<CommitTimer>(before.timers, `vote ${number}`);
  const state: CommitState = {
    ...before,
    data: applied.state,
    open: without(before.open, number),
    decided: { ...before.decided, [number]: "commit" },
    unacknowledged: isForgotten
      ? before.unacknowledged
      : { ...before.unacknowledged, [number]: participants },
    timers: isForgotten ? timers : withTimer(timers, `resend ${number}`, now + options.resendMs),
  };
  const batch = rules.writesBeforeCommit([dataRecord(state), commitsRecord(state)]);
  const effects: readonly CommitEffect[] = [
    ...(batch.length === 0 ? [] : [{ type: "persist", batch } as const]),
    { type: "news", news: { type: "decided", number, outcome: "commit" } },
    ...sendToAll(state, { type: "commit", number }),
    { type: "answer", id, answer: applied.answer },
  ];
  return { state, effects };
}

/**
 * No outcome is written, and none is acknowledged: what is not known was aborted. Only that the
 * client is told so is on disk before it is.
 */
function abort(before: CommitState, number: number): CommitStep {
  const open = before.open[number];
  if (open === undefined) return stay(before);
  const { id } = open.transaction;
  const state: CommitState = {
    ...before,
    open: without(before.open, number),
    decided: { ...before.decided, [number]: "abort" },
    timers: withoutTimer<CommitTimer>(before.timers, `vote ${number}`),
  };
  const effects: readonly CommitEffect[] = [
    { type: "news", news: { type: "decided", number, outcome: "abort" } },
    ...sendToAll(state, { type: "abort", number }),
  ];
  return andThen({ state, effects }, (next) => {
    return refuse(next, id, "a participant voted no, or did not vote in time");
  });
}

/** The votes did not come in time. */
export function giveUp(state: CommitState, number: number): CommitStep {
  return abort(state, number);
}

export function countAcknowledgement(
  before: CommitState,
  from: PeerId,
  number: number,
  { rules }: CommitContext,
): CommitStep {
  const waiting = before.unacknowledged[number];
  if (waiting === undefined) return stay(before);
  const rest = waiting.filter((name) => name !== from);
  if (!rules.mayForget(rest.length)) {
    return stay({ ...before, unacknowledged: { ...before.unacknowledged, [number]: rest } });
  }
  const state = {
    ...before,
    unacknowledged: without(before.unacknowledged, number),
    timers: withoutTimer<CommitTimer>(before.timers, `resend ${number}`),
  };
  return { state, effects: [{ type: "persist", batch: [commitsRecord(state)] }] };
}

export function resend(
  state: CommitState,
  number: number,
  { options }: CommitContext,
  now: Elapsed,
): CommitStep {
  const waiting = state.unacknowledged[number] ?? [];
  const timers = withTimer(state.timers, `resend ${number}`, now + options.resendMs);
  const effects = waiting.map((to): CommitEffect => {
    return { type: "send", to, message: { type: "commit", number } };
  });
  return { state: { ...state, timers }, effects };
}

/** While it is open nothing is answered: the decision will come by itself. */
export function answerDoubt(
  state: CommitState,
  from: PeerId,
  number: number,
  { rules }: CommitContext,
): CommitStep {
  if (state.open[number] !== undefined) return stay(state);
  const outcome: Outcome = state.decided[number] ?? rules.outcomeOfForgotten();
  return { state, effects: [{ type: "send", to: from, message: { type: outcome, number } }] };
}

function sendToAll(
  { setting }: CommitState,
  message: Extract<CommitEffect, { readonly type: "send" }>["message"],
): readonly CommitEffect[] {
  return othersOf(setting).map((to) => ({ type: "send", to, message }));
}

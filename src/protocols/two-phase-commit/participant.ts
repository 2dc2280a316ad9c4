/** The side that votes, and then does what was decided: all members but the first. */

import type { Elapsed } from "../../primitives/brand.ts";
import { applyOnce } from "../process/key-value.ts";
import { andThen, stay } from "../process/steps.ts";
import { withoutTimer, withTimer } from "../process/timers.ts";
import type { CommitMessage, Outcome } from "./message.ts";
import {
  type CommitContext,
  type CommitEffect,
  type CommitState,
  type CommitStep,
  type CommitTimer,
  coordinatorOf,
  dataRecord,
  isLocked,
  numbersOf,
  votesRecord,
  withFloor,
  without,
} from "./state.ts";

type Prepare = Extract<CommitMessage, { readonly type: "prepare" }>;

/**
 * Votes yes if the key is free, and locks it; locks are never waited for, so there is no deadlock.
 * A vote of no decides at once: the transaction cannot be committed any more.
 */
export function prepare(
  state: CommitState,
  message: Prepare,
  context: CommitContext,
  now: Elapsed,
): CommitStep {
  let step: CommitStep = stay(state);
  for (const number of message.committed) {
    step = andThen(step, (next) => carryOut(next, number, "commit"));
  }
  return andThen(step, (next) => vote(next, message, context, now));
}

function vote(
  before: CommitState,
  message: Prepare,
  { rules, options }: CommitContext,
  now: Elapsed,
): CommitStep {
  const { number, transaction, floor } = message;
  if (number < before.floor || before.decided[number] === "commit") return stay(before);
  const send = (isYes: boolean): CommitEffect => {
    const to = coordinatorOf(before.setting);
    return { type: "send", to, message: { type: "vote", number, isYes } };
  };
  if (before.decided[number] === "abort") return { state: before, effects: [send(false)] };
  if (before.prepared[number] !== undefined) return { state: before, effects: [send(true)] };
  const isYes = !isLocked(before, transaction);
  const state = withFloor(
    isYes
      ? {
          ...before,
          prepared: { ...before.prepared, [number]: transaction },
          timers: withTimer(before.timers, `ask ${number}`, now + options.askMs),
        }
      : { ...before, decided: { ...before.decided, [number]: "abort" } },
    floor,
  );
  const batch = rules.writesBeforeVote(votesRecord(state));
  const effects: readonly CommitEffect[] = [
    ...(batch.length === 0 ? [] : [{ type: "persist", batch } as const]),
    { type: "news", news: { type: "voted", number, isYes } },
    ...(isYes
      ? []
      : [{ type: "news", news: { type: "decided", number, outcome: "abort" } } as const]),
    send(isYes),
  ];
  return { state, effects };
}

/** What the coordinator, or another participant that knows it, says of a transaction. */
export function learn(state: CommitState, number: number, outcome: Outcome): CommitStep {
  const step = carryOut(state, number, outcome);
  if (outcome === "abort") return step;
  const isOver = step.state.decided[number] === "commit" || number < step.state.floor;
  if (!isOver) return step;
  const to = coordinatorOf(state.setting);
  const acknowledge = { type: "send", to, message: { type: "acknowledge", number } } as const;
  return andThen(step, (next) => ({ state: next, effects: [acknowledge] }));
}

/** Of what it did not vote for it can only learn that it is aborted: no vote of it will follow. */
export function carryOut(before: CommitState, number: number, outcome: Outcome): CommitStep {
  const transaction = before.prepared[number];
  const isNew = before.decided[number] === undefined && number >= before.floor;
  if (transaction === undefined && (outcome === "commit" || !isNew)) return stay(before);
  const isCommitted = transaction !== undefined && outcome === "commit";
  const state: CommitState = {
    ...before,
    data: isCommitted
      ? applyOnce(before.data, transaction.id, transaction.command).state
      : before.data,
    prepared: without(before.prepared, number),
    decided: { ...before.decided, [number]: outcome },
    timers: withoutTimer<CommitTimer>(before.timers, `ask ${number}`),
  };
  const batch = isCommitted ? [dataRecord(state), votesRecord(state)] : [votesRecord(state)];
  const effects: readonly CommitEffect[] = [
    { type: "persist", batch },
    { type: "news", news: { type: "decided", number, outcome } },
  ];
  return { state, effects };
}

/** The coordinator is back: all that is in doubt since before can be decided. */
export function followRecovery(
  state: CommitState,
  message: Extract<CommitMessage, { readonly type: "recovered" }>,
  { rules }: CommitContext,
): CommitStep {
  const inDoubt = numbersOf(state.prepared).filter((number) => {
    return number < message.first && !message.committed.includes(number);
  });
  let step: CommitStep = stay(state);
  for (const number of message.committed) {
    step = andThen(step, (next) => learn(next, number, "commit"));
  }
  for (const number of inDoubt) {
    step = andThen(step, (next) => learn(next, number, rules.outcomeOfForgotten()));
  }
  return step;
}

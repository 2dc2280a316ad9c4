/** How a participant that voted yes learns the outcome when it does not come by itself. */

import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import { othersOf } from "../process/process.ts";
import { andThen, stay } from "../process/steps.ts";
import { withTimer } from "../process/timers.ts";
import { carryOut } from "./participant.ts";
import {
  type CommitContext,
  type CommitEffect,
  type CommitState,
  type CommitStep,
  coordinatorOf,
  numbersOf,
  votesRecord,
} from "./state.ts";

/** After a restart: its disk says for what it voted yes. */
export function startParticipant(
  state: CommitState,
  context: CommitContext,
  now: Elapsed,
): CommitStep {
  let step: CommitStep = stay(state);
  for (const number of numbersOf(state.prepared)) {
    step = andThen(step, (next) => ask(next, number, context, now));
  }
  return step;
}

/** It waited in vain: it asks the coordinator, and the others if it may. */
export function resolveDoubt(
  state: CommitState,
  number: number,
  context: CommitContext,
  now: Elapsed,
): CommitStep {
  const alone = context.rules.outcomeInDoubt();
  return alone === undefined ? ask(state, number, context, now) : carryOut(state, number, alone);
}

function ask(
  state: CommitState,
  number: number,
  { options }: CommitContext,
  now: Elapsed,
): CommitStep {
  const asked =
    options.termination === "wait" ? [coordinatorOf(state.setting)] : othersOf(state.setting);
  const timers = withTimer(state.timers, `ask ${number}`, now + options.askMs);
  const effects = asked.map((to): CommitEffect => {
    return { type: "send", to, message: { type: "ask", number } };
  });
  return { state: { ...state, timers }, effects };
}

/**
 * A participant is asked by another one. If it knows the outcome, it says so. If it has not voted,
 * it decides to abort, which is on disk before it answers: it will never vote yes. If it is in doubt
 * itself it says nothing. Below its floor only aborted ones can be in doubt: of a commit, the
 * coordinator has an acknowledgement from everyone.
 */
export function helpOther(
  state: CommitState,
  from: PeerId,
  number: number,
  { rules }: CommitContext,
): CommitStep {
  if (state.prepared[number] !== undefined) return stay(state);
  const known = state.decided[number] ?? (number < state.floor ? "abort" : undefined);
  const send = (outcome: "commit" | "abort"): CommitEffect => {
    return { type: "send", to: from, message: { type: outcome, number } };
  };
  if (known !== undefined) return { state, effects: [send(known)] };
  const next: CommitState = { ...state, decided: { ...state.decided, [number]: "abort" } };
  const batch = rules.writesBeforeVote(votesRecord(next));
  const effects: readonly CommitEffect[] = [
    ...(batch.length === 0 ? [] : [{ type: "persist", batch } as const]),
    { type: "news", news: { type: "decided", number, outcome: "abort" } },
    send("abort"),
  ];
  return { state: next, effects };
}

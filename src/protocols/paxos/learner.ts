/** How members and their clients learn what was decided. */

import type { PeerId } from "../../primitives/brand.ts";
import type { Value } from "../process/key-value.ts";
import { type Moment, othersOf } from "../process/process.ts";
import { stay } from "../process/steps.ts";
import { withTimer } from "../process/timers.ts";
import {
  decisionRecord,
  type PaxosContext,
  type PaxosEffect,
  type PaxosState,
  type PaxosStep,
} from "./state.ts";

/** Once, for ever: what it knows to be decided it never changes. */
export function decide(before: PaxosState, value: Value): PaxosStep {
  if (before.decision !== undefined) return stay(before);
  const state: PaxosState = { ...before, decision: { value }, waiting: [], timers: {} };
  const answers = before.waiting.map((id): PaxosEffect => {
    return { type: "answer", id, answer: { type: "decided", value } };
  });
  const effects: readonly PaxosEffect[] = [
    { type: "persist", batch: [decisionRecord(value)] },
    { type: "news", news: { type: "decided", value } },
    ...answers,
  ];
  return { state, effects };
}

/** It has accepted something and waited in vain: asks the next of the others. */
export function askNext(state: PaxosState, { options }: PaxosContext, { now }: Moment): PaxosStep {
  const others = othersOf(state.setting);
  const to = others[state.asked % Math.max(1, others.length)];
  if (to === undefined || state.decision !== undefined) return stay(state);
  const timers = withTimer(state.timers, "ask", now + options.askMs);
  const next = { ...state, timers, asked: state.asked + 1 };
  return { state: next, effects: [{ type: "send", to, message: { type: "ask" } }] };
}

export function answerQuestion(state: PaxosState, from: PeerId): PaxosStep {
  const { decision } = state;
  if (decision === undefined) return stay(state);
  const message = { type: "decided", value: decision.value } as const;
  return { state, effects: [{ type: "send", to: from, message }] };
}

/** The members that vote, get ready, and do what was decided. */

import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import { andThen, stay } from "../process/steps.ts";
import type { Outcome } from "../two-phase-commit/message.ts";
import type { ThreePhaseMessage } from "./message.ts";
import {
  decide,
  isLocked,
  stagesRecord,
  type ThreePhaseContext,
  type ThreePhaseEffect,
  type ThreePhaseState,
  type ThreePhaseStep,
  withFloor,
  withSilenceTimer,
  withStage,
} from "./state.ts";

type Prepare = Extract<ThreePhaseMessage, { readonly type: "prepare" }>;

export function prepare(
  state: ThreePhaseState,
  from: PeerId,
  message: Prepare,
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  let step: ThreePhaseStep = stay(state);
  for (const number of message.committed) {
    step = andThen(step, (next) => decide(next, number, "commit", context, now));
  }
  return andThen(step, (next) => vote(next, from, message, context, now));
}

/** As in two-phase commit: yes if the key is free, and locks are never waited for. */
function vote(
  before: ThreePhaseState,
  to: PeerId,
  { number, transaction, floor }: Prepare,
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const { id, command } = transaction;
  if (number < before.floor || before.decided[number] === "commit") return stay(before);
  if (command.type === "propose" || before.undecided[number] !== undefined) return stay(before);
  const isKnown = before.decided[number] === "abort";
  const isYes = !isKnown && !isLocked(before, command.key, id.client);
  const voting = isYes
    ? withStage(before, number, { transaction, stage: "voted", isRecovered: false })
    : { ...before, decided: { ...before.decided, [number]: "abort" as const } };
  const floored = withFloor(voting, floor);
  const state = isYes ? withSilenceTimer(floored, number, context, now) : floored;
  const aborted: ThreePhaseEffect = {
    type: "news",
    news: { type: "decided", number, outcome: "abort" },
  };
  const effects: readonly ThreePhaseEffect[] = [
    { type: "persist", batch: [stagesRecord(state)] },
    { type: "news", news: { type: "voted", number, isYes } },
    ...(isYes || isKnown ? [] : [aborted]),
    { type: "send", to, message: { type: "vote", number, isYes } },
  ];
  return { state, effects };
}

/** All have said yes: from now on this member may commit if the coordinator crashes. */
export function getReady(
  before: ThreePhaseState,
  from: PeerId,
  number: number,
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const known = before.undecided[number];
  if (known === undefined || known.isRecovered) return stay(before);
  const staged = withStage(before, number, { ...known, stage: "pre-committed" });
  const state = withSilenceTimer(staged, number, context, now);
  const effects: readonly ThreePhaseEffect[] = [
    { type: "persist", batch: [stagesRecord(state)] },
    { type: "send", to: from, message: { type: "ready", number } },
  ];
  return { state, effects };
}

/** From the coordinator, or from a member that took over. */
export function learn(
  state: ThreePhaseState,
  number: number,
  outcome: Outcome,
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const step = decide(state, number, outcome, context, now);
  const [coordinator] = state.setting.members;
  if (outcome === "abort" || coordinator === undefined || coordinator === state.setting.name) {
    return step;
  }
  const isDone = step.state.decided[number] === "commit" || number < step.state.floor;
  if (!isDone) return step;
  const message = { type: "acknowledge", number } as const;
  return andThen(step, (next) => {
    return { state: next, effects: [{ type: "send", to: coordinator, message }] };
  });
}

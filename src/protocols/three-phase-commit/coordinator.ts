/** The first member asks for votes, then lets all know that all said yes, then commits. */

import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import { othersOf } from "../process/process.ts";
import { andThen, stay } from "../process/steps.ts";
import { withTimer } from "../process/timers.ts";
import { beginningOf, type Transaction } from "../two-phase-commit/message.ts";
import {
  commitsRecord,
  decide,
  lifeRecord,
  sendToOthers,
  stagesRecord,
  type ThreePhaseContext,
  type ThreePhaseEffect,
  type ThreePhaseState,
  type ThreePhaseStep,
  withFloor,
  without,
  withStage,
} from "./state.ts";

/** A life of its own for its numbers; commits of earlier lives are sent again. */
export function startCoordinator(
  before: ThreePhaseState,
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const state = { ...before, life: before.life + 1 };
  let step: ThreePhaseStep = {
    state,
    effects: [{ type: "persist", batch: [lifeRecord(state)] }],
  };
  for (const number of Object.keys(state.unacknowledged).map(Number)) {
    step = andThen(step, (next) => resend(next, number, context, now));
  }
  return step;
}

export function begin(
  before: ThreePhaseState,
  transaction: Transaction,
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const begun = before.begun + 1;
  const number = beginningOf(before.life) + begun;
  const kept = [...Object.keys(before.undecided), ...Object.keys(before.unacknowledged)];
  const floor = Math.min(...kept.map(Number), number);
  const voting = withStage(withFloor({ ...before, begun }, floor), number, {
    transaction,
    stage: "voted",
    isRecovered: false,
  });
  const state: ThreePhaseState = {
    ...voting,
    open: { ...voting.open, [number]: { phase: "voting", answered: [] } },
    timers: withTimer(voting.timers, `phase ${number}`, now + context.options.roundMs),
  };
  const effects = othersOf(state.setting).map((to): ThreePhaseEffect => {
    const committed = Object.entries(state.unacknowledged).flatMap(([other, names]) => {
      return names.includes(to) ? [Number(other)] : [];
    });
    const message = { type: "prepare", number, transaction, floor, committed } as const;
    return { type: "send", to, message };
  });
  return andThen({ state, effects }, (next) => goOn(next, number, context, now));
}

/** A yes in the first phase, or a "ready" in the second. */
export function countAnswer(
  before: ThreePhaseState,
  answer: {
    readonly from: PeerId;
    readonly number: number;
    readonly phase: "voting" | "pre-committing";
  },
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const { from, number, phase } = answer;
  const open = before.open[number];
  if (open?.phase !== phase || open.answered.includes(from)) return stay(before);
  const counted = { ...open, answered: [...open.answered, from] };
  const state = { ...before, open: { ...before.open, [number]: counted } };
  return goOn(state, number, context, now);
}

function goOn(
  state: ThreePhaseState,
  number: number,
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const open = state.open[number];
  const participants = othersOf(state.setting).length;
  if (open === undefined) return stay(state);
  if (open.phase === "pre-committing") {
    if (open.answered.length < participants) return stay(state);
    return decide(state, number, "commit", context, now);
  }
  if (!context.rules.mayPreCommit(open.answered.length, participants)) return stay(state);
  return andThen(preCommit(state, number, context, now), (next) =>
    goOn(next, number, context, now),
  );
}

/** It is on disk that it may have committed, before anyone else can. */
function preCommit(
  before: ThreePhaseState,
  number: number,
  { options }: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const known = before.undecided[number];
  if (known === undefined) return stay(before);
  const staged = withStage(before, number, { ...known, stage: "pre-committed" });
  const state: ThreePhaseState = {
    ...staged,
    open: { ...before.open, [number]: { phase: "pre-committing", answered: [] } },
    timers: withTimer(before.timers, `phase ${number}`, now + options.roundMs),
  };
  const effects: readonly ThreePhaseEffect[] = [
    { type: "persist", batch: [stagesRecord(state)] },
    ...sendToOthers(state, { type: "pre-commit", number }),
  ];
  return { state, effects };
}

/** Time is over: a missing vote counts as no; who is not ready has crashed, and does not matter. */
export function endPhase(
  state: ThreePhaseState,
  number: number,
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const open = state.open[number];
  if (open === undefined) return stay(state);
  return decide(state, number, open.phase === "voting" ? "abort" : "commit", context, now);
}

export function countAcknowledgement(
  before: ThreePhaseState,
  from: PeerId,
  number: number,
): ThreePhaseStep {
  const waiting = before.unacknowledged[number];
  if (waiting === undefined) return stay(before);
  const rest = waiting.filter((name) => name !== from);
  if (rest.length > 0) {
    return stay({ ...before, unacknowledged: { ...before.unacknowledged, [number]: rest } });
  }
  const unacknowledged = without(before.unacknowledged, number);
  const state = { ...before, unacknowledged };
  return { state, effects: [{ type: "persist", batch: [commitsRecord(state)] }] };
}

export function resend(
  state: ThreePhaseState,
  number: number,
  { options }: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const waiting = state.unacknowledged[number];
  const name = `resend ${number}` as const;
  if (waiting === undefined) {
    const timers = Object.entries(state.timers).filter(([other]) => other !== name);
    return stay({ ...state, timers: Object.fromEntries(timers) });
  }
  const timers = withTimer(state.timers, name, now + 3 * options.roundMs);
  const effects = waiting.map((to): ThreePhaseEffect => {
    return { type: "send", to, message: { type: "commit", number } };
  });
  return { state: { ...state, timers }, effects };
}

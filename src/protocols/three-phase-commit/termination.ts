/** What members do when nothing comes any more: one of them takes over and decides for all. */

import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import { othersOf } from "../process/process.ts";
import { andThen, stay } from "../process/steps.ts";
import { withTimer } from "../process/timers.ts";
import type { ThreePhaseMessage } from "./message.ts";
import type { Collected } from "./rules.ts";
import {
  decide,
  isCoordinator,
  sendToOthers,
  stagesRecord,
  type ThreePhaseContext,
  type ThreePhaseEffect,
  type ThreePhaseState,
  type ThreePhaseStep,
  without,
  withSilenceTimer,
  withStage,
} from "./state.ts";

/** After a restart it does not decide any more: it asks those that were there. */
export function recover(
  state: ThreePhaseState,
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  let step: ThreePhaseStep = stay(state);
  for (const number of Object.keys(state.undecided).map(Number)) {
    step = andThen(step, (next) => takeOver(next, number, context, now));
  }
  return step;
}

export function takeOver(
  before: ThreePhaseState,
  number: number,
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const known = before.undecided[number];
  if (known === undefined) return stay(before);
  const { stage, isRecovered } = known;
  const alone = context.rules.outcomeAlone(stage);
  if (alone !== undefined) return decide(before, number, alone, context, now);
  const collected = { [before.setting.name]: { stage, isRecovered } };
  const silence = withSilenceTimer(before, number, context, now);
  const state: ThreePhaseState = {
    ...silence,
    terminations: { ...before.terminations, [number]: { phase: "collecting", collected } },
    timers: withTimer(silence.timers, `phase ${number}`, now + context.options.roundMs),
  };
  const effects: readonly ThreePhaseEffect[] = [
    { type: "news", news: { type: "took-over", number } },
    ...sendToOthers(state, { type: "collect", number, isRecovered }),
  ];
  return { state, effects };
}

/**
 * A member that has not voted decides to abort: it will never say yes. If the one that asks has taken
 * over, this one leaves it time.
 */
export function tellStage(
  before: ThreePhaseState,
  from: PeerId,
  { number, isRecovered }: Extract<ThreePhaseMessage, { readonly type: "collect" }>,
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const known = before.undecided[number];
  const send = (stage: Collected["stage"], isBack = false): ThreePhaseEffect => {
    const message = { type: "stage", number, stage, isRecovered: isBack } as const;
    return { type: "send", to: from, message };
  };
  if (known !== undefined) {
    const keepsTime = isRecovered || before.open[number] !== undefined;
    const state = keepsTime ? before : withSilenceTimer(before, number, context, now);
    return { state, effects: [send(known.stage, known.isRecovered)] };
  }
  const outcome = before.decided[number];
  if (outcome !== undefined) return { state: before, effects: [send(outcome)] };
  if (number < before.floor || isCoordinator(before)) {
    return { state: before, effects: [send("abort")] };
  }
  return andThen(decide(before, number, "abort", context, now), (state) => {
    return { state, effects: [send("abort")] };
  });
}

export function collect(
  before: ThreePhaseState,
  from: PeerId,
  message: Extract<ThreePhaseMessage, { readonly type: "stage" }>,
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const { number, stage, isRecovered } = message;
  const termination = before.terminations[number];
  if (termination?.phase !== "collecting") return stay(before);
  if (stage === "commit" || stage === "abort")
    return decideAndTell(before, number, stage, context, now);
  const collected = { ...termination.collected, [from]: { stage, isRecovered } };
  const state = {
    ...before,
    terminations: { ...before.terminations, [number]: { ...termination, collected } },
  };
  const isWhole = Object.keys(collected).length === state.setting.members.length;
  return isWhole ? endRound(state, number, context, now) : stay(state);
}

/** Who has not answered within a round has crashed. */
export function endRound(
  before: ThreePhaseState,
  number: number,
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const termination = before.terminations[number];
  const known = before.undecided[number];
  if (termination === undefined || known === undefined) return stay(before);
  if (termination.phase === "pre-committing") {
    return decideAndTell(before, number, "commit", context, now);
  }
  const collected = Object.values(termination.collected);
  const isWhole = collected.length === before.setting.members.length;
  const areAllRecovered = collected.every(({ isRecovered }) => isRecovered);
  // One that has crashed may not decide, unless all have and all are back.
  if (known.isRecovered && !(isWhole && areAllRecovered)) return stay(closed(before, number));
  const outcome = context.rules.outcomeOf(collected);
  if (outcome === "abort" || areAllRecovered) {
    return decideAndTell(before, number, outcome, context, now);
  }
  return makeReady(before, number, context, now);
}

/** Before it commits all others that are alive must be where it is, should it crash. */
function makeReady(
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
    terminations: {
      ...before.terminations,
      [number]: { phase: "pre-committing", collected: {} },
    },
    timers: withTimer(before.timers, `phase ${number}`, now + options.roundMs),
  };
  const effects: readonly ThreePhaseEffect[] = [
    { type: "persist", batch: [stagesRecord(state)] },
    ...sendToOthers(state, { type: "pre-commit", number }),
  ];
  return { state, effects };
}

function decideAndTell(
  state: ThreePhaseState,
  number: number,
  outcome: "commit" | "abort",
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const step = decide(state, number, outcome, context, now);
  if (isCoordinator(state)) return step;
  const effects = othersOf(state.setting).map((to): ThreePhaseEffect => {
    return { type: "send", to, message: { type: outcome, number } };
  });
  return { state: step.state, effects: [...step.effects, ...effects] };
}

/** It asks again when it is silent for too long. */
function closed(state: ThreePhaseState, number: number): ThreePhaseState {
  const name = `phase ${number}`;
  const timers = Object.entries(state.timers).filter(([other]) => other !== name);
  return {
    ...state,
    terminations: without(state.terminations, number),
    timers: Object.fromEntries(timers),
  };
}

/** Steps of a process, joined one behind the other. */

import type { Answer, RequestId } from "./key-value.ts";
import type { ProcessEvent, Step } from "./process.ts";
import { type Timers, wakeFor } from "./timers.ts";

/** A step that changes nothing and asks for nothing. */
export function stay<S>(state: S): Step<S, never, never> {
  return { state, effects: [] };
}

/** A step that only answers a client. */
export function answering<S>(state: S, id: RequestId, answer: Answer): Step<S, never, never> {
  return { state, effects: [{ type: "answer", id, answer }] };
}

/** Asks to be woken behind a step that set a timer, and behind each waking: that used one up. */
export function withWake<S extends { readonly timers: Timers<string> }, M, N>(
  before: S,
  event: ProcessEvent<M>,
  next: Step<S, M, N>,
): Step<S, M, N> {
  const { state, effects } = next;
  if (state.timers === before.timers && event.type !== "woken") return next;
  return { state, effects: [...effects, ...wakeFor(state.timers)] };
}

/** The effects of the first step come first. */
export function andThen<S, M, N>(
  first: Step<S, M, N>,
  next: (state: S) => Step<S, M, N>,
): Step<S, M, N> {
  const second = next(first.state);
  if (second.effects.length === 0) return { state: second.state, effects: first.effects };
  if (first.effects.length === 0) return second;
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}

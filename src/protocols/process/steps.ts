/** Steps of a process, joined one behind the other. */

import type { Step } from "./process.ts";

/** A step that changes nothing and asks for nothing. */
export function stay<S>(state: S): Step<S, never, never> {
  return { state, effects: [] };
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

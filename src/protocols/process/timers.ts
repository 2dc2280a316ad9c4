/** Named timers of a process over the one `wake` that its host knows. */

import type { Wake } from "../../machine/machine.ts";
import type { Elapsed } from "../../primitives/brand.ts";

/** When each running timer is due, on the clock that steps are given. */
export type Timers<Name extends string> = Readonly<Partial<Record<Name, Elapsed>>>;

/**
 * How a search without clocks sees time in a state: any running timer may fire at any time, and how
 * long a process has waited is no part of its state. Its clock always shows 0.
 */
export interface Timing<S> {
  /** The names of the timers that run. */
  running(state: S): readonly string[];
  /** The same state, as if all that it has timed had begun at 0. */
  settled(state: S): S;
  /** The same state with this timer due at 0. */
  due(state: S, name: string): S;
}

const farAway = 1_000_000_000 as Elapsed;

type Timed = { readonly timers?: Timers<string> };

/** Of a state that keeps all that it has timed in a field `timers`, or times nothing. */
export const namedTiming: Timing<object> = {
  running: (state: Timed) => Object.keys(state.timers ?? {}),
  settled(state: Timed) {
    const { timers } = state;
    if (timers === undefined) return state;
    const names = Object.keys(timers).filter((name) => timers[name] !== undefined);
    return { ...state, timers: Object.fromEntries(names.map((name) => [name, farAway])) };
  },
  due: (state: Timed, name) => ({ ...state, timers: withTimer(state.timers ?? {}, name, 0) }),
};

export function withTimer<Name extends string>(
  timers: Timers<Name>,
  name: Name,
  at: number,
): Timers<Name> {
  return { ...timers, [name]: at };
}

export function withoutTimer<Name extends string>(timers: Timers<Name>, name: Name): Timers<Name> {
  const others = Object.entries(timers).filter(([other]) => other !== name);
  return Object.fromEntries(others) as Timers<Name>;
}

export function isDue<Name extends string>(
  timers: Timers<Name>,
  name: Name,
  now: Elapsed,
): boolean {
  const at = timers[name];
  return at !== undefined && at <= now;
}

/** Asks to be woken when the next timer is due: the last effect of a step. */
export function wakeFor(timers: Timers<string>): readonly Wake[] {
  let next: Elapsed | undefined;
  for (const at of Object.values(timers)) {
    if (at !== undefined && (next === undefined || at < next)) next = at;
  }
  return next === undefined ? [] : [{ type: "wake", at: next }];
}

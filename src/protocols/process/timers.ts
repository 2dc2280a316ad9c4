/** Named timers of a process over the one `wake` that its host knows. */

import type { Wake } from "../../machine/machine.ts";
import type { Elapsed } from "../../primitives/brand.ts";

/** When each running timer is due, on the clock that steps are given. */
export type Timers<Name extends string> = Readonly<Partial<Record<Name, Elapsed>>>;

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

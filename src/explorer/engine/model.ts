/** What the explorer searches: states, the moves between them, and what is promised of them. */

import type { Words } from "./words.ts";

/** @param label what happened, in a few words; shown in traces. */
export type Visit<S> = (label: string, successor: S) => void;

/** States are plain readonly data; equal states must encode to equal words. */
export interface Model<S = unknown> {
  initial(): readonly S[];
  /** Calls `visit` for each move, also for those that lead back to the same state. */
  moves(state: S, visit: Visit<S>): void;
  /** Writes all of a state: what is left out does not distinguish two states. */
  encode(state: S, words: Words): void;
  /** What must hold in every state. */
  readonly promises: readonly StatePromise<S>[];
  /** What must hold in some state: a model in which nothing happens keeps every promise. */
  readonly goals: readonly StatePromise<S>[];
  /** One state for all that differ only by names (`orbit.ts`); absent if names matter. */
  representative?(state: S): S;
  /** A state for readers of a trace, as plain data. */
  show(state: S): unknown;
}

export interface StatePromise<S> {
  readonly name: string;
  holds(state: S): boolean;
}

/** What must hold of every step, also of one to a state that is known already. */
export interface StepPromise<S> {
  readonly name: string;
  holds(before: S, after: S): boolean;
}

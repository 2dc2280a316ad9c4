/** Breadth-first search over all states of a model, with shortest ways to broken promises. */

import type { Model, StatePromise, StepPromise } from "./model.ts";
import { noParent, StateTable } from "./state-table.ts";
import { Words } from "./words.ts";

export type Options<S> = {
  /** Takes states that differ only by names for one. */
  readonly isSymmetric?: boolean;
  /** No more states than these are kept. */
  readonly statesMax?: number;
  /** Ends with the first broken promise; otherwise all states are visited all the same. */
  readonly endsAtViolation?: boolean;
  readonly stepPromises?: readonly StepPromise<S>[];
};

export type Counts = {
  /** Different states. */
  readonly unique: number;
  /** Initial states and all moves, also those to known states: as TLC counts. */
  readonly generated: number;
  /** States on the longest of all shortest ways from an initial state, itself counted: TLC's. */
  readonly depth: number;
};

/** Why a search ended: at all states, at `statesMax`, or at the first broken promise. */
export type Ending = "complete" | "states" | "violation";

/** A state that was found, and by which name it was looked for. */
export type Finding = {
  readonly name: string;
  /** The number of the state. A broken step's `step` leads on from it. */
  readonly state: number;
  readonly step?: string;
};

/** The shortest way to a state: one state more than moves. */
export type Trace<S> = { readonly states: readonly S[]; readonly moves: readonly string[] };

/** Numbers above do not fit the table of states. */
export const statesLimit = 2 ** 29;

/**
 * A search that goes on in portions, so that its caller can show progress, look at memory and
 * stop. States are numbered in the order in which they are met, level by level.
 */
export class Exploration<S> {
  readonly #model: Model<S>;
  readonly #options: Options<S>;
  readonly #statesMax: number;
  readonly #words = new Words();
  readonly #table = new StateTable();
  /** The states of a level, which wait for their turn; one that had it is dropped. */
  #present: (S | undefined)[] = [];
  #next: S[] = [];
  /** The position in the present level of the state whose turn it is. */
  #position = 0;
  #presentFirst = 0;
  #generated = 0;
  #depth = 0;
  #ending: Ending | undefined;
  readonly #violations: Finding[] = [];
  readonly #goals: Finding[] = [];
  #pendingPromises: readonly StatePromise<S>[];
  #pendingGoals: readonly StatePromise<S>[];
  #pendingSteps: readonly StepPromise<S>[];
  #withoutMoves = 0;
  #firstWithoutMoves: number | undefined;

  constructor(model: Model<S>, options: Options<S> = {}) {
    this.#model = model;
    this.#options = options;
    this.#statesMax = Math.min(options.statesMax ?? statesLimit, statesLimit);
    this.#pendingPromises = model.promises;
    this.#pendingGoals = model.goals;
    this.#pendingSteps = options.stepPromises ?? [];
    for (const state of model.initial()) this.#meet(state, noParent);
    this.#turnLevel();
  }

  get counts(): Counts {
    return { unique: this.#table.size, generated: this.#generated, depth: this.#depth };
  }

  /** Known states whose moves are still to be looked at. */
  get waiting(): number {
    return this.#present.length - this.#position + this.#next.length;
  }

  /** Undefined while the search can go on. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** The first state in which each broken promise was broken; breadth first, so none is nearer. */
  get violations(): readonly Finding[] {
    return this.#violations;
  }

  /** The first state in which each goal was reached. */
  get goals(): readonly Finding[] {
    return this.#goals;
  }

  /** States that no move leads out of: how many, and the number of the first. */
  get withoutMoves(): { readonly count: number; readonly first: number | undefined } {
    return { count: this.#withoutMoves, first: this.#firstWithoutMoves };
  }

  /** Looks at the moves of some states. @returns whether the search can go on. */
  advance(states: number): boolean {
    for (let left = states; left > 0 && this.#ending === undefined; left--) this.#expand();
    return this.#ending === undefined;
  }

  /**
   * The shortest way to a state. Only fingerprints and parents are kept, so the way is walked
   * again from an initial state, as TLC does it.
   *
   * @throws Error if the model does not make the same moves again.
   */
  traceTo({ state: last, step }: Finding): Trace<S> {
    const path: number[] = [];
    for (let at = last; at !== noParent; at = this.#table.parentOf(at)) path.unshift(at);
    const [first = noParent, ...rest] = path;
    const states = [this.#model.initial().find((state) => this.#is(state, first))];
    const moves: string[] = [];
    for (const wanted of rest) {
      const move = this.#moveFrom(states.at(-1), (state) => this.#is(state, wanted));
      states.push(move.state);
      moves.push(move.label);
    }
    if (step !== undefined) {
      const broken = this.#moveFrom(states.at(-1), (_, label) => label === step);
      states.push(broken.state);
      moves.push(step);
    }
    return { states: states as S[], moves };
  }

  #expand(): void {
    if (this.#position === this.#present.length) {
      this.#turnLevel();
      return;
    }
    const state = this.#present[this.#position] as S;
    const number = this.#presentFirst + this.#position;
    this.#present[this.#position++] = undefined;
    const before = this.#generated;
    this.#model.moves(state, (label, successor) => {
      if (this.#ending !== undefined) return;
      if (this.#pendingSteps.length > 0) this.#checkStep(number, state, label, successor);
      this.#meet(successor, number);
    });
    if (this.#generated === before) {
      this.#withoutMoves += 1;
      this.#firstWithoutMoves ??= number;
    }
  }

  /** The next level becomes the present one, or the search has seen everything. */
  #turnLevel(): void {
    this.#presentFirst += this.#present.length;
    this.#present = this.#next;
    this.#next = [];
    this.#position = 0;
    if (this.#present.length > 0) this.#depth += 1;
    else this.#ending ??= "complete";
  }

  #meet(state: S, parent: number): void {
    this.#fingerprint(state);
    const { low, high } = this.#words;
    if (this.#table.size === this.#statesMax && this.#table.find(low, high) < 0) {
      this.#ending = "states";
      return;
    }
    this.#generated += 1;
    if (!this.#table.add(low, high, parent)) return;
    this.#next.push(state);
    if (this.#pendingPromises.length > 0) this.#checkPromises(state);
    if (this.#pendingGoals.length > 0) this.#checkGoals(state);
  }

  #fingerprint(state: S): void {
    const model = this.#model;
    const isSymmetric = this.#options.isSymmetric === true;
    this.#words.clear();
    model.encode(isSymmetric ? (model.representative?.(state) ?? state) : state, this.#words);
    this.#words.seal();
  }

  #checkPromises(state: S): void {
    for (const promise of this.#pendingPromises) {
      if (promise.holds(state)) continue;
      this.#break({ name: promise.name, state: this.#table.size - 1 });
      this.#pendingPromises = this.#pendingPromises.filter((each) => each !== promise);
    }
  }

  #checkGoals(state: S): void {
    for (const goal of this.#pendingGoals) {
      if (!goal.holds(state)) continue;
      this.#goals.push({ name: goal.name, state: this.#table.size - 1 });
      this.#pendingGoals = this.#pendingGoals.filter((each) => each !== goal);
    }
  }

  #checkStep(from: number, before: S, label: string, after: S): void {
    for (const promise of this.#pendingSteps) {
      if (promise.holds(before, after)) continue;
      this.#break({ name: promise.name, state: from, step: label });
      this.#pendingSteps = this.#pendingSteps.filter((each) => each !== promise);
    }
  }

  #break(violation: Finding): void {
    this.#violations.push(violation);
    if (this.#options.endsAtViolation === true) this.#ending = "violation";
  }

  #is(state: S, number: number): boolean {
    this.#fingerprint(state);
    return this.#table.hasFingerprint(number, this.#words.low, this.#words.high);
  }

  #moveFrom(
    state: S | undefined,
    isWanted: (successor: S, label: string) => boolean,
  ): { readonly label: string; readonly state: S } {
    let found: { readonly label: string; readonly state: S } | undefined;
    if (state !== undefined) {
      this.#model.moves(state, (label, successor) => {
        if (found === undefined && isWanted(successor, label)) found = { label, state: successor };
      });
    }
    if (found === undefined) throw new Error("the model does not make the same moves again");
    return found;
  }
}

/** Searches to the end. */
export function explore<S>(model: Model<S>, options: Options<S> = {}): Exploration<S> {
  const exploration = new Exploration(model, options);
  while (exploration.advance(1_000_000));
  return exploration;
}

/**
 * Whether one model does what another, simpler one allows: each of its states is mapped to a state
 * of the other, first states to first states, and each step to a step of the other or to none.
 */

import { Exploration, type Options, type Trace } from "./explore.ts";
import type { Model, StepPromise } from "./model.ts";
import { Words } from "./words.ts";

export type Refinement<S, T> = {
  readonly concrete: Model<S>;
  readonly abstract: Model<T>;
  readonly abstractOf: (state: S) => T;
  /** A concrete step may be so many abstract ones, if it does several things at once. */
  readonly stepsMax?: number;
};

export type RefinementVerdict<S, T> = {
  readonly exploration: Exploration<S>;
  /** Different abstract states that concrete ones were mapped to. */
  readonly covered: number;
  /** The shortest way to a step that the abstract model does not allow. */
  readonly violation: RefinementViolation<S, T> | undefined;
};

export type RefinementViolation<S, T> = {
  /** Its last move is the step that is not allowed; no move if already the first state is not. */
  readonly trace: Trace<S>;
  readonly abstractStates: readonly T[];
};

/** Visits all states of the concrete model, or as many as the options allow. */
export function checkRefinement<S, T>(
  refinement: Refinement<S, T>,
  options: Omit<Options<S>, "stepPromises" | "endsAtViolation" | "isSymmetric"> = {},
): RefinementVerdict<S, T> {
  const { concrete, abstract, abstractOf } = refinement;
  const steps = new AbstractSteps(abstract, refinement.stepsMax ?? 1);
  const initial = new Set(abstract.initial().map((state) => steps.keyOf(state)));
  const wrong = concrete.initial().find((state) => !initial.has(steps.keyOf(abstractOf(state))));
  const covered = new Set<string>();
  const allowed: StepPromise<S> = {
    name: "each step is one that the abstract model allows",
    holds: (before, after) => {
      const [from, to] = [abstractOf(before), abstractOf(after)];
      const key = steps.keyOf(to);
      if (!steps.allows(from, key)) return false;
      covered.add(key);
      return true;
    },
  };
  const silent: Model<S> = {
    initial: () => concrete.initial(),
    moves: (state, visit) => concrete.moves(state, visit),
    encode: (state, words) => concrete.encode(state, words),
    promises: [],
    goals: [],
    show: (state) => concrete.show(state),
  };
  const exploration = new Exploration(silent, {
    ...options,
    stepPromises: [allowed],
    endsAtViolation: true,
  });
  const withTrace = (trace: Trace<S>): RefinementVerdict<S, T> => {
    const violation = { trace, abstractStates: trace.states.map(abstractOf) };
    return { exploration, covered: covered.size, violation };
  };
  if (wrong !== undefined) return withTrace({ states: [wrong], moves: [] });
  for (const key of initial) covered.add(key);
  while (exploration.advance(10_000));
  const [finding] = exploration.violations;
  if (finding !== undefined) return withTrace(exploration.traceTo(finding));
  return { exploration, covered: covered.size, violation: undefined };
}

/** The steps of the abstract model, computed once for each of its states. */
class AbstractSteps<T> {
  readonly #model: Model<T>;
  readonly #stepsMax: number;
  readonly #words = new Words();
  readonly #known = new Map<string, ReadonlySet<string>>();

  constructor(model: Model<T>, stepsMax: number) {
    this.#model = model;
    this.#stepsMax = stepsMax;
  }

  /** All that distinguishes a state, exactly. */
  keyOf(state: T): string {
    this.#words.clear();
    this.#model.encode(state, this.#words);
    return this.#words.toArray().join();
  }

  /** Whether some steps, or none, lead from a state to the one with this key. */
  allows(from: T, key: string): boolean {
    const fromKey = this.keyOf(from);
    let reached = this.#known.get(fromKey);
    if (reached === undefined) {
      reached = this.#reachedFrom(from, fromKey);
      this.#known.set(fromKey, reached);
    }
    return reached.has(key);
  }

  #reachedFrom(from: T, fromKey: string): ReadonlySet<string> {
    const reached = new Set([fromKey]);
    let level = [from];
    for (let step = 0; step < this.#stepsMax; step++) {
      const next: T[] = [];
      for (const state of level) {
        this.#model.moves(state, (_, successor) => {
          const key = this.keyOf(successor);
          if (reached.has(key)) return;
          reached.add(key);
          next.push(successor);
        });
      }
      level = next;
    }
    return reached;
  }
}

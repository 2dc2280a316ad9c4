/**
 * Whether a history is linearizable: whether each operation can be thought to have happened at one
 * moment between its invocation and its return. Keys are judged one by one, for a history is
 * linearizable exactly if that of each key is.
 *
 * @see Herlihy, Wing, Linearizability: a correctness condition for concurrent objects, 1990
 */

import type { Operation } from "./history.ts";
import { initialText, type ModelName, taskOf } from "./model.ts";
import { Memory } from "./search/configurations.ts";
import { type Progress, Search } from "./search/search.ts";
import type { Task } from "./search/task.ts";

/** How many steps a key has in its first turn; each turn has twice as many as the one before. */
const firstTurnSteps = 2_000;
/** No turn is longer, so that one who waits for an answer can look at a clock in between. */
const turnStepsMax = 250_000;

/** What the configurations that were met may take together; Node itself takes some 60 MB. */
export const memoryBytesMax = 300 * 2 ** 20;

/** What may be spent in all on finding how far a refused history can be explained. */
const prefixStepsMax = 4_000_000;

/** What cannot be placed: with it, the beginning of the history is not linearizable any more. */
export type Refusal = {
  readonly key: string;
  readonly operation: Operation;
  /**
   * How many events of the history can be explained: all before the return of that operation.
   * Unless it is exact, more may be possible, and a later operation the first that cannot be placed.
   */
  readonly longestPrefix: number;
  readonly isExact: boolean;
};

export type LinearizabilityVerdict =
  | { readonly outcome: "linearizable" }
  | { readonly outcome: "refused"; readonly refusal: Refusal }
  /** The memory or the patience was used up before these keys were decided. */
  | { readonly outcome: "undecided"; readonly keys: readonly string[] };

export type LinearizabilityOptions = {
  readonly model: ModelName;
  /** In bytes, `memoryBytesMax` if absent. */
  readonly memory?: number;
};

/** One key's part of the check. */
type Turn = {
  readonly key: string;
  readonly operations: readonly Operation[];
  readonly search: Search;
  steps: number;
};

/** A check that is carried out a little at a time. */
export class LinearizabilityCheck {
  readonly #model: ModelName;
  readonly #memory: Memory;
  /** Those whose turn is still to come, and those that wait until they have the memory alone. */
  #waiting: Turn[];
  readonly #postponed: Turn[] = [];
  readonly #undecided: Turn[] = [];
  readonly #keys: ReadonlyMap<string, readonly Operation[]>;
  #closedConfigurations = 0;
  #verdict: LinearizabilityVerdict | undefined;

  constructor(operations: readonly Operation[], { model, memory }: LinearizabilityOptions) {
    this.#model = model;
    this.#memory = new Memory(memory ?? memoryBytesMax);
    this.#keys = byKey(operations);
    this.#waiting = [...this.#keys].map(([key, own]) => this.#turnOf(key, own));
  }

  get keysCount(): number {
    return this.#keys.size;
  }

  /** How many configurations all keys together have met so far. */
  get configurations(): number {
    const searching = [...this.#waiting, ...this.#postponed];
    return searching.reduce(
      (sum, { search }) => sum + search.configurations,
      this.#closedConfigurations,
    );
  }

  /** Gives one key its turn. @returns the verdict once there is one. */
  advance(): LinearizabilityVerdict | undefined {
    if (this.#verdict !== undefined) return this.#verdict;
    const turn = this.#waiting.shift() ?? this.#retry();
    if (turn === undefined) return (this.#verdict = this.#conclude());
    const progress = turn.search.advance(turn.steps);
    turn.steps = Math.min(2 * turn.steps, turnStepsMax);
    if (progress === "going-on") {
      this.#waiting.push(turn);
      return undefined;
    }
    // Those that are postponed hold no memory.
    const isAlone = this.#waiting.length === 0;
    if (progress === "full") (isAlone ? this.#undecided : this.#postponed).push(turn);
    this.#close(turn);
    if (progress !== "refused") return undefined;
    return (this.#verdict = this.#refuse(turn));
  }

  /** What can be said if there is no time to go on. */
  giveUp(): LinearizabilityVerdict {
    if (this.#verdict !== undefined) return this.#verdict;
    const keys = [...this.#waiting, ...this.#postponed, ...this.#undecided].map(({ key }) => key);
    return (this.#verdict = { outcome: "undecided", keys });
  }

  #turnOf(key: string, operations: readonly Operation[]): Turn {
    const tasks = tasksOf(operations, this.#model, Infinity);
    const search = new Search(tasks, initialText(this.#model), this.#memory);
    return { key, operations, search, steps: firstTurnSteps };
  }

  /** A key for which there was no memory beside the others begins anew. */
  #retry(): Turn | undefined {
    const turn = this.#postponed.shift();
    return turn === undefined ? undefined : this.#turnOf(turn.key, turn.operations);
  }

  #close({ search }: Turn): void {
    this.#closedConfigurations += search.configurations;
    search.close();
  }

  #conclude(): LinearizabilityVerdict {
    if (this.#undecided.length === 0) return { outcome: "linearizable" };
    return { outcome: "undecided", keys: this.#undecided.map(({ key }) => key) };
  }

  /** Looks for the first return, over all keys, with which the history cannot be explained. */
  #refuse(turn: Turn): LinearizabilityVerdict {
    const others = [...this.#waiting, ...this.#postponed, ...this.#undecided];
    for (const other of this.#waiting) this.#close(other);
    this.#waiting = [];
    const prefixes = new PrefixSearch(this.#model, this.#memory);
    let refusal = prefixes.find(turn, turn.search.furthest);
    for (const other of others) {
      const progress = prefixes.judge(other.operations, refusal.longestPrefix);
      if (progress === "refused") refusal = prefixes.find(other, other.search.furthest);
      else if (progress !== "found") refusal = { ...refusal, isExact: false };
    }
    return { outcome: "refused", refusal };
  }
}

function byKey(operations: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    const { key } = operation.invocation;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [operation]);
    else group.push(operation);
  }
  return groups;
}

type Refused = { readonly key: string; readonly operations: readonly Operation[] };

/** Finds how far a refused history can be explained. What it may spend on that is limited, too. */
class PrefixSearch {
  readonly #model: ModelName;
  readonly #memory: Memory;
  #stepsLeft = prefixStepsMax;

  constructor(model: ModelName, memory: Memory) {
    this.#model = model;
    this.#memory = memory;
  }

  /** @param furthest up to this position there is an order that explains all. */
  find({ key, operations }: Refused, furthest: number): Refusal {
    const returning = operations
      .filter((operation) => (taskOf(operation, this.#model)?.returned ?? Infinity) < Infinity)
      .filter(({ returnedAt = -1 }) => returnedAt >= furthest)
      .sort((a, b) => (a.returnedAt as number) - (b.returnedAt as number));
    // With the returns before `low` all can be explained, with that at `high` it cannot.
    let [low, high, isExact] = [0, returning.length - 1, true];
    for (let width = 1; low < high && isExact; width *= 2) {
      const middle = Math.min(low + width - 1, (low + high) >> 1);
      const { returnedAt = 0 } = returning[middle] as Operation;
      const progress = this.judge(operations, returnedAt + 1);
      if (progress === "found") low = middle + 1;
      else if (progress === "refused") high = middle;
      else isExact = false;
      if (progress === "refused") width = high - low;
    }
    const operation = returning[high] as Operation;
    const longestPrefix = (returning[low] as Operation).returnedAt as number;
    return { key, operation, longestPrefix, isExact };
  }

  /** Whether a key's history can be explained as far as it stands before a position. */
  judge(operations: readonly Operation[], before: number): Progress {
    const tasks = tasksOf(operations, this.#model, before);
    const search = new Search(tasks, initialText(this.#model), this.#memory);
    let progress: Progress = "going-on";
    while (progress === "going-on" && this.#stepsLeft > 0) {
      const steps = Math.min(this.#stepsLeft, firstTurnSteps);
      progress = search.advance(steps);
      this.#stepsLeft -= steps;
    }
    search.close();
    return progress;
  }
}

function tasksOf(operations: readonly Operation[], model: ModelName, before: number): Task[] {
  return operations.flatMap((operation) => taskOf(operation, model, before) ?? []);
}

/** Judges a history to the end, however long it takes. */
export function checkLinearizability(
  operations: readonly Operation[],
  options: LinearizabilityOptions,
): LinearizabilityVerdict {
  const check = new LinearizabilityCheck(operations, options);
  let verdict = check.advance();
  while (verdict === undefined) verdict = check.advance();
  return verdict;
}

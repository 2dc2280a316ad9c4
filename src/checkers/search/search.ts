/**
 * Searches an order of the operations on one key in which each has the outcome that it had, and no
 * operation stands before one that had returned when it was called: depth first, without meeting a
 * configuration twice.
 *
 * Some operations need no trial, which changes no answer:
 * - What changes nothing and may be placed now is placed now.
 * - Of operations with the same effect the one that must return first is placed first.
 * - What leaves a value that no operation notices stands directly before the next write, unless it
 *   must return before that.
 * - An operation of unknown outcome is placed only where the next one could not stand without it.
 * - No value is left while an operation asks for it that no other could supply (`outlook.ts`).
 *
 * @see Wing, Gong, Testing and verifying concurrent objects, 1993; Lowe, Testing for linearizability, 2016
 */

import { Configurations, type Memory } from "./configurations.ts";
import { deadEffect, Effects, impossible, unobserved } from "./effects.ts";
import { OpenTasks } from "./open-tasks.ts";
import { createOutlook, type Outlook } from "./outlook.ts";
import { Remaining } from "./remaining.ts";
import { isOpen, type Task } from "./task.ts";
import { Wanted } from "./wanted.ts";

/** `full`: there is no memory left. */
export type Progress = "found" | "refused" | "going-on" | "full";

/** A configuration on the way to the present one, with what is still to be tried from there. */
type Frame = {
  readonly state: number;
  readonly placedCount: number;
  readonly candidates: readonly Candidate[];
  tried: number;
};

/** A task that may be placed next, the state that it leaves, and by when it should be placed. */
type Candidate = { readonly task: number; readonly target: number; readonly deadline: number };

export class Search {
  readonly #tasks: readonly Task[];
  readonly #effects: Effects;
  readonly #outlook: Outlook;
  readonly #remaining: Remaining;
  readonly #open: OpenTasks;
  readonly #met: Configurations;
  readonly #key: Uint32Array;
  /** A bit for each task that returned, set if it is placed. */
  readonly #bits: Uint32Array;
  /** By effect: the best task that has it, if the mark is that of the present collection. */
  readonly #best: Int32Array;
  readonly #bestMark: Int32Array;
  #mark = 0;
  readonly #wanted: Wanted;
  readonly #placed: number[] = [];
  readonly #frames: Frame[] = [];
  #state: number;
  #hasBegun = false;
  #furthest = -1;

  /** @param tasks of one key, in any order. */
  constructor(tasks: readonly Task[], initial: string, memory: Memory) {
    const byCall = [...tasks].sort((a, b) => a.called - b.called);
    // Those that returned come first: their places are their bits.
    this.#tasks = [...byCall.filter((task) => !isOpen(task)), ...byCall.filter(isOpen)];
    this.#effects = new Effects(this.#tasks, initial);
    this.#outlook = createOutlook(this.#tasks, this.#effects);
    this.#remaining = new Remaining(this.#tasks);
    this.#open = new OpenTasks(this.#tasks, this.#effects);
    this.#met = new Configurations(memory);
    this.#bits = new Uint32Array((this.#remaining.count >> 5) + 1);
    this.#key = new Uint32Array(3 + this.#bits.length + this.#open.wordsMax);
    this.#best = new Int32Array(this.#effects.count);
    this.#bestMark = new Int32Array(this.#effects.count);
    this.#wanted = new Wanted(this.#effects.statesCount);
    this.#state = this.#effects.initial;
  }

  /** How many configurations it has met. */
  get configurations(): number {
    return this.#met.count;
  }

  /**
   * The position of the latest return up to which some order was found: all that returned before it
   * could be placed. -1 before the search has begun.
   */
  get furthest(): number {
    return this.#furthest;
  }

  /** Gives the memory back; the search is over. */
  close(): void {
    this.#met.clear();
  }

  /** Goes on for so many steps at most. */
  advance(steps: number): Progress {
    if (!this.#hasBegun) {
      if (this.#outlook.isHopeless()) return "refused";
      const progress = this.#arrive();
      if (progress !== "going-on") return progress;
      this.#hasBegun = true;
    }
    for (let step = 0; step < steps; step++) {
      const frame = this.#frames.at(-1);
      if (frame === undefined) return "refused";
      this.#returnTo(frame);
      const candidate = frame.candidates[frame.tried++];
      if (candidate === undefined) {
        this.#frames.pop();
        continue;
      }
      this.#place(candidate);
      const progress = this.#arrive();
      if (progress !== "going-on") return progress;
    }
    return "going-on";
  }

  /** Looks round in the present configuration, and keeps it as a frame if it is a new one. */
  #arrive(): Progress {
    this.#placeFree();
    if (this.#remaining.count === 0) return "found";
    const firstReturn = this.#remaining.firstReturn();
    const forced = this.#remaining.taskAt(firstReturn);
    const { returned } = this.#tasks[forced] as Task;
    this.#furthest = Math.max(this.#furthest, returned);
    const added = this.#met.add(this.#key, this.#writeKey(firstReturn));
    if (added === "full") return "full";
    if (added === "new") {
      const candidates = this.#collect(forced, returned);
      const [state, placedCount] = [this.#state, this.#placed.length];
      this.#frames.push({ state, placedCount, candidates, tried: 0 });
    }
    return "going-on";
  }

  /** Places all that changes nothing and can stand here. */
  #placeFree(): void {
    const remaining = this.#remaining;
    let node = remaining.count === 0 ? 0 : remaining.first;
    while (node !== 0 && !remaining.isReturn(node)) {
      const task = remaining.taskAt(node);
      if (!this.#isFree(this.#effects.effectOf[task] as number)) {
        node = remaining.after(node);
        continue;
      }
      const before = remaining.before(node);
      this.#take(task);
      node = remaining.after(before);
    }
  }

  #isFree(effect: number): boolean {
    if (effect === deadEffect) return this.#state === unobserved && !this.#effects.hasMismatch;
    return this.#effects.isPure(effect) && this.#effects.next(effect, this.#state) !== impossible;
  }

  /** What may be placed next, the most urgent first. */
  #collect(forced: number, before: number): readonly Candidate[] {
    const [effects, remaining, state] = [this.#effects, this.#remaining, this.#state];
    const wanted = this.#wanted;
    wanted.clear();
    const offered: number[] = [];
    this.#mark++;
    for (let node = remaining.first; !remaining.isReturn(node); node = remaining.after(node)) {
      const task = remaining.taskAt(node);
      const effect = effects.effectOf[task] as number;
      if (effects.next(effect, state) === impossible) {
        if (effects.isPure(effect) && effects.comparedBy(effect) >= 0) wanted.any = true;
        else wanted.add(effects.need[effect] as number, (this.#tasks[task] as Task).returned);
      } else if (effect !== deadEffect || effects.hasMismatch || task === forced) {
        if (this.#bestMark[effect] !== this.#mark) offered.push(effect);
        this.#offer(effect, task);
      }
    }
    const isOffered = (effect: number): boolean => this.#bestMark[effect] === this.#mark;
    const open = this.#open.useful(state, before, wanted, isOffered);
    const tasks = offered.map((effect) => this.#best[effect] as number);
    return [...tasks, ...open]
      .map((task) => this.#candidateOf(task))
      .filter(({ task, target }) => this.#outlook.mayLeave(state, task, target))
      .sort((a, b) => a.deadline - b.deadline);
  }

  #candidateOf(task: number): Candidate {
    const target = this.#effects.next(this.#effects.effectOf[task] as number, this.#state);
    const { returned } = this.#tasks[task] as Task;
    // It should be placed for itself, or for what waits for its value.
    return { task, target, deadline: Math.min(returned, this.#wanted.by(target)) };
  }

  #offer(effect: number, task: number): void {
    const isFirst = this.#bestMark[effect] !== this.#mark;
    const other = this.#tasks[this.#best[effect] as number] as Task;
    if (!isFirst && other.returned <= (this.#tasks[task] as Task).returned) return;
    this.#bestMark[effect] = this.#mark;
    this.#best[effect] = task;
  }

  #place({ task, target }: Candidate): void {
    const effect = this.#effects.effectOf[task] as number;
    if (this.#effects.isWrite(effect) && !this.#effects.hasMismatch) this.#placeDead(task);
    this.#take(task);
    this.#state = target;
  }

  /** Places, directly before a write, all other operations whose value is never noticed. */
  #placeDead(write: number): void {
    const remaining = this.#remaining;
    let node = remaining.first;
    while (!remaining.isReturn(node)) {
      const task = remaining.taskAt(node);
      const before = remaining.before(node);
      const isDead = task !== write && this.#effects.effectOf[task] === deadEffect;
      if (isDead) this.#take(task);
      node = isDead ? remaining.after(before) : remaining.after(node);
      if (remaining.count === 0) return;
    }
  }

  #take(task: number): void {
    this.#placed.push(task);
    this.#outlook.placed(task);
    if (this.#open.isOpen(task)) return this.#open.take(task);
    this.#remaining.take(task);
    this.#bits[task >> 5] = (this.#bits[task >> 5] as number) | (1 << (task & 31));
  }

  #returnTo({ placedCount, state }: Frame): void {
    while (this.#placed.length > placedCount) {
      const task = this.#placed.pop() as number;
      this.#outlook.takenBack(task);
      if (this.#open.isOpen(task)) {
        this.#open.putBack(task);
        continue;
      }
      this.#remaining.putBack(task);
      this.#bits[task >> 5] = (this.#bits[task >> 5] as number) & ~(1 << (task & 31));
    }
    this.#state = state;
  }

  /** All tasks before the words written are placed, and none behind them. @returns how many words. */
  #writeKey(firstReturn: number): number {
    const start = this.#remaining.taskAt(this.#remaining.first) >> 5;
    const end = ((this.#remaining.callsBefore(firstReturn) - 1) >> 5) + 1;
    let length = 0;
    this.#key[length++] = this.#state;
    this.#key[length++] = start;
    this.#key[length++] = end - start;
    for (let word = start; word < end; word++) this.#key[length++] = this.#bits[word] as number;
    return this.#open.writeTo(this.#key, length);
  }
}

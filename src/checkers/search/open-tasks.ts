/**
 * The operations of unknown outcome. Of those with the same effect the one called first may stand for
 * all, since none of them ever has to be placed: so how many are used says which.
 */

import { deadEffect, type Effects, impossible, unobserved } from "./effects.ts";
import { isOpen, type Task } from "./task.ts";
import type { Wanted } from "./wanted.ts";

type Group = { readonly effect: number; readonly tasks: readonly number[]; used: number };

export class OpenTasks {
  readonly #tasks: readonly Task[];
  readonly #effects: Effects;
  readonly #groups: readonly Group[];
  /** By task. */
  readonly #groupOf = new Map<number, Group>();
  /** By the state that they leave: the writes, and each cas. */
  readonly #writers = new Map<number, Group>();
  readonly #swaps = new Map<number, Group[]>();
  readonly #isText: boolean;

  constructor(tasks: readonly Task[], effects: Effects) {
    this.#tasks = tasks;
    this.#effects = effects;
    this.#isText = tasks.some(({ action }) => action.type === "append");
    const groups = new Map<number, number[]>();
    for (const [index, task] of tasks.entries()) {
      const effect = effects.effectOf[index] as number;
      if (!isOpen(task) || (effect === deadEffect && !effects.hasMismatch)) continue;
      groups.set(effect, [...(groups.get(effect) ?? []), index]);
    }
    this.#groups = [...groups].map(([effect, indexes]) => ({ effect, tasks: indexes, used: 0 }));
    for (const group of this.#groups) {
      for (const task of group.tasks) this.#groupOf.set(task, group);
      const state = effects.supply[group.effect] as number;
      if (effects.isWrite(group.effect)) this.#writers.set(state, group);
      else if (!effects.isAppend(group.effect)) {
        this.#swaps.set(state, [...(this.#swaps.get(state) ?? []), group]);
      }
    }
  }

  /** The tasks that may be of use now; `isOffered` says of an effect that another task has it. */
  useful(
    state: number,
    before: number,
    wanted: Wanted,
    isOffered: (effect: number) => boolean,
  ): readonly number[] {
    if (this.#groups.length === 0) return [];
    const groups = this.#isText || wanted.any ? this.#groups : this.#wantedGroups(before, wanted);
    const useful: number[] = [];
    for (const group of groups) {
      const task = this.#ready(group, before);
      if (task === undefined || isOffered(group.effect)) continue;
      const target = this.#effects.next(group.effect, state);
      if (target === impossible || target === state) continue;
      if (target === unobserved && !this.#effects.hasMismatch) continue;
      useful.push(task);
    }
    return useful;
  }

  /** Also what leads to a wanted value over a cas that is open itself. */
  #wantedGroups(before: number, wanted: Wanted): readonly Group[] {
    const found: Group[] = [];
    for (const state of wanted.states) {
      const writer = this.#writers.get(state);
      if (writer !== undefined) found.push(writer);
      for (const group of this.#swaps.get(state) ?? []) {
        found.push(group);
        const from = this.#effects.comparedBy(group.effect);
        if (this.#ready(group, before) !== undefined) wanted.add(from, wanted.by(state));
      }
    }
    return found;
  }

  #ready(group: Group, before: number): number | undefined {
    const task = group.tasks[group.used];
    return task !== undefined && (this.#tasks[task] as Task).called < before ? task : undefined;
  }

  isOpen(task: number): boolean {
    return this.#groupOf.has(task);
  }

  take(task: number): void {
    (this.#groupOf.get(task) as Group).used++;
  }

  putBack(task: number): void {
    (this.#groupOf.get(task) as Group).used--;
  }

  /** Writes which are used as words of a key. @returns the key's length afterwards. */
  writeTo(key: Uint32Array, length: number): number {
    let end = length;
    for (const { effect, used } of this.#groups) {
      if (used === 0) continue;
      key[end++] = effect;
      key[end++] = used;
    }
    return end;
  }

  /** How many words `writeTo` needs at most. */
  get wordsMax(): number {
    return 2 * this.#groups.length;
  }
}

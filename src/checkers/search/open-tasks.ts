/**
 * The operations of unknown outcome. Of those with the same effect the one called first may stand for
 * all, since none of them ever has to be placed: so how many are used says which.
 */

import { deadEffect, type Effects, impossible, none, unobserved } from "./effects.ts";
import { isOpen, type Task } from "./task.ts";

type Group = { readonly effect: number; readonly tasks: readonly number[]; used: number };

/** What could help now: values that are asked for; `any` if any other value would do. */
export type Wanted = { any: boolean; readonly states: Set<number> };

export class OpenTasks {
  readonly #tasks: readonly Task[];
  readonly #effects: Effects;
  readonly #groups: readonly Group[];
  /** By task. */
  readonly #groupOf = new Map<number, Group>();
  readonly #writers = new Map<number, Group>();
  readonly #others: readonly Group[];
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
      const { effect } = group;
      if (effects.isWrite(effect)) this.#writers.set(effects.supply[effect] as number, group);
    }
    this.#others = this.#groups.filter(({ effect }) => !effects.isWrite(effect));
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
  #wantedGroups(before: number, { states }: Wanted): readonly Group[] {
    const found = new Set<Group>();
    const ready = this.#others.filter((group) => this.#ready(group, before) !== undefined);
    for (let isChanged = true; isChanged;) {
      isChanged = false;
      for (const group of ready) {
        if (found.has(group) || !states.has(this.#effects.supply[group.effect] as number)) continue;
        found.add(group);
        states.add(this.#effects.comparedBy(group.effect));
        isChanged = true;
      }
    }
    for (const state of states) {
      const group = state === none ? undefined : this.#writers.get(state);
      if (group !== undefined) found.add(group);
    }
    return [...found];
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

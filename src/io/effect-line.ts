/** Effects in line: they are carried out strictly in order, and wait behind what goes to the disk. */

import type { Persist } from "../machine/machine.ts";
import type { Write } from "../machine/store.ts";

/** An effect with what its owner must know to carry it out. */
type Departing<Effect> = { readonly effect: Effect };

export type EffectLineOptions<Effect, Item extends Departing<Effect>> = {
  /** Resolves when the batch is on disk. */
  readonly persist: (batch: readonly Write[]) => Promise<void>;
  /** Carries out all others. */
  readonly execute: (item: Item, effect: Exclude<Effect, Persist>) => void;
  /** Nothing that stands behind the failure is carried out. @param effect its type. */
  readonly onFailure: (effect: string, cause: unknown) => void;
  /** Called when the line has moved: there may be room, or nothing left. */
  readonly onMoved: () => void;
};

/**
 * Behind a `persist` that is under way later events may be handled, but what they lead to stays in
 * line: so no other node learns of what a crash could undo.
 */
export class EffectLine<
  Effect extends { readonly type: string },
  Item extends Departing<Effect | Persist>,
> {
  readonly #options: EffectLineOptions<Effect | Persist, Item>;
  readonly #items: Item[] = [];
  #isPersisting = false;
  #hasFailed = false;

  constructor(options: EffectLineOptions<Effect | Persist, Item>) {
    this.#options = options;
  }

  get length(): number {
    return this.#items.length;
  }

  /** True if nothing waits, and nothing is on its way to the disk. */
  get isIdle(): boolean {
    return this.#items.length === 0 && !this.#isPersisting;
  }

  add(items: readonly Item[]): void {
    this.#items.push(...items);
    this.#move();
  }

  /** Empties the line. @returns what will not be carried out. */
  drop(): readonly Item[] {
    return this.#items.splice(0);
  }

  #move(): void {
    while (!this.#isPersisting && !this.#hasFailed) {
      const item = this.#items.shift();
      if (item === undefined) break;
      const { effect } = item;
      if (isPersist(effect)) void this.#persist(effect);
      if (isOwn(effect)) this.#execute(item, effect);
    }
    this.#options.onMoved();
  }

  #execute(item: Item, effect: Exclude<Effect | Persist, Persist>): void {
    try {
      this.#options.execute(item, effect);
    } catch (error) {
      this.#fail(effect.type, error);
    }
  }

  async #persist({ batch }: Persist): Promise<void> {
    this.#isPersisting = true;
    try {
      await this.#options.persist(batch);
    } catch (error) {
      this.#fail("persist", error);
    }
    this.#isPersisting = false;
    this.#move();
  }

  #fail(effect: string, cause: unknown): void {
    this.#hasFailed = true;
    this.#options.onFailure(effect, cause);
  }
}

function isPersist<E extends { readonly type: string }>(effect: E | Persist): effect is Persist {
  return effect.type === "persist";
}

function isOwn<E extends { readonly type: string }>(effect: E): effect is Exclude<E, Persist> {
  return effect.type !== "persist";
}

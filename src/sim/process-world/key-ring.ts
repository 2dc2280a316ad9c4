/**
 * The keys that clients use at a time, and the values that they write. A key lives for seconds only,
 * so that a request of unknown outcome stays beside few others.
 */

import type { Random } from "../../primitives/random.ts";
import type { Value } from "../../protocols/process/key-value.ts";

/** The part of a clock that is read only. */
export type Stopwatch = { readonly elapsedMs: number };

const lifeMsMin = 5_000;
const lifeMsMax = 10_000;
/** How many are in use at a time. */
const keysCount = 3;

/** Values that a program may take for nothing by mistake. */
const easilyOverlooked: readonly Value[] = [0, "", false];
/** The share of writes that have one of them. */
const overlookedShare = 0.25;

export class Key {
  readonly name: string;
  readonly diesAtMs: number;
  /** What an answer showed last, for the next comparison. */
  lastSeen: Value = null;
  readonly #random: Random;
  readonly #overlooked = [...easilyOverlooked];
  #written = 0;

  constructor(name: string, diesAtMs: number, random: Random) {
    this.name = name;
    this.diesAtMs = diesAtMs;
    this.#random = random;
  }

  /** A value that this key has never been given: so a read shows which write it has seen. */
  nextValue(): Value {
    const isDrawn = this.#random.nextFloat() < overlookedShare;
    const drawn = isDrawn ? this.#overlooked.pop() : undefined;
    if (drawn !== undefined) return drawn;
    this.#written += 1;
    return this.#written % 2 === 0 ? this.#written : `${this.name}-${this.#written}`;
  }
}

export class KeyRing {
  readonly #clock: Stopwatch;
  readonly #random: Random;
  readonly #keys: Key[] = [];
  #made = 0;

  constructor(clock: Stopwatch, random: Random) {
    this.#clock = clock;
    this.#random = random;
    for (let at = 0; at < keysCount; at++) this.#keys.push(this.#make());
  }

  pick(): Key {
    const at = this.#random.nextBelow(keysCount);
    const key = this.#keys[at] as Key;
    if (this.#clock.elapsedMs < key.diesAtMs) return key;
    return (this.#keys[at] = this.#make());
  }

  /** Nothing more is asked of a key; a new one takes its place. */
  retire(key: Key): void {
    const at = this.#keys.indexOf(key);
    if (at >= 0) this.#keys[at] = this.#make();
  }

  #make(): Key {
    this.#made += 1;
    const lifeMs = lifeMsMin + this.#random.nextBelow(lifeMsMax - lifeMsMin + 1);
    return new Key(`k${this.#made}`, this.#clock.elapsedMs + lifeMs, this.#random);
  }
}

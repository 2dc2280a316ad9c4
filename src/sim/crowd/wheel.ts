/** A calendar wheel: what happens next, for millions of small events; one bucket a millisecond. */

/** What happens: three whole numbers of 32 bits, which the wheel does not interpret. */
export type Happen = (x: number, y: number, z: number) => void;

type FarEvent = {
  readonly time: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
};

/** Words of an event: the next one in its bucket, then x, y and z. */
const stride = 4;
const none = -1;
const capacityFirst = 1 << 12;

/**
 * A ring of buckets, each a list in order of arrival, so that events of one time happen in the
 * order in which they were added. Typed arrays hold them all: an event is no object, so there is no
 * garbage to collect. What is further away than the ring is long waits in a list; put few events
 * there.
 *
 * @see Varghese & Lauck, Hashed and Hierarchical Timing Wheels, 1987
 */
export class Wheel {
  readonly #mask: number;
  readonly #heads: Int32Array;
  readonly #tails: Int32Array;
  #events = new Int32Array(capacityFirst * stride);
  /** The first event that is free, in the same kind of list. */
  #free = none;
  /** Events from here on were never used. */
  #unused = 0;
  #time = 0;
  #bucket = 0;
  #near = 0;
  /** Latest first. */
  readonly #far: FarEvent[] = [];

  /** @param spanMs how long the ring is: a power of two, more than almost every delay. */
  constructor(spanMs = 1 << 14) {
    if (spanMs < 1 || (spanMs & (spanMs - 1)) !== 0) {
      throw new RangeError(`the span must be a power of two, got ${spanMs}`);
    }
    this.#mask = spanMs - 1;
    this.#heads = new Int32Array(spanMs).fill(none);
    this.#tails = new Int32Array(spanMs).fill(none);
  }

  /** When the newest event happened, in milliseconds. */
  get now(): number {
    return this.#time;
  }

  /** Events to come. */
  get length(): number {
    return this.#near + this.#far.length;
  }

  /** @param delayMs whole and not negative. */
  add(delayMs: number, x: number, y: number, z: number): void {
    if (!(Number.isInteger(delayMs) && delayMs >= 0)) {
      throw new RangeError(`a delay must be a whole number and not negative, got ${delayMs}`);
    }
    if (delayMs > this.#mask) this.#addFar({ time: this.#time + delayMs, x, y, z });
    else this.#addNear(delayMs, x, y, z);
  }

  /**
   * Runs all events, and those that they add, until none is left, or so many have run. Answers
   * whether something is left.
   */
  run(happen: Happen, eventsMax = Infinity): boolean {
    for (let events = 0; events < eventsMax && this.#advance(); events++) {
      const event = this.#heads[this.#bucket] as number;
      const at = event * stride;
      const next = this.#events[at] as number;
      const x = this.#events[at + 1] as number;
      const y = this.#events[at + 2] as number;
      const z = this.#events[at + 3] as number;
      this.#heads[this.#bucket] = next;
      if (next === none) this.#tails[this.#bucket] = none;
      this.#events[at] = this.#free;
      this.#free = event;
      this.#near -= 1;
      happen(x, y, z);
    }
    return this.length > 0;
  }

  /** Turns to the next bucket that is not empty; false if there is none. */
  #advance(): boolean {
    if (this.#near === 0) {
      const next = this.#far.at(-1);
      if (next === undefined) return false;
      this.#turnTo(next.time);
    }
    while (this.#heads[this.#bucket] === none) this.#turnTo(this.#time + 1);
    return true;
  }

  #turnTo(time: number): void {
    this.#bucket = (this.#bucket + time - this.#time) & this.#mask;
    this.#time = time;
    // Before anything can be added directly to the same bucket, so the order of arrival stays.
    for (let next = this.#far.at(-1); next !== undefined; next = this.#far.at(-1)) {
      if (next.time - time > this.#mask) return;
      this.#far.pop();
      this.#addNear(next.time - time, next.x, next.y, next.z);
    }
  }

  #addNear(delayMs: number, x: number, y: number, z: number): void {
    const event = this.#takeFree();
    const at = event * stride;
    this.#events[at] = none;
    this.#events[at + 1] = x;
    this.#events[at + 2] = y;
    this.#events[at + 3] = z;
    const bucket = (this.#bucket + delayMs) & this.#mask;
    const last = this.#tails[bucket] as number;
    if (last === none) this.#heads[bucket] = event;
    else this.#events[last * stride] = event;
    this.#tails[bucket] = event;
    this.#near += 1;
  }

  #takeFree(): number {
    const event = this.#free;
    if (event !== none) {
      this.#free = this.#events[event * stride] as number;
      return event;
    }
    if ((this.#unused + 1) * stride > this.#events.length) {
      const larger = new Int32Array(this.#events.length * 2);
      larger.set(this.#events);
      this.#events = larger;
    }
    return this.#unused++;
  }

  #addFar(event: FarEvent): void {
    let position = this.#far.length;
    while (position > 0 && (this.#far[position - 1] as FarEvent).time <= event.time) position -= 1;
    this.#far.splice(position, 0, event);
  }
}

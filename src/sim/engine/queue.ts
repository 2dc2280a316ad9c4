/** A calendar queue: what happens next, by time, and by order of arrival where times are equal. */

export type Appointment<T> = {
  readonly time: number;
  readonly sequence: number;
  readonly item: T;
};

/** Most appointments are a network delay away: a day holds few of them, a year most. */
const dayMs = 8;
const daysPerYear = 512;

/**
 * A ring of days. Each day's page holds the appointments of that day in this year and in all later
 * ones, in order; the queue leafs through the ring and takes what is due this year.
 *
 * @see Brown, Calendar Queues: A Fast O(1) Priority Queue Implementation, 1988
 */
export class CalendarQueue<T> {
  readonly #pages: Appointment<T>[][] = Array.from({ length: daysPerYear }, () => []);
  #today = 0;
  #length = 0;
  #sequence = 0;

  get length(): number {
    return this.#length;
  }

  /** @param time finite and not before that of the last item taken. */
  add(time: number, item: T): Appointment<T> {
    if (!(time >= this.#today * dayMs && time < Infinity)) {
      throw new RangeError(`time ${time} is not between day ${this.#today} and forever`);
    }
    const appointment = { time, sequence: ++this.#sequence, item };
    const page = this.#pageOf(dayOf(time));
    let position = page.length;
    while (position > 0 && (page[position - 1] as Appointment<T>).time > time) position -= 1;
    if (position === page.length) page.push(appointment);
    else page.splice(position, 0, appointment);
    this.#length += 1;
    return appointment;
  }

  /** The next one, without taking it. */
  peek(): Appointment<T> | undefined {
    if (this.#length === 0) return undefined;
    for (let day = this.#today; day < this.#today + daysPerYear; day++) {
      const first = this.#pageOf(day)[0];
      if (first !== undefined && dayOf(first.time) === day) return first;
    }
    return this.#firstOfAll();
  }

  take(): Appointment<T> | undefined {
    const next = this.peek();
    if (next === undefined) return undefined;
    this.#today = dayOf(next.time);
    this.#pageOf(this.#today).shift();
    this.#length -= 1;
    return next;
  }

  /** True if it was still there. */
  cancel(appointment: Appointment<T>): boolean {
    const page = this.#pageOf(dayOf(appointment.time));
    const position = page.indexOf(appointment);
    if (position === -1) return false;
    page.splice(position, 1);
    this.#length -= 1;
    return true;
  }

  #pageOf(day: number): Appointment<T>[] {
    return this.#pages[day % daysPerYear] as Appointment<T>[];
  }

  /** If this year has no appointments, search all pages. Equal times are on the same page. */
  #firstOfAll(): Appointment<T> | undefined {
    let first: Appointment<T> | undefined;
    for (const [candidate] of this.#pages) {
      if (candidate && (first === undefined || candidate.time < first.time)) first = candidate;
    }
    return first;
  }
}

function dayOf(time: number): number {
  return Math.floor(time / dayMs);
}

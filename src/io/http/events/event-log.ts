/** The latest events of a node or a lab, so that a stream that broke can resume. */

/** Some minutes of a busy node. */
const eventsMaxDefault = 4_096;

export class EventLog {
  readonly #eventsMax: number;
  readonly #firstId: number;
  /** A ring: the event with id n is at n modulo its length. */
  readonly #ring: string[] = [];
  readonly #listeners = new Set<() => void>();
  #nextId: number;

  /** Keeps the latest so many events. */
  constructor(firstId: number, eventsMax = eventsMaxDefault) {
    this.#firstId = firstId;
    this.#nextId = firstId;
    this.#eventsMax = eventsMax;
  }

  /** What the next event is going to have. */
  get nextId(): number {
    return this.#nextId;
  }

  /** Of what is kept; the next one's if that is nothing. */
  get oldestId(): number {
    return Math.max(this.#firstId, this.#nextId - this.#eventsMax);
  }

  /** @param json the event, in one line. */
  add(json: string): void {
    this.#ring[this.#nextId % this.#eventsMax] = json;
    this.#nextId += 1;
    for (const listener of this.#listeners) listener();
  }

  /** Undefined for what is not kept any more, and for what is to come. */
  get(id: number): string | undefined {
    const isKept = id >= this.oldestId && id < this.#nextId;
    return isKept ? this.#ring[id % this.#eventsMax] : undefined;
  }

  /** Whether all events after this id are still kept. */
  canResumeAfter(id: number): boolean {
    return id >= this.oldestId - 1 && id < this.#nextId;
  }

  /**
   * Calls whenever there is a new event.
   *
   * @returns a function that ends it.
   */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

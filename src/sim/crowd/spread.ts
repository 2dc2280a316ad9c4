/** How long one block takes to reach the nodes of a crowd. */

export class Spread {
  readonly foundAtMs: number;
  readonly #delaysMs: Int32Array;
  #count = 0;

  constructor(size: number, foundAtMs: number) {
    this.#delaysMs = new Int32Array(size);
    this.foundAtMs = foundAtMs;
  }

  /** Notes that one more node has it. */
  reach(nowMs: number): void {
    this.#delaysMs[this.#count++] = nowMs - this.foundAtMs;
  }

  get isComplete(): boolean {
    return this.#count === this.#delaysMs.length;
  }

  /**
   * The time from the finding until so many percent of all nodes have it. Nodes are noted in the
   * order of time, so nothing is to be sorted.
   */
  delayMs(percent: number): number {
    const position = Math.max(Math.ceil((this.#delaysMs.length * percent) / 100) - 1, 0);
    if (position >= this.#count) throw new Error(`less than ${percent} % of the nodes have it`);
    return this.#delaysMs[position] as number;
  }
}

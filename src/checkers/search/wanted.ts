/** The values that operations which could be placed now ask for, and how soon they must be placed. */

export class Wanted {
  /** Whether any value but the present one would do for one of them. */
  any = false;
  #states: number[] = [];
  /** By state, where the mark is that of the present round. */
  readonly #by: Float64Array;
  readonly #marks: Int32Array;
  #mark = 0;

  constructor(statesCount: number) {
    this.#by = new Float64Array(statesCount);
    this.#marks = new Int32Array(statesCount);
  }

  /** Each once; what is added while one goes through them is met, too. */
  get states(): readonly number[] {
    return this.#states;
  }

  clear(): void {
    this.any = false;
    this.#states = [];
    this.#mark++;
  }

  /** @param by the position by which the value must be there. */
  add(state: number, by: number): void {
    if (!this.has(state)) {
      this.#marks[state] = this.#mark;
      this.#by[state] = by;
      this.#states.push(state);
    } else if (by < (this.#by[state] as number)) this.#by[state] = by;
  }

  has(state: number): boolean {
    return this.#marks[state] === this.#mark;
  }

  /** Infinity if it is not wanted. */
  by(state: number): number {
    return this.has(state) ? (this.#by[state] as number) : Infinity;
  }
}

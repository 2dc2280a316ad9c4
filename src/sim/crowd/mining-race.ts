/** The race for the next block: which miner finds it, and when. */

import type { Random } from "../../primitives/random.ts";

/**
 * Proof of work has no memory. So instead of one waiting time for each miner, of which only the
 * shortest counts, it draws the time until any miner finds a block, and then which one: the
 * distribution is the same, with two draws.
 */
export class MiningRace {
  readonly #random: Random;
  readonly #intervalMs: number;
  /** The hash power of each miner and those before it. */
  readonly #powers: Float64Array;

  /**
   * @param powers hash power of each miner, in any unit.
   * @param intervalMs the mean time between two blocks of all miners.
   */
  constructor(powers: readonly number[], intervalMs: number, random: Random) {
    this.#random = random;
    this.#intervalMs = intervalMs;
    let sum = 0;
    this.#powers = Float64Array.from(powers, (power) => (sum += power));
    if (!(sum > 0 && sum < Infinity)) throw new RangeError("no miner has hash power");
  }

  /** How long the next block takes, to the next whole millisecond. */
  drawDelayMs(): number {
    return Math.ceil(this.#random.nextExponential(this.#intervalMs));
  }

  /** Each as likely as its share of the power. */
  drawWinner(): number {
    const total = this.#powers.at(-1) as number;
    const drawn = this.#random.nextFloat() * total;
    let low = 0;
    let high = this.#powers.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#powers[middle] as number) > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** How many of n processes are enough, so that any two such groups share some. */

/** The least number of processes that is more than half: ⌊n/2⌋ + 1. */
export function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** How many processes two groups of this size share at least: 2 · size − n. */
export function overlapOf(count: number, size: number): number {
  return Math.max(0, 2 * size - count);
}

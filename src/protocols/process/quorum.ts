/** How many of n processes are enough, so that any two such groups share some. */

/** The least number of processes that is more than half: ⌊n/2⌋ + 1. */
export function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** How many processes two groups of this size share at least: 2 · size − n. */
export function overlapOf(count: number, size: number): number {
  return Math.max(0, 2 * size - count);
}

/** How many of n processes may be byzantine: f = ⌊(n − 1)/3⌋. */
export function byzantineMaxOf(count: number): number {
  return Math.floor((count - 1) / 3);
}

/**
 * The least size for which two groups share more than f processes, so an honest one at least:
 * ⌈(n + f + 1)/2⌉, which is 2f + 1 where n = 3f + 1.
 */
export function byzantineQuorumOf(count: number): number {
  return Math.ceil((count + byzantineMaxOf(count) + 1) / 2);
}

/**
 * Symmetry: states that differ only by the names of equal participants are one orbit, and one
 * state of each orbit stands for all. A search that takes them for one finds the same broken
 * promises, as long as no promise and no move names a participant.
 */

/**
 * Members in the order of their codes. It stands for all orders only if a code holds all that the
 * state knows of a member, and nothing in the state names one.
 */
export function sorted<T>(members: readonly T[], codeOf: (member: T) => number): readonly T[] {
  return members.toSorted((a, b) => codeOf(a) - codeOf(b));
}

/** All orders of the numbers from 0 to length - 1. */
export function permutations(length: number): readonly (readonly number[])[] {
  if (length === 0) return [[]];
  const shorter = permutations(length - 1);
  return shorter.flatMap((order) => {
    return Array.from({ length }, (_, at) => order.toSpliced(at, 0, length - 1));
  });
}

/** The least of some encodings, compared number by number: the same one for a whole orbit. */
export function least(codes: readonly (readonly number[])[]): number {
  let best = 0;
  for (let i = 1; i < codes.length; i++) {
    if (compare(codes[i] ?? [], codes[best] ?? []) < 0) best = i;
  }
  return best;
}

export function compare(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

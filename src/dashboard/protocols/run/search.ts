/** Searches in lists that are in the order of time. */

/** How many from the first on are so, in a list whose first ones are and whose others are not. */
export function countUntil<T>(list: readonly T[], isSo: (item: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSo(list[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The items of a piece of time, each with its position; the end is not part of it. */
export function itemsWithin<T>(
  list: readonly T[],
  timeOf: (item: T) => number,
  fromMs: number,
  toMs: number,
): readonly { readonly item: T; readonly position: number }[] {
  const first = countUntil(list, (item) => timeOf(item) < fromMs);
  const end = countUntil(list, (item) => timeOf(item) < toMs);
  return list.slice(first, end).map((item, at) => ({ item, position: first + at }));
}

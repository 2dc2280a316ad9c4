/** Where a time falls in a list that is in the order of its times. */

import type { Milliseconds } from "../../primitives/brand.ts";

/** How many of the first items happened up to this time, that time included. */
export function countUntil<Item>(
  items: readonly Item[],
  at: Milliseconds,
  timeOf: (item: Item) => Milliseconds,
): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOf(items[middle] as Item) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

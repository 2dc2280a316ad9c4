/** Fair choice among peers: the same items in random order. */
export function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, rank: Math.random() }))
    .sort((first, second) => first.rank - second.rank)
    .map(({ item }) => item);
}

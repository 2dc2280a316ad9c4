/** The shortest list that still fails: items that the failure does not need only hide its cause. */

/**
 * Leaves out items, many at once and then one by one, as long as what is left still fails.
 *
 * The answer fails, and without any one of its items it would not, unless `runsMax` was reached.
 *
 * @param stillFails must be true for all items together.
 * @param runsMax how often it may be asked.
 * @see Zeller & Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002
 */
export function shrink<T>(
  items: readonly T[],
  stillFails: (items: readonly T[]) => boolean,
  runsMax: number,
): readonly T[] {
  let kept = items;
  let runs = 0;
  for (let size = items.length; size >= 1;) {
    const shorter = findShorter(kept, size, (tried) => ++runs <= runsMax && stillFails(tried));
    if (shorter === undefined) size = Math.floor(size / 2);
    else kept = shorter;
    size = Math.min(size, kept.length);
  }
  return kept;
}

/** The first list without a run of so many items that still fails. */
function findShorter<T>(
  items: readonly T[],
  size: number,
  stillFails: (items: readonly T[]) => boolean,
): readonly T[] | undefined {
  for (let from = 0; from < items.length; from += size) {
    const tried = [...items.slice(0, from), ...items.slice(from + size)];
    if (stillFails(tried)) return tried;
  }
  return undefined;
}

/** Which long parts of the tree without forks, far below the tip, are drawn as one box. */

/** All heights from the first to the last of it, both included. */
export type CollapsedRun = { readonly from: number; readonly to: number };

export type Columns = {
  /** The lowest first. */
  readonly runs: readonly CollapsedRun[];
  /** The columns at both ends. */
  readonly first: number;
  readonly last: number;
  /**
   * Heights of one run share a column. Above all runs a height's column is the height itself, so
   * that nothing near the tip moves when something far behind it is collapsed.
   */
  readonly columnOf: (height: number) => number;
  /** The height drawn in a column, the greatest of a run; the nearest height outside of the tree. */
  readonly heightAt: (column: number) => number;
};

export type ColumnsOptions = {
  readonly blocksAtHeight: ReadonlyMap<number, number>;
  /** Heights that stay visible: of nodes' tips, and of what is watched or selected. */
  readonly kept: ReadonlySet<number>;
  /** First heights of runs that someone opened. */
  readonly opened: ReadonlySet<number>;
};

/** Shorter runs are drawn block by block. */
export const runLengthMin = 8;
/** Blocks below the highest one that are always drawn. */
export const blocksShown = 24;
/** A run grows by this many heights at once, so that what is left of it seldom moves. */
const growthStep = 8;

/** @throws RangeError if there is no block. */
export function collapseRuns({ blocksAtHeight, kept, opened }: ColumnsOptions): Columns {
  if (blocksAtHeight.size === 0) throw new RangeError("a tree without a block has no columns");
  let [first, last] = [Infinity, -Infinity];
  for (const height of blocksAtHeight.keys()) {
    first = Math.min(first, height);
    last = Math.max(last, height);
  }
  const limit = Math.floor((last - blocksShown) / growthStep) * growthStep;
  const isStraight = (height: number) =>
    !kept.has(height) && [height - 1, height, height + 1].every((h) => blocksAtHeight.get(h) === 1);
  const runs: CollapsedRun[] = [];
  for (let from = first; from <= limit; from += 1) {
    let to = from - 1;
    while (to < limit && isStraight(to + 1)) to += 1;
    if (to - from + 1 >= runLengthMin && !opened.has(from)) runs.push({ from, to });
    from = Math.max(from, to);
  }
  return columnsWith(runs, first, last);
}

function columnsWith(runs: readonly CollapsedRun[], first: number, last: number): Columns {
  const columnOf = (height: number): number => {
    let column = height;
    for (const { from, to } of runs) {
      if (height < to) column += height < from ? to - from : to - height;
    }
    return column;
  };
  const heightAt = (column: number): number => {
    let height = column;
    for (const { from, to } of runs.toReversed()) {
      if (height >= to) break;
      height -= to - from;
    }
    return Math.min(last, Math.max(first, height));
  };
  return { runs, first: columnOf(first), last: columnOf(last), columnOf, heightAt };
}

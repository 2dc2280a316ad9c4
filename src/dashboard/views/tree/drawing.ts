/** What of the tree is drawn at a moment: boxes, lines and collapsed runs, with their places. */

import type { BlockHash } from "../../../primitives/brand.ts";
import type { Columns } from "../../story/collapsed-runs.ts";
import type { Heights } from "../../story/heights.ts";
import type { Sight } from "../../story/sight.ts";
import type { Standing } from "../../story/standing.ts";
import type { Story, StoryBlock } from "../../story/story.ts";
import { rowOfLane, type TreeLayout } from "../../story/tree-layout.ts";
import { branchColour } from "../elements/branch-colour.ts";
import { boxHeight, boxWidth, columnWidth, rowHeight, type View } from "./geometry.ts";

export type Point = { readonly x: number; readonly y: number };

export type DrawnBlock = Point & {
  readonly block: StoryBlock;
  readonly standing: Standing;
  /** Of its branch, in CSS. */
  readonly colour: string;
};

export type DrawnRun = Point & { readonly from: number; readonly to: number };

export type Drawing = {
  /** The newest first. */
  readonly blocks: readonly DrawnBlock[];
  readonly runs: readonly DrawnRun[];
  /** One path for all lines of a kind. */
  readonly lines: Readonly<Record<Standing, string>>;
};

/** More would make the page slow, and could not be read. */
const blocksMax = 300;

export class TreeMap {
  readonly #story: Story;
  readonly #layout: TreeLayout;
  readonly #columns: Columns;
  readonly #origin: number;

  /** @param origin the height at x = 0. */
  constructor(story: Story, layout: TreeLayout, columns: Columns, origin: number) {
    this.#story = story;
    this.#layout = layout;
    this.#columns = columns;
    this.#origin = origin;
  }

  /** The middle of a block's box; undefined if it has no place. */
  pointOf(hash: BlockHash): Point | undefined {
    const place = this.#layout.placeOf(hash);
    if (place === undefined) return undefined;
    const column = this.#columns.columnOf(place.height);
    return { x: this.xOf(column), y: rowOfLane(place.lane) * rowHeight };
  }

  /** The middle of a column. */
  xOf(column: number): number {
    return (column - this.#origin + 0.5) * columnWidth;
  }

  rowOf(hash: BlockHash): number {
    return rowOfLane(this.#layout.placeOf(hash)?.lane ?? 0);
  }

  colourOf(hash: BlockHash, standing: Standing): string {
    return standing === "withheld" ? "var(--withheld)" : branchColour(this.#layout, hash);
  }

  draw(heights: Heights, sight: Sight, view: View): Drawing {
    const blocks: DrawnBlock[] = [];
    const runs: DrawnRun[] = [];
    const lines: Record<Standing, string> = { active: "", competing: "", stale: "", withheld: "" };
    for (let column = view.last; column >= view.first && blocks.length < blocksMax; column -= 1) {
      const height = this.#columns.heightAt(column);
      const run = this.#columns.runs.find(({ to }) => to === height);
      const here = (heights.blocksAt.get(height) ?? []).filter((block) => sight.has(block));
      if (run !== undefined) {
        const [block] = here;
        const point = block && this.pointOf(block.hash);
        if (point !== undefined) runs.push({ ...run, ...point });
        if (block !== undefined) lines.active += this.#lineTo(block, run.from);
        continue;
      }
      for (const block of here) {
        const point = this.pointOf(block.hash);
        if (point === undefined) continue;
        const standing = sight.standingOf(block.hash);
        blocks.push({ block, standing, colour: this.colourOf(block.hash, standing), ...point });
        lines[standing] += this.#lineTo(block, block.height);
      }
    }
    return { blocks, runs, lines };
  }

  /** From the box of the parent; empty if it is unknown. For a run, from the block before it. */
  #lineTo(block: StoryBlock, from: number): string {
    let parent = block.previous;
    for (let height = block.height; height > from && parent !== null; height -= 1) {
      parent = this.#story.block(parent)?.previous ?? null;
    }
    const [start, end] = [parent && this.pointOf(parent), this.pointOf(block.hash)];
    if (!start || !end) return "";
    const [left, right] = [start.x + boxWidth / 2, end.x - boxWidth / 2];
    if (start.y === end.y) return `M${left} ${start.y}H${right}`;
    const bend = Math.min((right - left) / 2, boxHeight / 4);
    const middle = (left + right) / 2;
    const down = end.y > start.y ? bend : -bend;
    return (
      `M${left} ${start.y}Q${middle} ${start.y} ${middle} ${start.y + down}` +
      `V${end.y - down}Q${middle} ${end.y} ${right} ${end.y}`
    );
  }
}

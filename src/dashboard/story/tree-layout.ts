/** The place of each block in the drawing of the tree; later blocks do not move it. */

import type { BlockHash } from "../../primitives/brand.ts";
import type { StoryBlock } from "./story.ts";

/** The column is the height; the first branch that was reported is in lane 0. */
export type Place = { readonly height: number; readonly lane: number };

type Lane = { readonly heights: Set<number>; end: number };
type Candidate = { readonly lane: number; readonly distance: number; readonly crossings: number };

/**
 * Blank columns after the last block of a lane before another branch may begin there: the old
 * branch has room to grow a little, and its tip for a flag.
 */
const laneGap = 4;

/**
 * The row in which a lane is drawn: 0 in the middle, positive below, negative above. So lanes 0, 1,
 * 2, 3, 4 are rows 0, 1, -1, 2, -2.
 */
export function rowOfLane(lane: number): number {
  if (lane === 0) return 0; // and not -0
  return lane % 2 === 1 ? (lane + 1) / 2 : -lane / 2;
}

function laneOfRow(row: number): number {
  return row > 0 ? 2 * row - 1 : -2 * row;
}

/**
 * A branch keeps its lane as long as it can. A fork begins in the nearest lane that is free from
 * there on, rather where its line crosses no other. Lines run from a height to the next one, so they
 * change their lane between two columns and never pass through a block.
 */
export class TreeLayout {
  readonly #places = new Map<BlockHash, Place>();
  readonly #lanes = new Map<number, Lane>();
  #laneCount = 1;

  /** Gives a block its place, after its parent's; a block that has one keeps it. */
  place(block: Pick<StoryBlock, "hash" | "height" | "previous">): Place {
    const known = this.#places.get(block.hash);
    if (known !== undefined) return known;
    const parent = block.previous === null ? undefined : this.#places.get(block.previous);
    const lane = this.#laneFor(block.height, parent);
    const place = { height: block.height, lane };
    this.#occupy(place);
    this.#places.set(block.hash, place);
    return place;
  }

  placeOf(hash: BlockHash): Place | undefined {
    return this.#places.get(hash);
  }

  /** One more than the greatest lane; at least 1. */
  get laneCount(): number {
    return this.#laneCount;
  }

  #laneFor(height: number, parent: Place | undefined): number {
    if (parent === undefined) return this.#isOpen(0, height) ? 0 : this.#nearestOpen(0, height);
    return this.#isFree(parent.lane, height) ? parent.lane : this.#nearestOpen(parent.lane, height);
  }

  #nearestOpen(from: number, height: number): number {
    const [below, above] = [this.#firstOpen(from, height, 1), this.#firstOpen(from, height, -1)];
    const preference =
      below.crossings - above.crossings ||
      below.distance - above.distance ||
      below.lane - above.lane;
    return preference < 0 ? below.lane : above.lane;
  }

  /** Walks away from a lane until one is open. */
  #firstOpen(from: number, height: number, step: 1 | -1): Candidate {
    const row = rowOfLane(from);
    let crossings = 0;
    for (let distance = 1; ; distance += 1) {
      const lane = laneOfRow(row + step * distance);
      if (this.#isOpen(lane, height)) return { lane, distance, crossings };
      // A branch that reached the column before goes on here, or may do so later.
      if (!this.#isFree(lane, height - 1)) crossings += 1;
    }
  }

  #isFree(lane: number, height: number): boolean {
    return this.#lanes.get(lane)?.heights.has(height) !== true;
  }

  /** Whether the lane has no block at this height, just before it, or anywhere after it. */
  #isOpen(lane: number, height: number): boolean {
    const end = this.#lanes.get(lane)?.end;
    return end === undefined || end + laneGap < height;
  }

  #occupy({ height, lane }: Place): void {
    const known = this.#lanes.get(lane);
    if (known === undefined) {
      this.#lanes.set(lane, { heights: new Set([height]), end: height });
    } else {
      known.heights.add(height);
      known.end = Math.max(known.end, height);
    }
    this.#laneCount = Math.max(this.#laneCount, lane + 1);
  }
}

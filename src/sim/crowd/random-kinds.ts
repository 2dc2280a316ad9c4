/** Kinds of nodes: as many of each as its share says, in random order. */

import type { Random } from "../../primitives/random.ts";

/**
 * Answers the kind of each of so many nodes. The numbers are fixed, so seeds differ less than with
 * independent draws.
 *
 * @param bounds the share of nodes that are of this kind or one before it, for each kind.
 */
export function drawKinds(count: number, bounds: readonly number[], random: Random): number[] {
  const last = bounds.length - 1;
  const kinds = Array.from({ length: count }, (_, i) => {
    const kind = bounds.findIndex((bound) => i < Math.round(count * bound));
    return kind === -1 ? last : kind;
  });
  for (let i = count - 1; i > 0; i--) {
    const other = random.nextBelow(i + 1);
    [kinds[i], kinds[other]] = [kinds[other] as number, kinds[i] as number];
  }
  return kinds;
}

/** Answers which of so many nodes belong to a share of them. */
export function drawMembers(count: number, share: number, random: Random): boolean[] {
  return drawKinds(count, [share, 1], random).map((kind) => kind === 0);
}

/** Which block an arrow key goes to: along the branch, or to another one of the same height. */

import type { BlockHash } from "../../../primitives/brand.ts";
import type { Tree } from "./tree.ts";

export const treeKeys: ReadonlySet<string> = new Set([
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
  "Home",
  "End",
]);

/** Left is the parent, right a child, up and down the blocks of this height in other rows. */
export function blockByKey(tree: Tree, from: BlockHash, key: string): BlockHash | null {
  const { story, heights, sight } = tree;
  switch (key) {
    case "ArrowLeft":
      return seen(tree, story.block(from)?.previous ?? null);
    case "ArrowRight": {
      const children = story.childrenOf(from).filter((hash) => seen(tree, hash) !== null);
      return children.find((hash) => sight.standingOf(hash) === "active") ?? children[0] ?? null;
    }
    case "ArrowUp":
      return besides(tree, from).findLast(({ rows }) => rows < 0)?.hash ?? null;
    case "ArrowDown":
      return besides(tree, from).find(({ rows }) => rows > 0)?.hash ?? null;
    case "Home":
      return seen(tree, heights.root?.hash ?? null);
    case "End":
      return sight.best;
    default:
      return null;
  }
}

/** All of the same height by their row, counted from this one. */
function besides({ story, heights, sight, map }: Tree, from: BlockHash) {
  const row = map.rowOf(from);
  return (heights.blocksAt.get(story.block(from)?.height ?? -1) ?? [])
    .filter((block) => sight.has(block))
    .map(({ hash }) => ({ hash, rows: map.rowOf(hash) - row }))
    .sort((a, b) => a.rows - b.rows);
}

function seen({ story, sight }: Tree, hash: BlockHash | null): BlockHash | null {
  const block = hash === null ? undefined : story.block(hash);
  return block !== undefined && sight.has(block) ? block.hash : null;
}

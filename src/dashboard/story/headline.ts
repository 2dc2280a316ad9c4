/** The figures of the strip: height, tips, agreement, block interval, work, mempool, stale blocks. */

import type { BlockHash } from "../../primitives/brand.ts";
import { standingsIn } from "./standing.ts";
import type { Story, StoryNode } from "./story.ts";
import { type TipFigures, tipFigures } from "./tip-figures.ts";

export type Headline = {
  /** Of the best tip; null before the first node is up. */
  readonly height: number | null;
  /** Different tips of the nodes that are up. */
  readonly tips: number;
  /** Nodes that are up and follow the best tip. */
  readonly agreeing: number;
  readonly nodesUp: number;
  /** Of the latest blocks; null with fewer than two. */
  readonly meanIntervalMs: number | null;
  readonly targetSeconds: number | null;
  /** Expected hashes of the best tip. */
  readonly blockWork: bigint | null;
  /** Transactions in the fullest mempool. */
  readonly waiting: number;
  /** Blocks that no node follows, of all that were found. */
  readonly stale: number;
  readonly found: number;
};

/** @param viewer a node's name; null sees all. */
export function headlineOf(story: Story, viewer: string | null): Headline {
  const standings = standingsIn(story);
  const own = viewer === null ? undefined : story.node(viewer);
  const best = own?.tip ?? standings.best;
  const up = story.nodes.filter(({ state }) => state === "up");
  // To the viewer, a node that withholds a branch seems to follow the public one.
  const isHidden = ({ name, tip }: StoryNode) =>
    viewer !== null && name !== viewer && tip !== null && standings.of(tip) === "withheld";
  const tips = up.map((node) => (isHidden(node) ? best : node.tip));
  const figures = best === null ? undefined : figuresOf(story, best);
  const watched = own === undefined ? story.nodes : [own];
  return {
    height: (best === null ? undefined : story.block(best)?.height) ?? null,
    tips: new Set(tips.filter((tip) => tip !== null)).size,
    agreeing: tips.filter((tip) => tip !== null && tip === best).length,
    nodesUp: up.length,
    meanIntervalMs: figures?.intervalMs ?? null,
    targetSeconds: story.setting?.blockIntervalSeconds ?? null,
    blockWork: figures?.blockWork ?? null,
    waiting: Math.max(0, ...watched.map(({ waiting }) => waiting.size)),
    ...countStale(story, viewer),
  };
}

function figuresOf(story: Story, tip: BlockHash): TipFigures | undefined {
  return tipFigures(story, [tip], { best: tip, root: undefined }).get(tip);
}

/** Of the blocks found since the start of the story, as far as the viewer has them. */
function countStale(story: Story, viewer: string | null): Pick<Headline, "stale" | "found"> {
  const standings = standingsIn(story);
  let [stale, found] = [0, 0];
  for (const { hash, previous, arrivals } of story.blocks) {
    if (previous === null) continue;
    if (viewer !== null && !arrivals.some(({ node }) => node === viewer)) continue;
    found += 1;
    if (standings.of(hash) === "stale") stale += 1;
  }
  return { stale, found };
}

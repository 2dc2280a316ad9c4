/** What a viewer sees of the tree: the blocks and tips of all nodes, or only those of one node. */

import type { BlockHash } from "../../primitives/brand.ts";
import { type Standing, standingsIn } from "./standing.ts";
import type { Story, StoryBlock } from "./story.ts";

export type SeenTip = {
  readonly hash: BlockHash;
  /** Names of the nodes that follow it. */
  readonly followers: readonly string[];
};

export type Sight = {
  /** A node's name; null sees all. */
  readonly viewer: string | null;
  /** The tip that counts as best; null without any. */
  readonly best: BlockHash | null;
  /** One for each block that is a tip of some node or attacker, as far as the viewer can know. */
  readonly tips: readonly SeenTip[];
  has(block: StoryBlock): boolean;
  standingOf(hash: BlockHash): Standing;
  followersOf(hash: BlockHash): readonly string[];
};

/** @param viewer a node's name; null sees all. */
export function sightOf(story: Story, viewer: string | null): Sight {
  return viewer === null ? sightOfAll(story) : sightOfNode(story, viewer);
}

function sightOfAll(story: Story): Sight {
  const standings = standingsIn(story);
  const followed = story.nodes.flatMap(({ tip, state }) => (tip && state === "up" ? [tip] : []));
  if (standings.raced !== null) followed.push(standings.raced);
  const tips = [...new Set(followed)].filter((tip) => story.block(tip) !== undefined);
  return {
    viewer: null,
    best: standings.best,
    tips: tips.map((hash) => ({ hash, followers: standings.followersOf(hash) })),
    has: () => true,
    standingOf: (hash) => standings.of(hash),
    followersOf: (hash) => standings.followersOf(hash),
  };
}

/** A node does not know which tips others follow: all blocks off its own branch are stale to it. */
function sightOfNode(story: Story, viewer: string): Sight {
  const standings = standingsIn(story);
  const tip = story.node(viewer)?.tip ?? null;
  const active = new Set<BlockHash>();
  for (let hash = tip; hash !== null; hash = story.block(hash)?.previous ?? null) active.add(hash);
  const isKnown = tip !== null && story.block(tip) !== undefined;
  return {
    viewer,
    best: tip,
    tips: isKnown ? [{ hash: tip, followers: [viewer] }] : [],
    has: (block) => active.has(block.hash) || isThere(block, viewer),
    standingOf: (hash) => {
      if (standings.of(hash) === "withheld") return "withheld";
      return active.has(hash) ? "active" : "stale";
    },
    followersOf: (hash) => (hash === tip ? [viewer] : []),
  };
}

function isThere({ arrivals }: StoryBlock, viewer: string): boolean {
  return arrivals.some(({ node }) => node === viewer);
}

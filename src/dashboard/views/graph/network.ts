/** The nodes and links that the peer graph draws, peers outside of the lab among them. */

import { edgesOf } from "../../story/edges.ts";
import type { Story, StoryNode } from "../../story/story.ts";
import { newNode } from "../../story/story-node.ts";
import type { Network } from "./places.ts";

/** The nodes of the story, then those that are known only as a peer of one of them. */
export function drawnNodes(story: Story): readonly StoryNode[] {
  const known = story.nodes;
  const names = new Set(known.map(({ name }) => name));
  const outsiders = new Set(
    known.flatMap(({ peers }) => [...peers]).filter((peer) => !names.has(peer)),
  );
  return [...known, ...[...outsiders].map((name) => newNode(name, "observer"))];
}

/** Places depend on the intended links only: those stay when a node stops. */
export function networkOf(story: Story, nodes: readonly StoryNode[]): Network {
  const edges = edgesOf(story);
  const intended = edges.filter(({ isIntended }) => isIntended);
  const shaping = intended.length > 0 ? intended : edges;
  return {
    names: nodes.map(({ name }) => name),
    pairs: shaping.map(({ between }) => between),
    groups: story.groups,
  };
}

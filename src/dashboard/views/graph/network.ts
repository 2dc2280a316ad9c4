/** What of a story the peer graph draws: its nodes, strangers among them, and its network. */

import { edgesOf } from "../../story/edges.ts";
import { newNode } from "../../story/story-node.ts";
import type { Story, StoryNode } from "../../story/story.ts";
import type { Network } from "./places.ts";

/** The nodes of the story, then those who are only known as somebody's peer. */
export function drawnNodes(story: Story): readonly StoryNode[] {
  const known = story.nodes;
  const names = new Set(known.map(({ name }) => name));
  const strangers = new Set(
    known.flatMap(({ peers }) => [...peers]).filter((peer) => !names.has(peer)),
  );
  return [...known, ...[...strangers].map((name) => newNode(name, "observer"))];
}

/** Where nodes stand follows from the links that are meant to be: those stay when a node goes. */
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

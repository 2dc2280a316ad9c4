/** The blocks of a story by their height: what the drawing of the tree begins with. */

import type { Story, StoryBlock } from "./story.ts";

export type Heights = {
  readonly blocksAt: ReadonlyMap<number, readonly StoryBlock[]>;
  readonly counts: ReadonlyMap<number, number>;
  /** The lowest block; undefined in an empty story. */
  readonly root: StoryBlock | undefined;
  /** Whether there is any block that was found since the story began. */
  readonly hasFound: boolean;
};

/** Each height's blocks in the order of their first report. */
export function heightsOf(story: Story): Heights {
  const blocksAt = new Map<number, StoryBlock[]>();
  let root: StoryBlock | undefined;
  let hasFound = false;
  for (const block of story.blocks) {
    const siblings = blocksAt.get(block.height);
    if (siblings === undefined) blocksAt.set(block.height, [block]);
    else siblings.push(block);
    if (root === undefined || block.height < root.height) root = block;
    hasFound ||= block.previous !== null;
  }
  const counts = new Map([...blocksAt].map(([height, blocks]) => [height, blocks.length]));
  return { blocksAt, counts, root, hasFound };
}

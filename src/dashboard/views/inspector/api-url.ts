/** Where a node's API is reached, as other programs have to write it. */

import type { StoryNode } from "../../story/story.ts";

/** A single node's page knows it by its path alone. Null if nobody told. */
export function apiUrlOf({ url }: Pick<StoryNode, "url">): string | null {
  return url === null ? null : new URL(url, location.href).href;
}

/** Where a node's API is reached, as other programs have to write it. */

import type { StoryNode } from "../../story/story.ts";

/** On a single node's page it is given as a path alone. Null if unknown. */
export function apiUrlOf({ url }: Pick<StoryNode, "url">): string | null {
  return url === null ? null : new URL(url, location.href).href;
}

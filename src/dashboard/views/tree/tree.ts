/** The tree as one viewer sees it: its blocks, and where each of them is drawn. */

import type { Columns } from "../../story/collapsed-runs.ts";
import type { Heights } from "../../story/heights.ts";
import type { Sight } from "../../story/sight.ts";
import type { Story } from "../../story/story.ts";
import type { TreeMap } from "./drawing.ts";

export type Tree = {
  readonly story: Story;
  readonly heights: Heights;
  readonly sight: Sight;
  readonly columns: Columns;
  readonly map: TreeMap;
};

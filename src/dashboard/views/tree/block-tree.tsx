/** All branches of the chain as one tree, with every node's tip, the newest blocks at the right. */

import "./block-tree.css";
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { BlockHash } from "../../../primitives/brand.ts";
import { type Selection, useDashboard } from "../../state/dashboard.ts";
import { collapseRuns } from "../../story/collapsed-runs.ts";
import { type Heights, heightsOf } from "../../story/heights.ts";
import { sightOf } from "../../story/sight.ts";
import type { Story } from "../../story/story.ts";
import { viewerOf } from "../elements/viewpoint.ts";
import { TreeMap } from "./drawing.ts";
import { FirstBlock } from "./first-block.tsx";
import { Legend } from "./legend.tsx";
import { TreeWindow } from "./tree-window.tsx";

export function BlockTree() {
  const { playback, perspective } = useDashboard();
  const { story } = playback.moment.value;
  const viewer = viewerOf(perspective.value);
  const heights = useMemo(() => heightsOf(story), [story, story.blockCount]);

  return (
    <div class="block-tree">
      {viewer !== null && (
        <p class="tree-viewer">
          As {viewer} sees it
          <button type="button" onClick={() => (perspective.value = "everybody")}>
            see as all nodes
          </button>
        </p>
      )}
      {heights.root === undefined ? (
        <FirstBlock />
      ) : (
        <GrownTree {...{ story, heights, viewer }} origin={heights.root.height} />
      )}
      <Legend />
    </div>
  );
}

type GrownTreeProps = {
  readonly story: Story;
  readonly heights: Heights;
  readonly viewer: string | null;
  /** Of the lowest block. */
  readonly origin: number;
};

function GrownTree({ story, heights, viewer, origin }: GrownTreeProps) {
  const { layout, selection } = useDashboard();
  const opened = useSignal<ReadonlySet<number>>(new Set());
  const sight = sightOf(story, viewer);
  const watched = watchedBlocks(story, selection.value);
  const selected = selection.value?.type === "block" ? selection.value.hash : null;
  const visible = [...sight.tips.map(({ hash }) => hash), ...watched, selected];
  const kept = new Set(visible.map((hash) => (hash && story.block(hash)?.height) ?? -1));
  const columns = useMemo(
    () => collapseRuns({ blocksAtHeight: heights.counts, kept, opened: opened.value }),
    [heights, [...kept].join(), opened.value],
  );
  const map = new TreeMap(story, layout, columns, origin);
  return (
    <TreeWindow
      tree={{ story, heights, sight, columns, map }}
      watched={watched}
      onOpen={(run) => (opened.value = new Set([...opened.value, run]))}
      onNewest={() => (opened.value = new Set())}
    />
  );
}

/** Those of the payment that is selected or attacked, and of the one that conflicts with it. */
function watchedBlocks(story: Story, selection: Selection | null): ReadonlySet<BlockHash> {
  const txids = [];
  if (selection?.type === "transaction") {
    txids.push(selection.txid, story.payment(selection.txid)?.conflict);
  } else {
    for (const { step } of story.attack?.steps ?? []) {
      if (step.type === "paid") txids.push(step.payment, step.conflict);
    }
  }
  return new Set(txids.flatMap((txid) => (txid && story.payment(txid)?.blocks) ?? []));
}

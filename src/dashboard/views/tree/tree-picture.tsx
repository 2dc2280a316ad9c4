/** The drawing itself: lines, boxes, collapsed runs and flags. */

import type { BlockHash } from "../../../primitives/brand.ts";
import { useDashboard } from "../../state/dashboard.ts";
import { freshBlocks } from "../../story/fresh-blocks.ts";
import type { Standing } from "../../story/standing.ts";
import { tipFigures } from "../../story/tip-figures.ts";
import { BlockBox } from "./block-box.tsx";
import { blockWords } from "./block-words.ts";
import type { Drawing, DrawnRun } from "./drawing.ts";
import { boxHeight, boxWidth } from "./geometry.ts";
import { TipFlag } from "./tip-flag.tsx";
import type { Tree } from "./tree.ts";

type TreePictureProps = {
  readonly tree: Tree;
  readonly drawing: Drawing;
  readonly watched: ReadonlySet<BlockHash>;
  /** The one block that the tab key comes to. */
  readonly reachable: BlockHash | null;
  readonly selected: BlockHash | null;
  readonly isGliding: boolean;
  readonly transform: string;
};

const standings: readonly Standing[] = ["stale", "competing", "active", "withheld"];

export function TreePicture(props: TreePictureProps) {
  const { tree, drawing, isGliding, transform } = props;
  return (
    <svg
      class={`tree-picture${isGliding ? " gliding" : ""}`}
      width={1}
      height={1}
      style={{ transform }}
      role="group"
      aria-label="Blocks: arrow keys go to the parent, a child or another branch; Enter selects"
    >
      {standings.map((standing) => (
        <path key={standing} class={`tree-line ${standing}`} d={drawing.lines[standing]} />
      ))}
      {drawing.runs.map((run) => (
        <RunPiece key={`run ${run.from}`} run={run} />
      ))}
      <Boxes {...props} />
      <Flags tree={tree} />
    </svg>
  );
}

function Boxes({ tree, drawing, watched, reachable, selected }: TreePictureProps) {
  const { story, sight } = tree;
  const { at } = useDashboard().playback.moment.value;
  const tips = sight.tips.map(({ hash }) => hash);
  const fresh = freshBlocks(story, tips, at);
  return drawing.blocks.map(({ block, standing, colour, x, y }) => {
    const { hash, height, miner } = block;
    const isWatched = watched.has(hash);
    const followers = sight.followersOf(hash);
    return (
      <BlockBox
        key={hash}
        {...{ hash, x, y, height, miner, standing, colour, isWatched }}
        isSelected={hash === selected}
        isFresh={fresh.has(hash)}
        isReachable={hash === reachable}
        label={blockWords(block, { standing, followers, isWatched })}
      />
    );
  });
}

function Flags({ tree: { story, heights, sight, map } }: Pick<TreePictureProps, "tree">) {
  const tips = sight.tips.map(({ hash }) => hash);
  const compared = tipFigures(story, tips, { best: sight.best, root: heights.root });
  return sight.tips.map(({ hash, followers }) => {
    const [block, point] = [story.block(hash), map.pointOf(hash)];
    const figures = compared.get(hash);
    if (block === undefined || point === undefined || figures === undefined) return null;
    const standing = sight.standingOf(hash);
    return (
      <TipFlag
        key={hash}
        {...point}
        {...{ followers, figures }}
        miner={block.miner}
        colour={map.colourOf(hash, standing)}
        isWithheld={standing === "withheld"}
        isNarrow={story.childrenOf(hash).some((child) => {
          const known = story.block(child);
          return known !== undefined && sight.has(known) && map.rowOf(child) === map.rowOf(hash);
        })}
      />
    );
  });
}

/** A click opens it. */
function RunPiece({ run }: { readonly run: DrawnRun }) {
  const count = run.to - run.from + 1;
  return (
    <g
      class="run"
      transform={`translate(${run.x} ${run.y})`}
      role="button"
      tabindex={0}
      aria-label={`${count} blocks in a row, ${run.from} to ${run.to}: show them`}
      data-run={run.from}
    >
      <title>{`blocks ${run.from} to ${run.to}: click to show them`}</title>
      <rect x={-boxWidth / 2} y={-boxHeight / 2} width={boxWidth} height={boxHeight} rx={7} />
      <text y={-2}>… {count}</text>
      <text y={12}>blocks</text>
    </g>
  );
}

/** The part of the tree that is in view, and the ways to move it: wheel, drag, keys, overview. */

import { useMemo, useRef } from "preact/hooks";
import type { BlockHash } from "../../../primitives/brand.ts";
import { useDashboard } from "../../state/dashboard.ts";
import { Drag } from "./drag.ts";
import { FirstBlockCaption } from "./first-block.tsx";
import { Minimap } from "./minimap.tsx";
import type { Tree } from "./tree.ts";
import { TreePicture } from "./tree-picture.tsx";
import { useTreeCursor } from "./use-tree-cursor.ts";
import { type TreeView, useTreeView } from "./use-tree-view.ts";
import { useWheel } from "./use-wheel.ts";

type TreeWindowProps = {
  readonly tree: Tree;
  /** Blocks that hold the watched payment or the one that conflicts with it. */
  readonly watched: ReadonlySet<BlockHash>;
  /** Opens the run that begins at this height. */
  readonly onOpen: (from: number) => void;
  readonly onNewest: () => void;
};

export function TreeWindow({ tree, watched, onOpen, onNewest }: TreeWindowProps) {
  const { layout } = useDashboard();
  const frame = useRef<HTMLDivElement>(null);
  const treeView = useTreeView(tree, frame);
  const { view, isNewest, isGliding, transform, reveal } = treeView;
  const { heights, sight, columns } = tree;
  const drawing = tree.map.draw(heights, sight, view);
  const cursor = useTreeCursor(tree, { frame, drawing, reveal, onOpen });
  const drag = useDrag(treeView);
  useWheel(frame, (dxPx, dyPx) => {
    const isAtEnd = isNewest && dxPx > 0 && dyPx === 0;
    if (!isAtEnd) treeView.moveBy(dxPx, dyPx);
    return !isAtEnd;
  });
  const goToNewest = (): void => {
    treeView.goToNewest();
    onNewest();
  };
  return (
    <>
      <div
        ref={frame}
        id="tree-view"
        class="tree-view"
        onPointerDown={drag.begin}
        onPointerMove={drag.move}
        onPointerUp={drag.end}
        onPointerCancel={drag.end}
        onClick={(event) => !drag.wasMove && cursor.choose(event.target)}
        onKeyDown={cursor.onKeyDown}
      >
        <TreePicture
          {...{ tree, drawing, watched, isGliding, transform }}
          reachable={cursor.reachable}
          selected={cursor.selected}
        />
        {!heights.hasFound && <FirstBlockCaption />}
        {!isNewest && (
          <button type="button" class="tree-newest" onClick={goToNewest}>
            newest ▸
          </button>
        )}
      </div>
      <Minimap {...{ columns, heights, sight, layout, view }} onMove={treeView.moveTo} />
    </>
  );
}

/** One drag for as long as the tree is shown: it must outlive the frames in which it moves. */
function useDrag({ moveBy }: Pick<TreeView, "moveBy">): Drag {
  const latest = useRef(moveBy);
  latest.current = moveBy;
  return useMemo(() => new Drag((dxPx, dyPx) => latest.current(-dxPx, -dyPx)), []);
}

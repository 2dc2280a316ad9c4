/** Which block the keys and the pointer select, and which one has the keyboard's focus. */

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { BlockHash } from "../../../primitives/brand.ts";
import { useDashboard } from "../../state/dashboard.ts";
import type { Drawing } from "./drawing.ts";
import type { Tree } from "./tree.ts";
import { blockByKey, treeKeys } from "./tree-keys.ts";
import type { TreeView } from "./use-tree-view.ts";

export type TreeCursor = {
  /** The one block that the tab key comes to; null if none is in view. */
  readonly reachable: BlockHash | null;
  readonly selected: BlockHash | null;
  /** Selects the block, or opens the collapsed run, that this element draws. */
  readonly choose: (target: EventTarget | null) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
};

type Surroundings = Pick<TreeView, "reveal"> & {
  readonly frame: { readonly current: Element | null };
  readonly drawing: Drawing;
  /** Opens the run that begins at this height. */
  readonly onOpen: (from: number) => void;
};

export function useTreeCursor(
  tree: Tree,
  { frame, drawing, reveal, onOpen }: Surroundings,
): TreeCursor {
  const { selection } = useDashboard();
  const cursor = useSignal<BlockHash | null>(null);
  const mustFocus = useRef(false);
  const selected = selection.value?.type === "block" ? selection.value.hash : null;
  const drawn = drawing.blocks.map(({ block }) => block.hash);
  const isDrawn = new Set(drawn);
  const candidates = [cursor.value, selected, tree.sight.best];
  const reachable =
    candidates.find((hash) => hash !== null && isDrawn.has(hash)) ?? drawn[0] ?? null;

  useLayoutEffect(() => {
    if (!mustFocus.current || cursor.value === null) return;
    const box = frame.current?.querySelector(`[data-hash="${cursor.value}"]`);
    if (!(box instanceof SVGElement)) return;
    mustFocus.current = false;
    box.focus({ preventScroll: true });
  });
  useEffect(() => {
    if (selected !== null) reveal(selected);
  }, [selected]);

  const choose = (target: EventTarget | null): void => {
    if (!(target instanceof Element)) return;
    const run = target.closest<SVGElement>("[data-run]")?.dataset["run"];
    if (run !== undefined) {
      onOpen(Number(run));
      return;
    }
    const name = target.closest<SVGElement>("[data-hash]")?.dataset["hash"];
    const hash = drawn.find((each) => each === name);
    if (hash === undefined) return;
    cursor.value = hash;
    selection.value = { type: "block", hash };
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.target instanceof SVGElement)) return; // but the button in the corner
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(event.target);
      return;
    }
    if (reachable === null || !treeKeys.has(event.key)) return;
    event.preventDefault(); // also at the end of a branch, or the page would step through time
    const next = blockByKey(tree, reachable, event.key);
    if (next === null) return;
    cursor.value = next;
    mustFocus.current = true;
    reveal(next);
  };
  return { reachable, selected, choose, onKeyDown };
}

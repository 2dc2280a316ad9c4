/** The nodes, in the colours of the branches they follow, and their connections. */

import "./peer-graph.css";
import { useRef, useState } from "preact/hooks";
import { useDashboard } from "../../state/dashboard.ts";
import { type Edge, edgesOf } from "../../story/edges.ts";
import { namesInside, type Point } from "../../story/lasso.ts";
import { useDrawingScale } from "../elements/drawing-scale.ts";
import { useElementSize } from "../elements/element-size.ts";
import { Problem, useLever } from "../elements/lever.tsx";
import { CutBar } from "./cut-bar.tsx";
import { EdgeLayer } from "./edge-layer.tsx";
import { HopCaption, HopDots, useHopCounts } from "./hop-dots.tsx";
import { drawnNodes, networkOf } from "./network.ts";
import { NodeLayer } from "./node-layer.tsx";
import { type Opened, OpenedMenu } from "./opened-menu.tsx";
import type { Places } from "./places.ts";
import { useLasso } from "./use-lasso.ts";
import { usePlaces } from "./use-places.ts";

const hint = "Draw a line around nodes, or Shift+click them, to cut them off.";

export function PeerGraph() {
  const { playback, selection, kind } = useDashboard();
  const hasLevers = kind !== "node"; // in a recording they are shown, too, and say why they are disabled
  const { story } = playback.moment.value;
  const element = useRef<HTMLDivElement>(null);
  const field = useElementSize(element).value;
  const scale = useDrawingScale();
  const drawn = { widthPx: field.widthPx / scale, heightPx: field.heightPx / scale };
  const nodes = drawnNodes(story);
  const edges = edgesOf(story);
  const places = usePlaces(networkOf(story, nodes), drawn);
  const counts = useHopCounts();
  const { problem, pull } = useLever();
  const [opened, setOpened] = useState<Opened | null>(null);
  const { chosen, choose, toggle } = useChoice();
  const lasso = useLasso((outline) => {
    setOpened(null);
    choose(namesInside(outline, places));
  });
  const openNode = (name: string): void => {
    selection.value = { type: "node", name };
    if (hasLevers) setOpened({ type: "node", name });
  };
  return (
    <div class="peer-graph">
      <div class="graph-field" ref={element}>
        <svg
          viewBox={`0 0 ${drawn.widthPx} ${drawn.heightPx}`}
          role="group"
          aria-label="The nodes and their connections"
        >
          {hasLevers && (
            <rect class="graph-ground" width="100%" height="100%" {...lasso.handlers} />
          )}
          <EdgeLayer {...{ edges, places }} onOpen={(key) => setOpened({ type: "edge", key })} />
          <HopDots {...{ places, counts }} />
          <NodeLayer {...{ nodes, places, chosen }} onOpen={openNode} onChoose={toggle} />
          {lasso.outline !== null && <path class="lasso" d={outlineOf(lasso.outline)} />}
        </svg>
        {nodes.length === 0 && <p class="graph-empty muted">Waiting for the first node…</p>}
        {opened !== null && (
          <OpenedMenu
            {...{ opened, edges, field, chosen, pull }}
            places={placesInPx(places, scale)}
            onChoose={toggle}
            onClose={() => setOpened(null)}
          />
        )}
      </div>
      <Footer {...{ chosen, edges, counts, problem, pull }} onCut={() => choose([])} />
    </div>
  );
}

type FooterProps = ReturnType<typeof useLever> & {
  readonly chosen: readonly string[];
  readonly edges: readonly Edge[];
  readonly counts: ReturnType<typeof useHopCounts>;
  readonly onCut: () => void;
};

function Footer({ chosen, edges, counts, problem, pull, onCut }: FooterProps) {
  const { levers, kind } = useDashboard();
  const hasLevers = kind !== "node";
  return (
    <footer class="graph-footer small muted">
      {hasLevers && <CutBar {...{ chosen, edges, pull }} onDone={onCut} />}
      <Problem text={problem} />
      {hasLevers && problem === null && <p>{levers.refusal.value ?? hint}</p>}
      <p>Ring: share of the hash power. Bar: size of the mempool.</p>
      <HopCaption counts={counts} />
    </footer>
  );
}

/** The nodes that are to be cut off. Only those that the lab runs can be. */
function useChoice() {
  const { story } = useDashboard().playback.moment.value;
  const [names, setNames] = useState<readonly string[]>([]);
  const isKnown = (name: string): boolean => story.node(name) !== undefined;
  const chosen = names.filter(isKnown);
  const choose = (next: readonly string[]): void => setNames(next.filter(isKnown));
  const toggle = (name: string): void => {
    const others = chosen.filter((each) => each !== name);
    choose(chosen.includes(name) ? others : [...others, name]);
  };
  return { chosen, choose, toggle };
}

/** Menus are placed in pixels of the page, not in units of the drawing. */
function placesInPx(places: Places, scale: number): Places {
  return new Map([...places].map(([name, { x, y }]) => [name, { x: x * scale, y: y * scale }]));
}

function outlineOf(points: readonly Point[]): string {
  return `M${points.map(({ x, y }) => `${x} ${y}`).join("L")}Z`;
}

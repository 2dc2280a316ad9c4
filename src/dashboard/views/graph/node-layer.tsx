/** All nodes of the peer graph. */

import { useMemo } from "preact/hooks";
import { useDashboard } from "../../state/dashboard.ts";
import { shownTip } from "../../story/shown-tip.ts";
import { standingsIn } from "../../story/standing.ts";
import type { Story, StoryNode } from "../../story/story.ts";
import { branchColour } from "../elements/branch-colour.ts";
import { viewerOf } from "../elements/viewpoint.ts";
import { nodeLabel, nodeTooltip } from "./graph-words.ts";
import { NodeMark } from "./node-mark.tsx";
import type { Places } from "./places.ts";

type Props = {
  readonly nodes: readonly StoryNode[];
  readonly places: Places;
  /** Those that are to be cut off. */
  readonly chosen: readonly string[];
  readonly onOpen: (name: string) => void;
  readonly onChoose: (name: string) => void;
};

/** A mempool with fewer transactions than this is not drawn as full. */
const waitingFullMin = 20;

export function NodeLayer({ nodes, places, chosen, onOpen, onChoose }: Props) {
  const { playback, layout, selection, perspective } = useDashboard();
  const viewer = viewerOf(perspective.value);
  const moment = playback.moment.value;
  const { story } = moment;
  const standings = useMemo(() => standingsIn(story), [moment]);
  const isMoving = playback.mode.value !== "paused";
  const selected = selection.value;
  const fullCount = Math.max(waitingFullMin, ...nodes.map(waitingCount));
  return nodes.map((node) => {
    const { name } = node;
    const place = places.get(name);
    if (place === undefined) return null;
    const isUp = node.state === "up";
    const tip = shownTip(story, standings, node, viewer);
    return (
      <NodeMark
        key={name}
        node={node}
        place={place}
        colour={isUp && tip?.isWithheld === false ? branchColour(layout, tip.hash) : null}
        isWithheld={isUp && tip?.isWithheld === true}
        tooltip={nodeTooltip(node, tip, standings)}
        label={nodeLabel(node, tip, standings)}
        share={story.shares[name] ?? 0}
        isTurning={isMoving && isMining(story, node)}
        fullness={waitingCount(node) / fullCount}
        isSelected={selected?.type === "node" && selected.name === name}
        isChosen={chosen.includes(name)}
        isFaint={viewer !== null && !isPeerOf(story, viewer, name)}
        onOpen={() => onOpen(name)}
        onChoose={() => onChoose(name)}
      />
    );
  });
}

function waitingCount({ measurement, waiting }: StoryNode): number {
  return measurement?.mempool.count ?? waiting.size;
}

function isMining(story: Story, { name, state, measurement }: StoryNode): boolean {
  const mayMine = story.isStarted && state === "up" && (story.shares[name] ?? 0) > 0;
  return mayMine && (measurement === null || measurement.hashesPerSecond > 0);
}

function isPeerOf(story: Story, viewer: string, name: string): boolean {
  return viewer === name || (story.node(viewer)?.peers.has(name) ?? false);
}

/** A node in the peer graph: its tip's colour, its role, its share of the hash power, its mempool. */

import type { Point } from "../../story/lasso.ts";
import type { StoryNode } from "../../story/story.ts";
import { RoleSign } from "./role-sign.tsx";

const nodeRadiusPx = 16;
const ringRadiusPx = nodeRadiusPx + 5.5;
const barHeightPx = 24;

export type NodeFacts = {
  readonly node: StoryNode;
  readonly place: Point;
  /** Of the branch of the tip that is shown; null without one, or if it is withheld. */
  readonly colour: string | null;
  readonly isWithheld: boolean;
  /** Several lines. */
  readonly tooltip: string;
  /** Of the hash power; 0 if it does not mine. */
  readonly share: number;
  readonly isTurning: boolean;
  /** The size of its mempool, as a part of the fullest one. */
  readonly fullness: number;
  readonly isSelected: boolean;
  /** Whether it is one of those that are to be cut off. */
  readonly isChosen: boolean;
  /** Whether the viewer is another node without a connection to it. */
  readonly isFaint: boolean;
};

type Props = NodeFacts & {
  readonly label: string;
  readonly onOpen: () => void;
  readonly onChoose: () => void;
};

export function NodeMark({ onOpen, onChoose, ...facts }: Props) {
  const { node, place, label, isSelected, isChosen } = facts;
  const act = (event: { readonly shiftKey: boolean }): void =>
    event.shiftKey ? onChoose() : onOpen();
  return (
    <g
      class={classOf(facts)}
      transform={`translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`}
      role="button"
      tabindex={0}
      aria-label={label}
      aria-pressed={isChosen}
      aria-haspopup="dialog"
      onClick={act}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        act(event);
      }}
    >
      <title>{facts.tooltip}</title>
      {(isSelected || isChosen) && <circle class="node-halo" r={ringRadiusPx + 5} />}
      {facts.share > 0 && <ShareRing {...facts} />}
      <circle
        class="node-disc"
        r={nodeRadiusPx}
        style={facts.colour === null ? {} : { fill: facts.colour }}
      />
      <RoleSign role={node.role} state={node.state} />
      {node.state === "up" && <WaitingBar {...facts} />}
      <text class="node-name" y={ringRadiusPx + 15}>
        {shortName(node.name)}
      </text>
      {node.state !== "up" && (
        <text class="node-state" y={ringRadiusPx + 28}>
          {node.state}
        </text>
      )}
    </g>
  );
}

function classOf({ node, isWithheld, isSelected, isChosen, isFaint }: NodeFacts): string {
  const marks = [
    ["is-withheld", isWithheld],
    ["is-selected", isSelected],
    ["is-chosen", isChosen],
    ["is-faint", isFaint],
  ] as const;
  const names = marks.flatMap(([name, holds]) => (holds ? [name] : []));
  return ["graph-node", `is-${node.state}`, ...names].join(" ");
}

function ShareRing({ share, isTurning }: NodeFacts) {
  const arcPercent = 100 * share;
  return (
    <>
      <circle class="share-track" r={ringRadiusPx} />
      <circle
        class={isTurning ? "share-arc is-turning" : "share-arc"}
        r={ringRadiusPx}
        pathLength={100}
        stroke-dasharray={`${arcPercent} ${100 - arcPercent}`}
      />
    </>
  );
}

function WaitingBar({ share, fullness }: NodeFacts) {
  const x = (share > 0 ? ringRadiusPx : nodeRadiusPx) + 6;
  const height = fullness * barHeightPx;
  const top = -barHeightPx / 2;
  return (
    <>
      <rect class="waiting-track" x={x} y={top} width={4} height={barHeightPx} />
      <rect class="waiting-bar" x={x} y={top + barHeightPx - height} width={4} height={height} />
    </>
  );
}

/** Peer ids are long, and only their ends differ. */
function shortName(name: string): string {
  return name.length <= 12 ? name : `…${name.slice(-6)}`;
}

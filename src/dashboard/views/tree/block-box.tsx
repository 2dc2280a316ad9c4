/** One block of the tree. Its shape shows its standing, its colour the branch it is on. */

import { Component } from "preact";
import type { BlockHash } from "../../../primitives/brand.ts";
import type { Standing } from "../../story/standing.ts";
import { boxHeight, boxWidth } from "./geometry.ts";

/** Only plain values, so that a block that did not change is not drawn again. */
export type BlockBoxProps = {
  readonly hash: BlockHash;
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly miner: string | null;
  /** Of its branch, in CSS. */
  readonly colour: string;
  readonly standing: Standing;
  readonly isSelected: boolean;
  readonly isWatched: boolean;
  readonly isFresh: boolean;
  /** Whether the tab key comes to it. */
  readonly isReachable: boolean;
  readonly label: string;
};

const [left, top] = [-boxWidth / 2, -boxHeight / 2];
const corner = 7;
/** Of the second border, and of the ring around a selected block. */
const borderInset = 3.5;
const ringOffset = 4;

export class BlockBox extends Component<BlockBoxProps> {
  override shouldComponentUpdate(next: Readonly<BlockBoxProps>): boolean {
    const now: Readonly<Record<string, unknown>> = this.props;
    const then: Readonly<Record<string, unknown>> = next;
    for (const name in then) if (now[name] !== then[name]) return true; // of 300 blocks each frame
    return false;
  }

  override render() {
    const { hash, x, y, height, miner, colour, standing, label } = this.props;
    const { isSelected, isWatched, isFresh, isReachable } = this.props;
    return (
      <g
        class={`block ${standing}${isFresh ? " fresh" : ""}`}
        transform={`translate(${x} ${y})`}
        style={{ "--branch": colour }}
        role="button"
        tabindex={isReachable ? 0 : -1}
        aria-label={label}
        aria-pressed={isSelected}
        data-hash={hash}
      >
        <g class="block-body">
          <Outline className="block-ring" inset={-ringOffset} />
          <Outline className="block-box" inset={0} />
          {standing === "stale" && <Outline className="block-hatch" inset={0} />}
          {isWatched && <Outline className="block-border" inset={borderInset} />}
          <text class="block-height" y={-2}>
            {height}
          </text>
          <text class="block-hash" y={12}>
            {hash.slice(-4)}
          </text>
          {miner !== null && <MinerMark miner={miner} />}
          {standing === "withheld" && <Lock x={left} y={top} />}
        </g>
      </g>
    );
  }
}

function Outline({ className, inset }: { readonly className: string; readonly inset: number }) {
  return (
    <rect
      class={className}
      x={left + inset}
      y={top + inset}
      width={boxWidth - 2 * inset}
      height={boxHeight - 2 * inset}
      rx={corner - inset}
    />
  );
}

function MinerMark({ miner }: { readonly miner: string }) {
  return (
    <g class="block-miner" transform={`translate(${-left - 1} ${top + 1})`}>
      <circle r={8} />
      <text y={3.5}>{miner.slice(0, 1).toUpperCase()}</text>
    </g>
  );
}

export function Lock({ x, y }: { readonly x: number; readonly y: number }) {
  return (
    <g class="lock" transform={`translate(${x} ${y})`} aria-hidden="true">
      <path d="M-3 -1v-3a3 3 0 0 1 6 0v3" />
      <rect x={-5} y={-1} width={10} height={8} rx={1.5} />
    </g>
  );
}

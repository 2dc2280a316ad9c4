/** What waits at each node, what it pays, and what would go into the node's next block. */

import type { ComponentChildren } from "preact";
import type { Measurement } from "../../contract/timeline.ts";
import { counted } from "../../primitives/figures.ts";
import { useDashboard } from "../dashboard.ts";
import type { StoryNode } from "../story/story.ts";
import { countText } from "./figure-text.ts";
import { NodeLink } from "./inspector/name-link.tsx";
import { viewerOf } from "./inspector/viewpoint.ts";
import "./mempools.css";

export function Mempools() {
  const { playback, perspective } = useDashboard();
  const { story } = playback.moment.value;
  const viewer = viewerOf(perspective.value);
  const nodes = story.nodes.filter(({ name }) => viewer === null || name === viewer);
  if (nodes.length === 0) return <p class="muted">No node has told of its mempool yet.</p>;
  return (
    <div class="mempools stack">
      <p class="small muted">
        {viewer === null
          ? "Each node has its own mempool: payments that it knows and its branch does not hold."
          : `A node knows only its own mempool: this is ${viewer}'s.`}{" "}
        Bars: how much waits by what it pays, the best paid first (in satoshis a virtual byte,
        sat/vB).
      </p>
      <ul class="stack">
        {nodes.map((node) => (
          <MempoolRow key={node.name} node={node} />
        ))}
      </ul>
    </div>
  );
}

function MempoolRow({ node }: { readonly node: StoryNode }) {
  const { state, measurement } = node;
  if (state !== "up") return <Row node={node} words={state} />;
  if (measurement === null) return <Row node={node} words={waitWords(node.waiting.size)} />;
  const { count, virtualSizeBytes, fees, histogram } = measurement.mempool;
  const size = `${waitWords(count)}, ${countText(virtualSizeBytes)} vB, fees ${countText(fees)} sat`;
  return (
    <Row node={node} words={count === 0 ? "nothing waits" : size}>
      <FeeBars histogram={histogram} />
      <p class="small">{nextBlockWords(measurement)}</p>
    </Row>
  );
}

function waitWords(count: number): string {
  return `${count} ${count === 1 ? "waits" : "wait"}`;
}

type RowProps = {
  readonly node: StoryNode;
  readonly words: string;
  readonly children?: ComponentChildren;
};

function Row({ node, words, children }: RowProps) {
  return (
    <li class="mempool-row">
      <div class="row-title">
        <strong>
          <NodeLink name={node.name} />
        </strong>
        <span class="small muted number">{words}</span>
      </div>
      {children}
    </li>
  );
}

/** More bars than these are a wall. */
const barsMax = 5;

/** The best paid first; the widest bar is the largest part. */
function FeeBars({ histogram }: Pick<Measurement["mempool"], "histogram">) {
  const largest = Math.max(1, ...histogram.map(([, virtualSizeBytes]) => virtualSizeBytes));
  const hidden = histogram.length - barsMax;
  return (
    <ul>
      {histogram.slice(0, barsMax).map(([feeRate, virtualSizeBytes]) => (
        <li key={feeRate} class="fee-line small number">
          <span class="muted">≥ {feeRate.toFixed(1)} sat/vB</span>
          <span class="fee-track" aria-hidden="true">
            <span class="fee-bar" style={{ width: `${(100 * virtualSizeBytes) / largest}%` }} />
          </span>
          <span>{countText(virtualSizeBytes)} vB</span>
        </li>
      ))}
      {hidden > 0 && <li class="small muted">and {hidden} steps that pay less</li>}
    </ul>
  );
}

function nextBlockWords({ nextBlock }: Measurement): string {
  if (nextBlock === null) return "It does not mine.";
  const { transactions, fees } = nextBlock;
  if (transactions === 0) return "Next block: no payments.";
  return `Next block: ${counted(transactions, "payment")}, fees ${countText(fees)} sat.`;
}

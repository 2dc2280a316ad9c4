/** Each node's mempool by fee rate, and what the node would put into its next block. */

import "./mempools.css";
import type { ComponentChildren } from "preact";
import type { Measurement } from "../../contract/timeline.ts";
import { counted } from "../../primitives/figures.ts";
import { useDashboard } from "../state/dashboard.ts";
import type { StoryNode } from "../story/story.ts";
import { countText } from "./elements/figure-text.ts";
import { NodeLink } from "./elements/name-link.tsx";
import { viewerOf } from "./elements/viewpoint.ts";

export function Mempools() {
  const { playback, perspective } = useDashboard();
  const { story } = playback.moment.value;
  const viewer = viewerOf(perspective.value);
  const nodes = story.nodes.filter(({ name }) => viewer === null || name === viewer);
  if (nodes.length === 0) return <p class="muted">No node has reported its mempool yet.</p>;
  return (
    <div class="mempools stack">
      <p class="small muted">
        {viewer === null
          ? "Each node has its own mempool: the unconfirmed transactions that it knows."
          : `A node knows only its own mempool. This is ${viewer}'s.`}{" "}
        Bars: virtual size by fee rate, the highest first (in satoshis per virtual byte, sat/vB).
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
  if (measurement === null) return <Row node={node} words={countWords(node.waiting.size)} />;
  const { count, virtualSizeBytes, fees, histogram } = measurement.mempool;
  const size = `${countWords(count)}, ${countText(virtualSizeBytes)} vB, fees ${countText(fees)} sat`;
  return (
    <Row node={node} words={count === 0 ? "empty" : size}>
      <FeeBars histogram={histogram} />
      <p class="small">{nextBlockWords(measurement)}</p>
    </Row>
  );
}

function countWords(count: number): string {
  return counted(count, "transaction");
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

/** More bars than these are hard to compare. */
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
      {hidden > 0 && <li class="small muted">and {hidden} lower fee rates</li>}
    </ul>
  );
}

function nextBlockWords({ nextBlock }: Measurement): string {
  if (nextBlock === null) return "This node does not mine.";
  const { transactions, fees } = nextBlock;
  if (transactions === 0) return "Next block: only the reward.";
  return `Next block: ${counted(transactions, "payment")}, fees ${countText(fees)} sat.`;
}

/** When each node received something: one bar per node, from the first to the last. */

import { durationText } from "../../story/clock-text.ts";
import type { Arrival } from "../../story/story.ts";
import { NodeLink } from "../elements/name-link.tsx";

type WaterfallProps = {
  readonly arrivals: readonly Arrival[];
  /** What is said of the first node. */
  readonly beginning: string;
};

export function Waterfall({ arrivals, beginning }: WaterfallProps) {
  const [first] = arrivals;
  if (first === undefined) return <p class="muted">No node has reported it yet.</p>;
  const longestMs = Math.max(1, ...arrivals.map(({ at }) => at - first.at));
  return (
    <ol class="inspector-waterfall">
      {arrivals.map((arrival) => (
        <Row
          key={arrival.node}
          arrival={arrival}
          afterMs={arrival.at - first.at}
          longestMs={longestMs}
          beginning={beginning}
        />
      ))}
    </ol>
  );
}

type RowProps = {
  readonly arrival: Arrival;
  readonly afterMs: number;
  readonly longestMs: number;
  readonly beginning: string;
};

function Row({ arrival: { node, from }, afterMs, longestMs, beginning }: RowProps) {
  const origin = from === null ? (afterMs === 0 ? beginning : "") : `from ${from}`;
  return (
    <li>
      <NodeLink name={node} />
      <span class="inspector-bar" aria-hidden="true">
        <span style={{ width: `${(100 * afterMs) / longestMs}%` }} />
      </span>
      <span class="number">+{durationText(afterMs)}</span>
      <span class="muted">{origin}</span>
    </li>
  );
}

/** The inspector before anything is selected: what to click, and what the shapes mean. */

import type { ComponentChildren } from "preact";
import { unreachable } from "../../../primitives/verdict.ts";
import { useDashboard } from "../../state/dashboard.ts";
import { standingsIn } from "../../story/standing.ts";
import type { Story, StoryPayment } from "../../story/story.ts";

export function NothingSelected() {
  return (
    <>
      <p>Click a block, a node or a payment to see its details here.</p>
      <FirstChoices />
      <section>
        <h3>What the shapes mean</h3>
        <ul class="inspector-legend">
          <LegendRow sign={<BlockSign shape="active" />}>
            A block on the best branch: the one with the most work.
          </LegendRow>
          <LegendRow sign={<BlockSign shape="competing" />}>
            On a competing branch that some nodes follow.
          </LegendRow>
          <LegendRow sign={<BlockSign shape="stale" />}>
            Stale: on a branch that no node follows.
          </LegendRow>
          <LegendRow sign={<BlockSign shape="withheld" />}>
            Withheld: known only to its miner.
          </LegendRow>
          <LegendRow sign={<BlockSign shape="watched" />}>
            Contains the watched payment, or the one that conflicts with it.
          </LegendRow>
          <LegendRow sign={<NodeSign />}>
            A node has the colour of the branch that it follows.
          </LegendRow>
        </ul>
      </section>
    </>
  );
}

function FirstChoices() {
  const { playback, selection } = useDashboard();
  const { story } = playback.moment.value;
  const { best } = standingsIn(story);
  const payment = newestPayment(story);
  if (best === null) return null;
  return (
    <div class="row">
      <button type="button" onClick={() => (selection.value = { type: "block", hash: best })}>
        Newest block
      </button>
      {payment !== null && (
        <button
          type="button"
          onClick={() => (selection.value = { type: "transaction", txid: payment.txid })}
        >
          Newest payment
        </button>
      )}
    </div>
  );
}

function newestPayment(story: Story): StoryPayment | null {
  let newest: StoryPayment | null = null;
  for (const payment of story.payments) if (payment.value !== null) newest = payment;
  return newest;
}

type LegendRowProps = { readonly sign: ComponentChildren; readonly children: ComponentChildren };

function LegendRow({ sign, children }: LegendRowProps) {
  return (
    <li>
      <svg width="26" height="18" viewBox="0 0 26 18" aria-hidden="true">
        {sign}
      </svg>
      <span>{children}</span>
    </li>
  );
}

const body = { x: 3, y: 3, width: 20, height: 12, rx: 2 };

type Shape = "active" | "competing" | "stale" | "withheld" | "watched";

function BlockSign({ shape }: { readonly shape: Shape }) {
  switch (shape) {
    case "active":
      return <rect {...body} class="legend-active" />;
    case "competing":
      return <rect {...body} class="legend-competing" />;
    case "stale":
      return (
        <g class="legend-stale">
          <rect {...body} />
          <path d="M6 15 L12 3 M12 15 L18 3 M18 15 L23 5" />
        </g>
      );
    case "withheld":
      return <rect {...body} class="legend-withheld" />;
    case "watched":
      return (
        <g class="legend-watched">
          <rect x="1" y="1" width="24" height="16" rx="3" />
          <rect {...body} class="legend-active" />
        </g>
      );
    default:
      return unreachable(shape);
  }
}

function NodeSign() {
  return (
    <g>
      <circle cx="8" cy="9" r="6" class="legend-active" />
      <circle cx="19" cy="9" r="6" class="legend-other" />
    </g>
  );
}

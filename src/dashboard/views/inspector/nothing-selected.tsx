/** What stands in the inspector before anything is clicked: what to click, and what the shapes mean. */

import type { ComponentChildren } from "preact";
import { unreachable } from "../../../primitives/verdict.ts";
import { useDashboard } from "../../state/dashboard.ts";
import { standingsIn } from "../../story/standing.ts";
import type { Story, StoryPayment } from "../../story/story.ts";

export function NothingSelected() {
  return (
    <>
      <p>Click a block, a node or a payment. All that is known of it will stand here.</p>
      <FirstChoices />
      <section>
        <h3>What the shapes mean</h3>
        <ul class="inspector-legend">
          <LegendRow sign={<BlockSign shape="active" />}>
            A block on the best branch: the one with the most work.
          </LegendRow>
          <LegendRow sign={<BlockSign shape="rival" />}>
            A rival: on another branch that some nodes follow.
          </LegendRow>
          <LegendRow sign={<BlockSign shape="stale" />}>Left behind: not on that branch.</LegendRow>
          <LegendRow sign={<BlockSign shape="withheld" />}>
            Withheld: only its miner knows it.
          </LegendRow>
          <LegendRow sign={<BlockSign shape="watched" />}>
            Holds the payment that is being watched.
          </LegendRow>
          <LegendRow sign={<NodeSign />}>
            A node has the colour of the branch it follows: two colours, two opinions.
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

type Shape = "active" | "rival" | "stale" | "withheld" | "watched";

function BlockSign({ shape }: { readonly shape: Shape }) {
  switch (shape) {
    case "active":
      return <rect {...body} class="legend-active" />;
    case "rival":
      return <rect {...body} class="legend-rival" />;
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

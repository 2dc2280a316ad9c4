/** Blocks and transactions that are sent, as dots that move along the edges. */

import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Milliseconds } from "../../../primitives/brand.ts";
import { type Moment, useDashboard } from "../../state/dashboard.ts";
import { dotsPerSecondMax, HopSample } from "../../story/hop-sample.ts";
import type { Hop } from "../../story/story.ts";
import { branchColour } from "../elements/branch-colour.ts";
import { viewerOf } from "../elements/viewpoint.ts";
import { along } from "./edge-mark.tsx";
import type { Places } from "./places.ts";
import { prefersReducedMotion } from "./use-places.ts";

/** A dot starts when its message has arrived, so it moves as fast as one can follow. */
const travelMs = 380;
/** A paused moment shows the messages of this time before it. */
const stillMs = 250;

const radiusPx = { block: 5, transaction: 2.5 } as const;

type Counts = HopSample["counts"];

type Props = { readonly places: Places; readonly counts: Signal<Counts> };

type MomentProps = Props & {
  readonly moment: Moment;
  readonly colourOf: (hop: Hop) => string;
  /** Whether the viewer knows of it. */
  readonly isKnown: (hop: Hop) => boolean;
};

export function useHopCounts(): Signal<Counts> {
  return useSignal<Counts>({ shown: 0, total: 0 });
}

export function HopDots(props: Props) {
  const { playback, layout, perspective } = useDashboard();
  const viewer = viewerOf(perspective.value);
  const moment = playback.moment.value;
  const dots = {
    moment,
    colourOf: (hop: Hop) => (hop.type === "block" ? branchColour(layout, hop.name) : "var(--text)"),
    isKnown: ({ from, to }: Hop) => viewer === null || from === viewer || to === viewer,
  };
  const isStill = playback.mode.value === "paused";
  return isStill ? <StillDots {...dots} {...props} /> : <MovingDots {...dots} {...props} />;
}

function MovingDots({ moment, places, colourOf, isKnown, counts }: MomentProps) {
  const layer = useRef<SVGGElement>(null);
  const [sample] = useState(() => {
    const fresh = new HopSample();
    fresh.skip(moment.story.hops); // messages from before this view was opened are not drawn
    return fresh;
  });
  useEffect(() => {
    const { story } = moment;
    const now = performance.now() as Milliseconds;
    const hops = sample.take(story.hops.filter(isKnown), story.at, now);
    const stillness = prefersReducedMotion();
    counts.value = stillness ? { ...sample.counts, shown: 0 } : sample.counts;
    if (layer.current === null || stillness || document.hidden) return;
    for (const hop of hops) travel(layer.current, hop, places, colourOf(hop));
  }, [moment]);
  return <g ref={layer} class="hop-dots" aria-hidden="true" />;
}

/** The browser animates and removes it; the view is not rendered again. */
function travel(layer: SVGGElement, hop: Hop, places: Places, colour: string): void {
  const [from, to] = [places.get(hop.from), places.get(hop.to)];
  if (from === undefined || to === undefined) return;
  const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  dot.setAttribute("class", `hop-dot is-${hop.type}`);
  dot.setAttribute("r", String(radiusPx[hop.type]));
  dot.style.fill = colour;
  layer.append(dot);
  const frames = [from, to].map(({ x, y }) => ({ transform: `translate(${x}px, ${y}px)` }));
  const flight = dot.animate(frames, { duration: travelMs, easing: "ease-in-out" });
  flight.onfinish = flight.oncancel = () => dot.remove();
}

function StillDots({ moment, places, colourOf, isKnown, counts }: MomentProps) {
  const { story, at } = moment;
  const hops = story.hops.filter((hop) => hop.at <= at && at - hop.at < stillMs && isKnown(hop));
  const shown = hops.slice(-dotsPerSecondMax);
  useEffect(() => {
    counts.value = { shown: shown.length, total: hops.length };
  }, [shown.length, hops.length]);
  return (
    <g class="hop-dots" aria-hidden="true">
      {shown.map((hop) => {
        const [from, to] = [places.get(hop.from), places.get(hop.to)];
        if (from === undefined || to === undefined) return null;
        const { x, y } = along(from, to, 0.6);
        return (
          <circle
            key={`${hop.name} ${hop.to}`}
            class={`hop-dot is-${hop.type}`}
            r={radiusPx[hop.type]}
            cx={x}
            cy={y}
            style={{ fill: colourOf(hop) }}
          />
        );
      })}
    </g>
  );
}

/** Says how many of the messages are drawn. */
export function HopCaption({ counts }: { readonly counts: Signal<Counts> }) {
  const { playback } = useDashboard();
  const { shown, total } = counts.value;
  const isStill = playback.mode.value === "paused";
  const span = isStill ? `${stillMs} ms` : "second";
  const words =
    prefersReducedMotion() && !isStill
      ? `${total} messages; dots are off (reduced motion)`
      : `${shown} of ${total} messages shown as dots`;
  return (
    <p class="hop-caption">
      Last {span}: {words}
    </p>
  );
}

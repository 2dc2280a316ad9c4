/** The shape of a kind of event, which differs from the others without its colour, too. */

import { unreachable } from "../../../primitives/verdict.ts";
import type { Pill } from "../../story/recording.ts";

/** Around (0, 0), about 10 px wide; the colour comes from timeline-bar.css. */
export function PillSign({ type }: { readonly type: Pill["type"] }) {
  const look = { class: `pill pill-${type}` };
  switch (type) {
    case "fork":
      return <path {...look} d="M0 5 V1 M0 1 L-4 -5 M0 1 L4 -5" />;
    case "reorganisation":
      return <path {...look} d="M0 -6 L6 0 L0 6 L-6 0 Z" />;
    case "partition":
      return <path {...look} d="M-3 -5 V5 M3 -5 V5" />;
    case "attack":
      return <path {...look} d="M0 -7 L2 -2 L7 0 L2 2 L0 7 L-2 2 L-7 0 L-2 -2 Z" />;
    case "delivery":
      return <circle {...look} r="5" />;
    case "fault":
      return <path {...look} d="M-4 -4 L4 4 M-4 4 L4 -4" />;
    default:
      return unreachable(type);
  }
}

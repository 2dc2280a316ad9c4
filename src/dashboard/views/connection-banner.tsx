/** Says that no new events arrive, and what still works. */

import "./connection-banner.css";
import { unreachable } from "../../primitives/verdict.ts";
import { useDashboard } from "../state/dashboard.ts";
import { clockText } from "../story/clock-text.ts";

export function ConnectionBanner() {
  const { connection, playback, kind } = useDashboard();
  const { from, to } = playback.span.value;
  const server = kind === "node" ? "node" : "lab";
  const { state } = connection.value;
  switch (state) {
    case "lost":
      return (
        <p class="connection-banner" role="alert">
          The {server} stopped at {clockText(to, from)}. Replay still works; the page reconnects by
          itself when the {server} is back.
        </p>
      );
    case "ended":
      if (kind === "replay") return null;
      return (
        <p class="connection-banner" role="status">
          The {server} ended at {clockText(to, from)}. Replay still works.
        </p>
      );
    case "waiting":
    case "open":
      return null;
    default:
      return unreachable(state);
  }
}

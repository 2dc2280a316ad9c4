/** Announces the important events of the network to screen readers. */

import { useRef } from "preact/hooks";
import { useDashboard } from "../state/dashboard.ts";
import type { Pill } from "../story/recording.ts";

/** The others are too frequent to be read aloud. */
const spoken: readonly Pill["type"][] = ["fork", "reorganisation", "partition", "delivery"];

export function Announcer() {
  const { playback } = useDashboard();
  const openedAt = useRef(playback.span.value.to);
  const isLive = playback.mode.value === "live";
  const last = playback.pills.value.findLast(({ type }) => spoken.includes(type));
  const isNew = last !== undefined && last.at > openedAt.current;
  return (
    <p class="visually-hidden" aria-live="polite">
      {isLive && isNew ? last.label : ""}
    </p>
  );
}

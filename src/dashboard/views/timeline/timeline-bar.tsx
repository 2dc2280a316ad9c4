/** The bar at the bottom: the moment shown, the speed of replay, and the important events. */

import "./timeline-bar.css";
import { useSignal } from "@preact/signals";
import { type Playback, useDashboard } from "../../state/dashboard.ts";
import { clockText } from "../../story/clock-text.ts";
import { isOpenTo, type Mark } from "../../story/track.ts";
import { viewerOf } from "../elements/viewpoint.ts";
import { LogDrawer } from "./log-drawer.tsx";
import { TimeTrack } from "./track.tsx";

const speeds = [
  { speed: 0.25, name: "¼×" },
  { speed: 0.5, name: "½×" },
  { speed: 1, name: "1×" },
  { speed: 2, name: "2×" },
  { speed: 4, name: "4×" },
  { speed: 8, name: "8×" },
] as const;

export function TimelineBar() {
  const pointed = useSignal<Mark | null>(null);
  const isLogOpen = useSignal(false);
  return (
    <div class="timeline-bar">
      {isLogOpen.value && <LogDrawer />}
      <div class="timeline-controls">
        <PlayButtons />
        <SpeedChoice />
        <Clock />
        <Words mark={pointed.value} />
        <LiveButton />
        <button
          type="button"
          aria-expanded={isLogOpen.value}
          aria-pressed={isLogOpen.value}
          onClick={() => (isLogOpen.value = !isLogOpen.value)}
        >
          log
        </button>
      </div>
      <TimeTrack onPoint={(mark) => (pointed.value = mark)} />
    </div>
  );
}

function PlayButtons() {
  const { playback } = useDashboard();
  const isPaused = playback.mode.value === "paused";
  return (
    <div class="timeline-buttons">
      <button
        type="button"
        aria-label="Step back"
        title="To the previous event"
        onClick={() => playback.step("back")}
      >
        ◂❙
      </button>
      <button
        type="button"
        aria-label={isPaused ? "Play" : "Pause"}
        title={isPaused ? "Play from here" : "Pause"}
        onClick={() => (isPaused ? playback.play() : playback.pause())}
      >
        {isPaused ? "▶" : "❚❚"}
      </button>
      <button
        type="button"
        aria-label="Step forward"
        title="To the next event"
        onClick={() => playback.step("forward")}
      >
        ❙▸
      </button>
    </div>
  );
}

function SpeedChoice() {
  const { playback } = useDashboard();
  const isLive = playback.mode.value === "live";
  return (
    <select
      aria-label="Speed"
      title={isLive ? "Live runs at its own speed: pause or go back first" : "Speed"}
      disabled={isLive}
      value={isLive ? 1 : playback.speed.value}
      onChange={(event) => {
        playback.speed.value = Number(event.currentTarget.value);
      }}
    >
      {speeds.map(({ speed, name }) => (
        <option key={speed} value={speed}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Clock() {
  const { playback } = useDashboard();
  const { from, to } = playback.span.value;
  const { at } = playback.moment.value;
  return (
    <span class="timeline-clock number">
      <time>{clockText(at, from)}</time>
      <span class="muted"> / {clockText(to, from)}</span>
    </span>
  );
}

/** What is pointed at, or else the last unusual event up to the moment shown. */
function Words({ mark }: { readonly mark: Mark | null }) {
  const { playback, perspective } = useDashboard();
  const { from } = playback.span.value;
  const shown = mark ?? lastBefore(playback, viewerOf(perspective.value));
  if (shown === null)
    return <span class="timeline-words muted">No forks, reorganisations or faults so far.</span>;
  const [label = ""] = shown.labels;
  const more = shown.count > 1 ? ` (and ${shown.count - 1} more)` : "";
  return (
    <span class={`timeline-words ${mark === null ? "muted" : ""}`} title={label}>
      <time>{clockText(shown.at, from)}</time> {label}
      {more}
    </span>
  );
}

function lastBefore(
  { pills, moment }: Playback,
  viewer: string | null,
): Pick<Mark, "at" | "labels" | "count"> | null {
  const { at } = moment.value;
  const pill = pills.value.findLast((each) => each.at <= at && isOpenTo(viewer, each));
  return pill === undefined ? null : { at: pill.at, labels: [pill.label], count: 1 };
}

/** Returns to the present; in a recording, to its end. */
function LiveButton() {
  const { playback, connection } = useDashboard();
  const isLive = playback.mode.value === "live";
  const word = connection.value.state === "ended" ? "END" : "LIVE";
  return (
    <button
      type="button"
      class={`timeline-live ${isLive ? "is-live" : ""}`}
      aria-pressed={isLive}
      title={isLive ? "This is the present" : "Return to the present"}
      onClick={() => playback.goLive()}
    >
      {isLive ? `● ${word.toLowerCase()}` : `${word} ▸`}
    </button>
  );
}

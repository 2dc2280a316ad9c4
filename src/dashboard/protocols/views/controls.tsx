/** At the bottom: stepping, playing, and the whole run as a line that one can drag along. */

import "./controls.css";
import { useRef } from "preact/hooks";
import type { RunRecord } from "../../simulator/run-record.ts";
import { eraColour } from "../run/lane.ts";
import { entryOf, stepKinds } from "../run/moment.ts";
import { secondsText } from "../run/words.ts";
import { useProtocolPage } from "../state/protocol-page.ts";

const speeds = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];
const spanMsMin = 400;
const spanMsMax = 12_000;

export function Controls({ record }: { readonly record: RunRecord }) {
  const { moment } = useProtocolPage();
  const { atMs, shown } = moment.value;
  return (
    <section class="panel controls" aria-label="Steps and time">
      <div class="row">
        <StepButtons />
        <StepChoice />
        <SpeedChoice />
        <output class="controls-time" data-at={atMs} data-shown={shown}>
          <strong>{secondsText(atMs)}</strong>{" "}
          <span class="muted">of {secondsText(record.endMs)}</span>
        </output>
        <LookButtons />
      </div>
      <Scrubber record={record} />
    </section>
  );
}

function StepButtons() {
  const page = useProtocolPage();
  const { isPlaying } = page;
  return (
    <>
      <button
        type="button"
        aria-label="One step back"
        title="One step back (←); Shift for ten"
        onClick={() => page.step("back")}
      >
        ◂❙
      </button>
      <button
        type="button"
        class="primary"
        title="Space"
        onClick={() => (isPlaying.value ? (isPlaying.value = false) : page.play())}
      >
        {isPlaying.value ? "Pause" : "Play"}
      </button>
      <button
        type="button"
        aria-label="One step forward"
        title="One step forward (→); Shift for ten"
        onClick={() => page.step("forward")}
      >
        ❙▸
      </button>
    </>
  );
}

function StepChoice() {
  const { stepKind } = useProtocolPage();
  return (
    <label>
      by{" "}
      <select
        aria-label="Step by"
        value={stepKind.value}
        onChange={({ currentTarget: { value } }) => {
          stepKind.value = stepKinds.find((kind) => kind === value) ?? "event";
        }}
      >
        {stepKinds.map((kind) => (
          <option key={kind} value={kind}>
            {kind}
          </option>
        ))}
      </select>
    </label>
  );
}

function SpeedChoice() {
  const { speed } = useProtocolPage();
  return (
    <label>
      speed{" "}
      <select
        aria-label="Speed"
        value={speed.value}
        onChange={({ currentTarget: { value } }) => (speed.value = Number(value))}
      >
        {speeds.map((each) => (
          <option key={each} value={each}>
            {each} ×
          </option>
        ))}
      </select>
    </label>
  );
}

/** How much time the picture shows, and which way it runs. */
function LookButtons() {
  const { spanMs, isDown } = useProtocolPage();
  return (
    <span class="controls-look row">
      <button
        type="button"
        aria-label="Show less time"
        title="Show less time"
        disabled={spanMs.value <= spanMsMin}
        onClick={() => (spanMs.value = Math.max(spanMsMin, spanMs.value / 1.5))}
      >
        +
      </button>
      <button
        type="button"
        aria-label="Show more time"
        title="Show more time"
        disabled={spanMs.value >= spanMsMax}
        onClick={() => (spanMs.value = Math.min(spanMsMax, spanMs.value * 1.5))}
      >
        −
      </button>
      <button
        type="button"
        aria-pressed={isDown.value}
        title="Let time run downwards, or to the right"
        onClick={() => (isDown.value = !isDown.value)}
      >
        ↻ {isDown.value ? "time down" : "time right"}
      </button>
    </span>
  );
}

const stepMs = 100;
const pageMs = 2_000;

function Scrubber({ record }: { readonly record: RunRecord }) {
  const page = useProtocolPage();
  const { atMs } = page.moment.value;
  const { endMs } = record;
  const element = useRef<HTMLDivElement>(null);
  const seekTo = (event: PointerEvent) => {
    const box = element.current?.getBoundingClientRect();
    if (box === undefined) return;
    page.seek(Math.round(((event.clientX - box.left) / box.width) * endMs));
  };
  return (
    <div
      ref={element}
      class="scrubber"
      role="slider"
      tabIndex={0}
      aria-label="Moment shown"
      aria-valuemin={0}
      aria-valuemax={endMs}
      aria-valuenow={Math.round(atMs)}
      aria-valuetext={`${secondsText(atMs)}: ${entryOf(record, page.moment.value)?.text ?? "the beginning"}`}
      onKeyDown={(event) => {
        const target = keyTarget(event.key, atMs, endMs);
        if (target === undefined) return;
        event.preventDefault();
        page.seek(target);
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        seekTo(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) seekTo(event);
      }}
    >
      <ScrubberPicture record={record} />
      <svg class="scrubber-now" viewBox="0 0 1000 28" preserveAspectRatio="none" aria-hidden="true">
        <line x1={(1000 * atMs) / endMs} x2={(1000 * atMs) / endMs} y1={0} y2={28} />
      </svg>
    </div>
  );
}

function keyTarget(key: string, atMs: number, endMs: number): number | undefined {
  switch (key) {
    case "ArrowUp":
      return atMs + stepMs;
    case "ArrowDown":
      return atMs - stepMs;
    case "PageUp":
      return atMs + pageMs;
    case "PageDown":
      return atMs - pageMs;
    case "Home":
      return 0;
    case "End":
      return endMs;
    default:
      return undefined;
  }
}

/** Who leads in which era, and the faults. */
function ScrubberPicture({ record }: { readonly record: RunRecord }) {
  const { endMs, entries, struck } = record;
  const x = (ms: number) => (1000 * Math.min(ms, endMs)) / endMs;
  const leading = entries.filter(({ sign }) => sign === "leads");
  return (
    <svg viewBox="0 0 1000 28" preserveAspectRatio="none" aria-hidden="true">
      <rect class="scrubber-line" x={0} y={14} width={1000} height={4} />
      {leading.map(({ atMs, era = 0 }, at) => {
        const toMs = leading[at + 1]?.atMs ?? endMs;
        const width = x(toMs) - x(atMs);
        return (
          <rect
            key={at}
            class={`scrubber-era era-${eraColour(era)}`}
            {...{ x: x(atMs), y: 12, width, height: 8 }}
          />
        );
      })}
      {struck.map(({ atMs }, at) => (
        <line key={at} class="scrubber-fault" x1={x(atMs)} x2={x(atMs)} y1={2} y2={26} />
      ))}
    </svg>
  );
}

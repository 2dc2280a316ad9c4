/** Which moment the page shows: the present, an earlier moment, or a replay. */

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { NumberedEvent } from "../../contract/timeline.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Pill, Reading, Recording } from "../story/recording.ts";
import type { Moment, Playback } from "./dashboard.ts";

/** When the screen is drawn next. */
export interface Frames {
  /** @param draw is given the time of drawing, by a clock that never jumps. */
  next(draw: (nowMs: number) => void): void;
}

/** A replay stands still while the page is hidden and no frames are drawn. */
const frameMaxMs = 250;
/** The present is shown no more often: the other frames are left to animations. */
const liveIntervalMs = 30;

type Span = { readonly from: Milliseconds; readonly to: Milliseconds };
type Mode = "live" | "playing" | "paused";

/** The past is shown from a story of its own; live, the recording's own story is shown. */
export class RecordedPlayback implements Playback {
  readonly recording: Recording;
  readonly speed = signal(1);
  readonly #frames: Frames;
  readonly #moment: Signal<Moment>;
  readonly #span = signal<Span>({ from: 0 as Milliseconds, to: 0 as Milliseconds });
  readonly #pills = signal<readonly Pill[]>([]);
  readonly #mode = signal<Mode>("live");
  #reading: Reading;
  #at: Milliseconds;
  #drawnMs: number | null = null;
  #liveShownMs = -Infinity;
  #isAwaitingFrame = false;
  #isComplete = false;

  constructor(recording: Recording, frames: Frames) {
    this.recording = recording;
    this.#frames = frames;
    this.#at = recording.to;
    this.#reading = recording.readAt(this.#at);
    this.#moment = signal(this.#liveMoment());
    this.#showSpan();
  }

  get moment(): ReadonlySignal<Moment> {
    return this.#moment;
  }

  get span(): ReadonlySignal<Span> {
    return this.#span;
  }

  get pills(): ReadonlySignal<readonly Pill[]> {
    return this.#pills;
  }

  get mode(): ReadonlySignal<Mode> {
    return this.#mode;
  }

  /** Adds the next events; they are shown with the next frame, or soon after. */
  add(events: readonly NumberedEvent[]): void {
    for (const event of events) this.recording.add(event);
    if (events.length > 0) this.#awaitFrame();
  }

  /** No more events will arrive: a replay stops at the end. */
  complete(): void {
    this.#isComplete = true;
  }

  pause(): void {
    if (this.#mode.value === "live") this.seek(this.recording.to);
    else this.#mode.value = "paused";
  }

  play(): void {
    if (this.#mode.value === "live") return;
    if (this.#isComplete && this.#at >= this.recording.to) this.seek(this.recording.startedAt);
    this.#mode.value = "playing";
    this.#drawnMs = null;
    this.#awaitFrame();
  }

  goLive(): void {
    this.#mode.value = "live";
    this.#show();
  }

  seek(at: Milliseconds): void {
    const { from, to } = this.recording;
    this.#at = Math.min(to, Math.max(from, at)) as Milliseconds;
    this.#mode.value = "paused";
    this.#show();
  }

  step(direction: "forward" | "back"): void {
    const { recording } = this;
    const at = this.#mode.value === "live" ? recording.to : this.#at;
    if (direction === "back") this.seek(recording.markBefore(at) ?? recording.from);
    else this.seek(recording.markAfter(at) ?? recording.to);
  }

  #awaitFrame(): void {
    if (this.#isAwaitingFrame) return;
    this.#isAwaitingFrame = true;
    this.#frames.next((nowMs) => {
      this.#isAwaitingFrame = false;
      this.#draw(nowMs);
    });
  }

  #draw(nowMs: number): void {
    const elapsedMs = Math.min(nowMs - (this.#drawnMs ?? nowMs), frameMaxMs);
    this.#drawnMs = nowMs;
    const mode = this.#mode.value;
    switch (mode) {
      case "live":
        this.#showLive(nowMs);
        return;
      case "paused":
        this.#showSpan();
        return;
      case "playing":
        this.#playOn(elapsedMs);
        return;
      default:
        unreachable(mode);
    }
  }

  #showLive(nowMs: number): void {
    if (nowMs - this.#liveShownMs < liveIntervalMs) {
      this.#awaitFrame();
      return;
    }
    this.#liveShownMs = nowMs;
    this.#show();
  }

  #playOn(elapsedMs: number): void {
    this.#at = (this.#at + elapsedMs * this.speed.value) as Milliseconds;
    if (this.#at < this.recording.to) {
      this.#show();
      this.#awaitFrame();
    } else if (this.#isComplete) this.seek(this.recording.to);
    else this.goLive();
  }

  #show(): void {
    this.#showSpan();
    if (this.#mode.value === "live") {
      this.#at = this.recording.to;
      this.#moment.value = this.#liveMoment();
      return;
    }
    const at = Math.floor(this.#at) as Milliseconds;
    this.#reading = this.recording.readOn(this.#reading, at);
    this.#moment.value = { story: this.#reading.story, at, isLive: false };
  }

  #liveMoment(): Moment {
    const { story, to: at } = this.recording;
    return { story, at, isLive: true };
  }

  #showSpan(): void {
    const { from, to, pills } = this.recording;
    const { value } = this.#span;
    if (value.from !== from || value.to !== to) this.#span.value = { from, to };
    this.#pills.value = pills;
  }
}

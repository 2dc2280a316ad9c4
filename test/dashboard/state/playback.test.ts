import { expect, test } from "vitest";
import { type Frames, RecordedPlayback } from "../../../src/dashboard/state/playback.ts";
import { Recording } from "../../../src/dashboard/story/recording.ts";
import type { Milliseconds } from "../../../src/primitives/brand.ts";
import { hashOf, Tale } from "../story/tale.ts";

/** A screen that is drawn when the test says so. */
class HandMadeFrames implements Frames {
  #nowMs = 0;
  #waiting: ((nowMs: number) => void)[] = [];

  next(draw: (nowMs: number) => void): void {
    this.#waiting.push(draw);
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Frames of 20 ms for so long. */
  pass(durationMs: number): void {
    for (const end = this.#nowMs + durationMs; this.#nowMs < end;) {
      this.#nowMs += 20;
      const draws = this.#waiting;
      this.#waiting = [];
      for (const draw of draws) draw(this.#nowMs);
    }
  }
}

function playbackOf(tale: Tale) {
  const frames = new HandMadeFrames();
  const playback = new RecordedPlayback(new Recording(), frames);
  playback.add(tale.numbered);
  frames.pass(20);
  return { playback, frames };
}

const at = (ms: number) => ms as Milliseconds;

test("live, it shows what was added, all at once", () => {
  const tale = new Tale();
  const { playback, frames } = playbackOf(tale);
  const before = playback.moment.value;
  expect(before).toMatchObject({ at: tale.now, isLive: true });
  const news = tale.mine("a1", "alice").numbered.slice(playback.recording.length);
  playback.add(news.slice(0, 2));
  playback.add(news.slice(2));
  expect(playback.moment.value).toBe(before);
  expect(frames.waiting).toBe(1);
  frames.pass(40);
  expect(playback.moment.value).not.toBe(before);
  expect(playback.moment.value.story.block(hashOf("a1"))).toBeDefined();
  expect(playback.span.value).toEqual({ from: 0, to: tale.now });
  expect(frames.waiting).toBe(0);
});

test("live, every other frame shows something new, and the last event is shown, too", () => {
  const tale = new Tale();
  const { playback, frames } = playbackOf(tale);
  const moments = new Set();
  for (let i = 1; i <= 10; i += 1) {
    playback.add(tale.mine(`a${i}`, "alice").numbered.slice(playback.recording.length));
    frames.pass(20);
    moments.add(playback.moment.value);
  }
  expect(moments.size).toBe(6); // the one before among them
  frames.pass(40);
  expect(playback.moment.value.at).toBe(tale.now);
  expect(frames.waiting).toBe(0);
});

test("paused, the moment stays while the span grows", () => {
  const tale = new Tale().mine("a1", "alice");
  const { playback, frames } = playbackOf(tale);
  playback.pause();
  const pausedAt = tale.now;
  playback.add(tale.mine("a2", "alice").part(["alice"], ["bob"]).numbered);
  frames.pass(100);
  expect(playback.moment.value).toMatchObject({ at: pausedAt, isLive: false });
  expect(playback.moment.value.story.block(hashOf("a2"))).toBeUndefined();
  expect(playback.span.value.to).toBe(tale.now);
  expect(playback.pills.value).toHaveLength(1);
  playback.goLive();
  expect(playback.moment.value).toMatchObject({ at: tale.now, isLive: true });
  expect(playback.moment.value.story.block(hashOf("a2"))).toBeDefined();
});

test("it plays from the moment shown, as fast as it is told", () => {
  const { playback, frames } = playbackOf(tenSeconds());
  playback.seek(at(2_000));
  playback.play();
  frames.pass(1_020); // the first frame only starts the clock
  expect(playback.moment.value.at).toBe(3_000);
  playback.speed.value = 4;
  frames.pass(500);
  expect(playback.moment.value.at).toBe(5_000);
  playback.speed.value = 0.25;
  frames.pass(400);
  expect(playback.moment.value.at).toBe(5_100);
  expect(playback.mode.value).toBe("playing");
  expect(playback.moment.value.story.blockCount).toBe(1 + blocksUpTo(5_100));
});

test("a film that reaches the present goes on live", () => {
  const { playback, frames } = playbackOf(tenSeconds());
  playback.seek(at(9_500));
  playback.play();
  frames.pass(2_000);
  expect(playback.mode.value).toBe("live");
  expect(frames.waiting).toBe(0);
});

test("a film to which nothing is added stops at its end, and begins anew", () => {
  const { playback, frames } = playbackOf(tenSeconds());
  playback.complete();
  playback.seek(at(9_500));
  playback.play();
  frames.pass(2_000);
  expect(playback.mode.value).toBe("paused");
  expect(playback.moment.value.at).toBe(playback.span.value.to);
  playback.play();
  frames.pass(120);
  expect(playback.moment.value.at).toBe(100);
});

test("a film does not run while no frames are drawn", () => {
  const frames = new HandMadeFrames();
  const playback = new RecordedPlayback(new Recording(), frames);
  playback.add(tenSeconds().numbered);
  frames.pass(20);
  playback.seek(at(0));
  playback.play();
  frames.pass(20);
  let draw: ((nowMs: number) => void) | undefined;
  frames.next = (next) => (draw = next);
  frames.pass(20);
  draw?.(60_000);
  expect(playback.moment.value.at).toBeLessThan(1_000);
});

test("a moment outside of the recording is its nearest end", () => {
  const { playback } = playbackOf(tenSeconds());
  playback.seek(at(-5));
  expect(playback.moment.value.at).toBe(playback.span.value.from);
  playback.seek(at(1e9));
  expect(playback.moment.value.at).toBe(playback.span.value.to);
  expect(playback.mode.value).toBe("paused");
});

test("a step goes to the next or previous block, and at the ends no further", () => {
  const tale = tenSeconds();
  const { playback } = playbackOf(tale);
  playback.step("back");
  expect(playback.moment.value.story.node("alice")?.height).toBe(9);
  const last = playback.moment.value.at;
  playback.step("back");
  expect(playback.moment.value.story.node("alice")?.height).toBe(8);
  playback.step("forward");
  expect(playback.moment.value.at).toBe(last);
  playback.step("forward");
  playback.step("forward");
  expect(playback.moment.value).toMatchObject({ at: tale.now, isLive: false });
});

/** A block every 1,020 ms: found, and 20 ms later with the other node. */
function tenSeconds(): Tale {
  const tale = new Tale(["alice", "bob"]);
  for (let i = 1; i <= 9; i += 1) tale.mine(`a${i}`, "alice");
  return tale.wait(820).share({ alice: 1 });
}

function blocksUpTo(ms: number): number {
  return Math.floor((ms + 20) / 1_020);
}

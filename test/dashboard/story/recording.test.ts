import { expect, test } from "vitest";
import type { LabEvent } from "../../../src/contract/timeline.ts";
import { eventsMax, Recording } from "../../../src/dashboard/story/recording.ts";
import { Story } from "../../../src/dashboard/story/story.ts";
import type { Milliseconds } from "../../../src/primitives/brand.ts";
import { hashOf, Tale } from "./tale.ts";

test("the story at a time is the story of all events up to it", () => {
  const { tale, recording } = longRecording();
  const { from, to } = recording;
  for (const part of [0, 0.1, 0.33, 0.5, 0.77, 1]) {
    const at = Math.round(from + part * (to - from)) as Milliseconds;
    expect(summaryOf(recording.storyAt(at))).toEqual(summaryOf(slowStoryAt(tale.events, at)));
  }
});

test("before the first event there is an empty story", () => {
  const { recording } = longRecording();
  expect(recording.storyAt((recording.from - 1) as Milliseconds).setting).toBeNull();
});

test("a reading goes on where it was, and begins anew if it must go back", () => {
  const { tale, recording } = longRecording();
  const early = 200_000 as Milliseconds;
  const late = 250_000 as Milliseconds;
  const reading = recording.readAt(early);
  const later = recording.readOn(reading, late);
  expect(later.story).toBe(reading.story);
  expect(summaryOf(later.story)).toEqual(summaryOf(slowStoryAt(tale.events, late)));
  const back = recording.readOn(later, early);
  expect(back.story).not.toBe(later.story);
  expect(summaryOf(back.story)).toEqual(summaryOf(slowStoryAt(tale.events, early)));
});

test("an event that was written late belongs to the time of the line before it", () => {
  const recording = new Recording();
  const tale = new Tale().mine("a1", "alice");
  const written = { ...tale.events.at(-1)!, at: 10 as Milliseconds };
  for (const numbered of tale.numbered) recording.add(numbered);
  recording.add({ id: tale.events.length + 1, event: written });
  expect(recording.to).toBe(tale.now);
  expect(recording.storyAt(10 as Milliseconds).blockCount).toBe(1);
});

test("there is something to see from when the lab had started", () => {
  const { numbered } = new Tale().wait(5_000).mine("a1", "alice");
  const recording = new Recording();
  for (const { id, event } of numbered) {
    const at = event.type === "started" ? (700 as Milliseconds) : event.at;
    recording.add({ id, event: { ...event, at } });
  }
  expect(recording.from).toBe(0);
  expect(recording.startedAt).toBe(700);
});

test("an event that is known already is not told again", () => {
  const recording = recordingOf(new Tale());
  for (const numbered of new Tale().mine("a1", "alice").numbered) recording.add(numbered);
  expect(recording.length).toBe(new Tale().mine("a1", "alice").events.length);
  expect(recording.story.nodes).toHaveLength(4);
});

test("every block gets its place in the tree when it is told, and all moments share it", () => {
  const recording = recordingOf(
    new Tale().mine("a1", "alice").mine("a2", "alice").mine("b2", "bob", { on: "a1" }),
  );
  const lanes = ["ground", "a1", "a2", "b2"].map(
    (name) => recording.layout.placeOf(hashOf(name))?.lane,
  );
  expect(lanes.slice(0, 3)).toEqual([0, 0, 0]);
  expect(lanes[3]).not.toBe(0);
});

test("steps go to new blocks and to what is unusual", () => {
  const tale = new Tale();
  const start = tale.now;
  const block = tale
    .mine("a1", "alice")
    .events.find(({ type, at }) => type === "news" && at > start)!;
  const cut = tale.wait(500).part(["alice"], ["bob", "carol", "shop"]).now;
  const recording = recordingOf(tale.wait(500).pay("coffee", "alice", "shop", 5));
  expect(recording.markAfter(start)).toBe(block.at);
  expect(recording.markAfter(block.at)).toBe(cut);
  expect(recording.markAfter(cut)).toBeUndefined();
  expect(recording.markBefore(cut)).toBe(block.at);
});

test("forks, reorganisations, partitions, faults and an attack's turns are pills, each a sentence", () => {
  const tale = new Tale()
    .part(["alice"], ["bob", "carol", "shop"])
    .mine("a1", "alice")
    .mine("b1", "bob")
    .mine("b2", "bob")
    .heal()
    .crash("carol")
    .restart("carol")
    .attack({ type: "race", secretBlocks: 1, publicBlocks: 0, lead: 1 })
    .attack({ type: "delivered", confirmations: 1 })
    .attack({ type: "published", secretBlocks: 2, publicBlocks: 1 });
  const { pills } = recordingOf(tale);
  expect(pills.map(({ type }) => type)).toEqual([
    "partition",
    "fork",
    "partition",
    "reorganisation",
    "fault",
    "fault",
    "delivery",
    "attack",
  ]);
  for (const { label } of pills) expect(label).toMatch(/\w+ \w+/);
});

test("when there are too many events, the oldest third is folded into the story before all others", () => {
  const tale = new Tale(["alice"]).mine("a1", "alice").part(["alice"], []);
  const recording = recordingOf(tale);
  const fill = (count: number, from: number) => {
    for (let i = 0; i < count; i += 1) {
      const at = (10_000 + from + i) as Milliseconds;
      recording.add({ id: recording.lastId + 1, event: { at, type: "healed" } });
    }
  };
  fill(eventsMax - recording.length, 0);
  expect(recording.length).toBe(eventsMax);
  expect(recording.from).toBe(0);
  fill(1, eventsMax);
  expect(recording.length).toBe((2 * eventsMax) / 3 + 1);
  expect(recording.from).toBeGreaterThan(10_000);
  expect(recording.storyAt(0 as Milliseconds).block(hashOf("a1"))).toBeDefined();
  expect(recording.storyAt(recording.to).groups).toBeNull();
  expect(recording.pills[0]!.at).toBeGreaterThanOrEqual(recording.from);
});

test("a lab that goes on in an old folder begins a new film, on the old blocks", () => {
  const recording = recordingOf(new Tale().mine("a1", "alice").part(["alice"], ["bob"]));
  const later = new Tale(["alice", "bob"], 90_000);
  for (const event of later.events) recording.add({ id: recording.lastId + 1, event });
  expect(recording.from).toBe(90_000);
  expect(recording.pills).toEqual([]);
  expect(recording.storyAt(recording.from).block(hashOf("a1"))).toBeDefined();
});

function recordingOf(tale: Tale): Recording {
  const recording = new Recording();
  for (const numbered of tale.numbered) recording.add(numbered);
  return recording;
}

/** Some thousands of events, so that there are several checkpoints. */
function longRecording() {
  const tale = new Tale();
  for (let i = 1; i <= 400; i += 1) {
    tale.pay(`coin${i}`, "alice", "shop", i).mine(`a${i}:coin${i}`, i % 2 === 0 ? "alice" : "bob");
    if (i % 50 === 0) tale.mine(`b${i}`, "carol", { on: `a${i - 1}`, to: ["shop"] });
  }
  return { tale, recording: recordingOf(tale) };
}

/** The obvious twin. */
function slowStoryAt(events: readonly LabEvent[], at: Milliseconds): Story {
  const story = new Story();
  for (const event of events) if (event.at <= at) story.apply(event);
  return story;
}

function summaryOf(story: Story) {
  return {
    at: story.at,
    nodes: story.nodes.map(({ name, tip, waiting }) => [name, tip, waiting.size]),
    blocks: [...story.blocks].map(({ hash, arrivals }) => [hash, arrivals]),
    payments: [...story.payments].map(({ txid, blocks }) => [txid, blocks]),
  };
}

/** All events of a timeline, from which the story of any moment can be rebuilt. */

import type { LabEvent, NumberedEvent } from "../../contract/timeline.ts";
import type { BlockHash, Milliseconds } from "../../primitives/brand.ts";
import { type Pill, pillOf } from "./pill.ts";
import { Story } from "./story.ts";
import { countUntil } from "./time-search.ts";
import { TreeLayout } from "./tree-layout.ts";

export type { Pill } from "./pill.ts";

/** Three quarters of an hour of a usual lab; above that the oldest third is merged into one state. */
export const eventsMax = 60_000;
const foldedEvents = eventsMax / 3;
/** Copies of the story are kept this far apart: at most so many events are applied for a moment. */
const checkpointEvents = 2_000;

/** A story that its owner may change, and how many events were applied to it. */
export type Reading = { readonly story: Story; readonly applied: number };

export class Recording {
  /** The places of the blocks, the same at every moment. */
  readonly layout: TreeLayout;
  /** The present. It changes with each event: to keep a moment, copy it. */
  readonly story = new Story();
  #events: LabEvent[] = [];
  /** When each event happened, as far as the order of the lines allows: never falling. */
  #times: Milliseconds[] = [];
  /** How many events are no longer kept: they are part of the first checkpoint. */
  #folded = 0;
  /** Never changed, only copied. */
  #checkpoints: Reading[] = [{ applied: 0, story: new Story() }];
  #pills: Pill[] = [];
  /** The array that was returned last, until there is a new pill. */
  #pillsReturned: readonly Pill[] | null = null;
  /** Of pills and of new blocks. */
  #marks: Milliseconds[] = [];
  #lastId = 0;
  #startedAt: Milliseconds | null = null;

  constructor(layout = new TreeLayout()) {
    this.layout = layout;
  }

  /** How many events are kept. */
  get length(): number {
    return this.#events.length;
  }

  /** All that are kept, in the order of their lines; it grows. */
  get events(): readonly LabEvent[] {
    return this.#events;
  }

  /** The number of the last event; 0 before the first. */
  get lastId(): number {
    return this.#lastId;
  }

  get from(): Milliseconds {
    return this.#times[0] ?? (0 as Milliseconds);
  }

  get to(): Milliseconds {
    return this.#times.at(-1) ?? this.from;
  }

  /** When the lab had started, if that event is kept: before it, there is nothing to see. */
  get startedAt(): Milliseconds {
    return Math.max(this.from, this.#startedAt ?? this.from) as Milliseconds;
  }

  /** In the order of time; a new array whenever there is a new one. */
  get pills(): readonly Pill[] {
    this.#pillsReturned ??= [...this.#pills];
    return this.#pillsReturned;
  }

  /** Adds the next event; one that is known already is ignored. */
  add({ id, event }: NumberedEvent): void {
    if (id <= this.#lastId) return;
    this.#lastId = id;
    if (event.type === "opening") this.#fold(this.#events.length);
    else if (this.#events.length >= eventsMax) this.#fold(foldedEvents);
    const at = Math.max(this.to, event.at) as Milliseconds;
    const blocks = this.story.blockCount;
    const pill = pillOf(event, this.story);
    this.story.apply(event);
    this.#place(event);
    this.#events.push(event);
    this.#times.push(at);
    if (event.type === "started") this.#startedAt = at;
    if (pill !== null) this.#pin({ ...pill, at });
    else if (this.story.blockCount > blocks) this.#marks.push(at);
    const applied = this.#folded + this.#events.length;
    if (applied % checkpointEvents > 0) return;
    this.#checkpoints.push({ applied, story: this.story.copy() });
  }

  /** The story of all events up to this time, that time included; the caller may change it. */
  storyAt(at: Milliseconds): Story {
    return this.readAt(at).story;
  }

  /** The same, ready for more events. */
  readAt(at: Milliseconds): Reading {
    const applied = this.#countUpTo(at);
    const start = this.#checkpoints.findLast((checkpoint) => checkpoint.applied <= applied);
    if (start === undefined) throw new Error("a recording begins with a checkpoint");
    return this.#applyEvents({ story: start.story.copy(), applied: start.applied }, applied);
  }

  /** Applies the next events to a reading's story; starts again if it must go back. */
  readOn(reading: Reading, at: Milliseconds): Reading {
    const applied = this.#countUpTo(at);
    if (applied < reading.applied || reading.applied < this.#folded) return this.readAt(at);
    return this.#applyEvents(reading, applied);
  }

  /** When the next pill or block after this time happened. */
  markAfter(at: Milliseconds): Milliseconds | undefined {
    return this.#marks[countOf(this.#marks, at)];
  }

  markBefore(at: Milliseconds): Milliseconds | undefined {
    return this.#marks[countOf(this.#marks, (at - 1) as Milliseconds) - 1];
  }

  /** How many events happened up to this time; none before those that are kept. */
  #countUpTo(at: Milliseconds): number {
    return this.#folded + countOf(this.#times, at);
  }

  #applyEvents({ story, applied }: Reading, upTo: number): Reading {
    for (const event of this.#events.slice(applied - this.#folded, upTo - this.#folded)) {
      story.apply(event);
    }
    return { story, applied: upTo };
  }

  #pin(pill: Pill): void {
    this.#pills.push(pill);
    this.#pillsReturned = null;
    this.#marks.push(pill.at);
  }

  #place(event: LabEvent): void {
    const hash = blockIn(event);
    const block = hash === null ? undefined : this.story.block(hash);
    if (block !== undefined) this.layout.place(block);
  }

  /** Merges so many events, and those of the same time, into the first checkpoint. */
  #fold(count: number): void {
    const at = this.#times[count - 1];
    if (at === undefined) return;
    const base = this.readAt(at);
    const kept = base.applied - this.#folded;
    this.#events = this.#events.slice(kept);
    this.#times = this.#times.slice(kept);
    this.#folded = base.applied;
    const later = this.#checkpoints.filter((checkpoint) => checkpoint.applied > base.applied);
    this.#checkpoints = [base, ...later];
    this.#pills = this.#pills.filter((pill) => pill.at > at);
    this.#pillsReturned = null;
    this.#marks = this.#marks.filter((mark) => mark > at);
  }
}

function blockIn(event: LabEvent): BlockHash | null {
  if (event.type === "block") return event.hash;
  if (event.type === "node-up") return event.tip;
  const isBlock = event.type === "news" && event.news.type === "block-accepted";
  return isBlock ? event.news.hash : null;
}

function countOf(times: readonly Milliseconds[], at: Milliseconds): number {
  return countUntil(times, at, (time) => time);
}

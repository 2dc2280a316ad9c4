/** All events of a timeline, so that the story can be told again up to any of them. */

import type { LabEvent, NumberedEvent } from "../../contract/timeline.ts";
import type { BlockHash, Milliseconds } from "../../primitives/brand.ts";
import { pillOf, type Pill } from "./pill.ts";
import { Story } from "./story.ts";
import { countUntil } from "./time-search.ts";
import { TreeLayout } from "./tree-layout.ts";

export type { Pill } from "./pill.ts";

/** Three quarters of an hour of a usual lab; above that the oldest third is folded. */
export const eventsMax = 60_000;
const foldedEvents = eventsMax / 3;
/** Copies of the story are kept this far apart: so many events are told at most for a moment. */
const checkpointEvents = 2_000;

/** A story of one's own, and how many events it was told. */
export type Reading = { readonly story: Story; readonly told: number };

export class Recording {
  /** Where the blocks of the story stand, at every moment. */
  readonly layout: TreeLayout;
  /** What happened up to now. It goes on: whoever keeps it makes a copy. */
  readonly story = new Story();
  #events: LabEvent[] = [];
  /** When each event happened, as far as the order of the lines allows: never falling. */
  #times: Milliseconds[] = [];
  /** How many events are no longer kept: the first checkpoint was told them. */
  #folded = 0;
  /** Never changed, only copied. */
  #checkpoints: Reading[] = [{ told: 0, story: new Story() }];
  #pills: Pill[] = [];
  /** What was given out, until there is a new one. */
  #pillsGiven: readonly Pill[] | null = null;
  /** Of pills and of new blocks. */
  #marks: Milliseconds[] = [];
  #lastId = 0;
  #startedAt: Milliseconds | null = null;

  constructor(layout = new TreeLayout()) {
    this.layout = layout;
  }

  /** How many events can be told again. */
  get length(): number {
    return this.#events.length;
  }

  /** All that are kept, in the order of their lines; it goes on. */
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

  /** When the lab had started, if that is kept: before, there is nothing to see but waiting. */
  get startedAt(): Milliseconds {
    return Math.max(this.from, this.#startedAt ?? this.from) as Milliseconds;
  }

  /** In the order of time; a new array whenever there is a new one. */
  get pills(): readonly Pill[] {
    this.#pillsGiven ??= [...this.#pills];
    return this.#pillsGiven;
  }

  /** Adds what happened next; what is known already is left out. */
  add({ id, event }: NumberedEvent): void {
    if (id <= this.#lastId) return;
    this.#lastId = id;
    if (event.type === "opening") this.#fold(this.#events.length);
    else if (this.#events.length >= eventsMax) this.#fold(foldedEvents);
    const at = Math.max(this.to, event.at) as Milliseconds;
    const blocks = this.story.blockCount;
    const pill = pillOf(event, this.story);
    this.story.tell(event);
    this.#place(event);
    this.#events.push(event);
    this.#times.push(at);
    if (event.type === "started") this.#startedAt = at;
    if (pill !== null) this.#pin({ ...pill, at });
    else if (this.story.blockCount > blocks) this.#marks.push(at);
    const told = this.#folded + this.#events.length;
    if (told % checkpointEvents > 0) return;
    this.#checkpoints.push({ told, story: this.story.copy() });
  }

  /** The story of all events up to this time, that time included; the caller's own. */
  storyAt(at: Milliseconds): Story {
    return this.readAt(at).story;
  }

  /** The same, ready to be told further. */
  readAt(at: Milliseconds): Reading {
    const told = this.#countUpTo(at);
    const start = this.#checkpoints.findLast((checkpoint) => checkpoint.told <= told);
    if (start === undefined) throw new Error("a recording begins with a checkpoint");
    return this.#tell({ story: start.story.copy(), told: start.told }, told);
  }

  /** Tells a reading's story what happened next; begins anew if it must go back. */
  readOn(reading: Reading, at: Milliseconds): Reading {
    const told = this.#countUpTo(at);
    if (told < reading.told || reading.told < this.#folded) return this.readAt(at);
    return this.#tell(reading, told);
  }

  /** When something happened that people see, next after this time. */
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

  #tell({ story, told }: Reading, upTo: number): Reading {
    for (const event of this.#events.slice(told - this.#folded, upTo - this.#folded)) {
      story.tell(event);
    }
    return { story, told: upTo };
  }

  #pin(pill: Pill): void {
    this.#pills.push(pill);
    this.#pillsGiven = null;
    this.#marks.push(pill.at);
  }

  #place(event: LabEvent): void {
    const hash = blockToldBy(event);
    const block = hash === null ? undefined : this.story.block(hash);
    if (block !== undefined) this.layout.place(block);
  }

  /** So many events, and those of the same time, become the story with which all others begin. */
  #fold(count: number): void {
    const at = this.#times[count - 1];
    if (at === undefined) return;
    const base = this.readAt(at);
    const kept = base.told - this.#folded;
    this.#events = this.#events.slice(kept);
    this.#times = this.#times.slice(kept);
    this.#folded = base.told;
    const later = this.#checkpoints.filter((checkpoint) => checkpoint.told > base.told);
    this.#checkpoints = [base, ...later];
    this.#pills = this.#pills.filter((pill) => pill.at > at);
    this.#pillsGiven = null;
    this.#marks = this.#marks.filter((mark) => mark > at);
  }
}

function blockToldBy(event: LabEvent): BlockHash | null {
  if (event.type === "block") return event.hash;
  if (event.type === "node-up") return event.tip;
  const isBlock = event.type === "news" && event.news.type === "block-accepted";
  return isBlock ? event.news.hash : null;
}

function countOf(times: readonly Milliseconds[], at: Milliseconds): number {
  return countUntil(times, at, (time) => time);
}

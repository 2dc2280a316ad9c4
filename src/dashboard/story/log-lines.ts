/** The log of the page: the last lines up to a moment, all or only those about one thing. */

import type { LabEvent } from "../../contract/timeline.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import { concerns, type EventLine, eventLine, type Subject } from "./event-line.ts";
import type { Story } from "./story.ts";
import { countUntil } from "./time-search.ts";

/** Older lines are found by going back on the timeline. */
const linesMax = 200;
/** How many events are looked through for lines about one thing. */
const eventsMax = 10_000;

export type LogFilter = {
  /** Null for all that is shown by default. */
  readonly subject: Subject | null;
  /** Only lines that this node reported; null for all. */
  readonly viewer: string | null;
  /** Whether nodes' own lines are wanted although nothing is selected. */
  readonly withNews: boolean;
};

/**
 * @param events in the order of their lines: their times hardly ever fall.
 * @returns the oldest first.
 */
export function logLines(
  events: readonly LabEvent[],
  at: Milliseconds,
  { subject, viewer, withNews }: LogFilter,
  story: Story,
): readonly EventLine[] {
  const lines: EventLine[] = [];
  const end = countUntil(events, at, (event) => event.at);
  for (let i = end - 1; i >= Math.max(0, end - eventsMax) && lines.length < linesMax; i -= 1) {
    const event = events[i];
    if (event === undefined) break;
    if (viewer !== null && !isReportedBy(event, viewer)) continue;
    if (event.type === "news" && subject === null && viewer === null && !withNews) continue;
    const line = eventLine(event, story);
    if (line === null || (subject !== null && !concerns(line, subject, story))) continue;
    lines.push(line);
  }
  return lines.reverse();
}

function isReportedBy(event: LabEvent, viewer: string): boolean {
  return event.type === "news" && event.node === viewer;
}

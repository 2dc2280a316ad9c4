/** A moment of a run: which of its entries have happened, and how one gets to the next. */

import type { Entry, EntrySign, RunRecord, Stage } from "../../simulator/run-record.ts";
import { countUntil } from "./search.ts";

export type Moment = {
  readonly atMs: number;
  /** How many entries have happened: several may have the same time. */
  readonly shown: number;
};

/** What one step goes to. */
export const stepKinds = ["event", "message", "commit", "everything"] as const;
export type StepKind = (typeof stepKinds)[number];

const events: readonly Entry["sign"][] = [
  ...(["fault", "role", "leads", "vote", "commit", "client", "broken"] satisfies EntrySign[]),
];

/** True if a step of this kind stops at the entry. */
export function isStop({ sign }: Pick<Entry, "sign">, kind: StepKind): boolean {
  switch (kind) {
    case "everything":
      return true;
    case "commit":
      return sign === "commit";
    case "message":
      return sign === "sent" || sign === "arrived";
    case "event":
      return events.includes(sign);
  }
}

/** When all has happened that happens until then. */
export function momentAt({ entries, endMs }: RunRecord, atMs: number): Moment {
  const bounded = Math.min(Math.max(atMs, 0), endMs);
  return { atMs: bounded, shown: countUntil(entries, (entry) => entry.atMs <= bounded) };
}

/** @returns the same moment if there is no further stop. */
export function step(
  { entries }: RunRecord,
  moment: Moment,
  kind: StepKind,
  direction: "back" | "forward",
): Moment {
  const isHere = (entry: Entry) => isStop(entry, kind);
  const last = moment.shown - 1;
  const found =
    direction === "forward"
      ? entries.findIndex((entry, at) => at > last && isHere(entry))
      : entries.findLastIndex((entry, at) => at < last && isHere(entry));
  return found === -1 ? moment : afterEntry(entries, found);
}

/** The moment at which an entry is the last that has happened. */
export function afterEntry(entries: readonly Entry[], position: number): Moment {
  return { atMs: entries[position]?.atMs ?? 0, shown: position + 1 };
}

/** The entry that a moment is about: the last that has happened; undefined before the first. */
export function entryOf({ entries }: RunRecord, { shown }: Moment): Entry | undefined {
  return entries[shown - 1];
}

/** What a process is at a moment; undefined before it has started. */
export function stageOf({ stages }: RunRecord, name: string, { shown }: Moment): Stage | undefined {
  const own = stages[name] ?? [];
  return own[countUntil(own, ({ from }) => from <= shown) - 1];
}

/** The running process that leads, in the highest era if several think that they do. */
export function leaderOf(record: RunRecord, moment: Moment): string | undefined {
  let found: { readonly name: string; readonly era: number } | undefined;
  for (const name of record.names) {
    const stage = stageOf(record, name, moment);
    if (stage === undefined || stage.health === "stopped" || !stage.view.isLeader) continue;
    if (found === undefined || stage.view.era > found.era) found = { name, era: stage.view.era };
  }
  return found?.name;
}

/** The last millisecond whose entries have not all happened, or the next one: here the future begins. */
export function nextChangeMs({ atMs }: Moment): number {
  return Math.floor(atMs) + 1;
}

/** `3060`, or `3060.2` if two entries of that millisecond have happened and others have not. */
export function encodeMoment({ entries }: RunRecord, { atMs, shown }: Moment): string {
  const [last, next] = [entries[shown - 1], entries[shown]];
  const text = String(Math.round(atMs));
  if (last === undefined || next?.atMs !== last.atMs || last.atMs !== atMs) return text;
  const before = countUntil(entries, (entry) => entry.atMs < atMs);
  return `${text}.${shown - before}`;
}

export function decodeMoment(record: RunRecord, text: string): Moment {
  const [atText, shownText] = text.split(".");
  const atMs = Number(atText);
  if (!(atMs >= 0)) return { atMs: 0, shown: 0 };
  const whole = momentAt(record, atMs);
  const before = countUntil(record.entries, (entry) => entry.atMs < atMs);
  const shown = before + Number(shownText);
  return shownText !== undefined && shown > before && shown <= whole.shown
    ? { atMs: whole.atMs, shown }
    : whole;
}

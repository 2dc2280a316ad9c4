/** A window of the log: what an acceptor has accepted for each slot, in its highest ballot. */

import type { JsonReader } from "../../primitives/json-reader.ts";
import { type Ballot, readBallot } from "../paxos/ballot.ts";
import type { Command, RequestId } from "../process/key-value.ts";
import { readCommand, readRequestId } from "../process/wire.ts";

/** What a slot is for; a no-op fills a gap. */
export type Entry =
  | { readonly type: "command"; readonly id: RequestId; readonly command: Command }
  | { readonly type: "no-op" };

export type Slot = { readonly ballot: Ballot; readonly entry: Entry };

/** A slot that left its log: `index` counts from 1. */
export type NumberedSlot = Slot & { readonly index: number };

/**
 * Nothing was accepted where there is undefined. The window stays short, because what a snapshot
 * holds leaves it: so a copy of the list costs less than a tree would.
 */
export type Slots = {
  /** The index of the first cell. */
  readonly first: number;
  readonly cells: readonly (Slot | undefined)[];
};

export function slotAt({ first, cells }: Slots, index: number): Slot | undefined {
  return cells[index - first];
}

/** The highest index with something accepted, or the one before the window. */
export function lastIndexOf({ first, cells }: Slots): number {
  return first + cells.length - 1;
}

/** What stands before the window is left alone: it is in a snapshot. */
export function withSlot(slots: Slots, index: number, slot: Slot): Slots {
  const at = index - slots.first;
  if (at < 0) return slots;
  const cells = slots.cells.slice();
  while (cells.length < at) cells.push(undefined);
  cells[at] = slot;
  return { first: slots.first, cells };
}

/** Without what stands before `first`. */
export function slotsFrom(slots: Slots, first: number): Slots {
  if (first <= slots.first) return slots;
  return { first, cells: slots.cells.slice(first - slots.first) };
}

/** All that was accepted from `index` to `last`. */
export function acceptedFrom(slots: Slots, index: number, last: number): readonly NumberedSlot[] {
  const from = Math.max(index, slots.first);
  return slots.cells.slice(from - slots.first, last - slots.first + 1).flatMap((slot, at) => {
    return slot === undefined ? [] : [{ index: from + at, ...slot }];
  });
}

export function readSlot(reader: JsonReader): Slot {
  const fields = reader.object(["ballot", "entry"]);
  return { ballot: readBallot(fields.get("ballot")), entry: readEntry(fields.get("entry")) };
}

export function readNumberedSlot(reader: JsonReader): NumberedSlot {
  const fields = reader.object(["index", "ballot", "entry"]);
  return {
    index: fields.get("index").wholeNumber({ min: 1 }),
    ballot: readBallot(fields.get("ballot")),
    entry: readEntry(fields.get("entry")),
  };
}

export function readEntry(reader: JsonReader): Entry {
  const type = reader.peek("type").word(["command", "no-op"] as const);
  if (type === "no-op") {
    reader.object(["type"]);
    return { type };
  }
  const fields = reader.object(["type", "id", "command"]);
  return {
    type,
    id: readRequestId(fields.get("id")),
    command: readCommand(fields.get("command")),
  };
}

/** One text for equal entries. */
export function textOf(entry: Entry): string {
  if (entry.type === "no-op") return "no-op";
  const { id, command } = entry;
  const value = command.type === "read" ? "" : ` ${JSON.stringify(command)}`;
  const key = command.type === "read" ? ` ${command.key}` : "";
  return `${id.client}/${id.number} ${command.type}${key}${value}`;
}

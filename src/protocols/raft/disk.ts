/** Raft's durable records: term and vote, one record an entry, the snapshot, and where the log begins. */

import type { Key, Write } from "../../machine/store.ts";
import type { PeerId } from "../../primitives/brand.ts";
import { type ByteReader, ByteWriter, decodeWhole } from "../../primitives/bytes.ts";
import type { KeyValueState } from "../process/key-value.ts";
import type { Disk } from "../process/process.ts";
import { type Entry, readEntry, readText, writeEntry, writeText } from "./entry.ts";
import { append, emptyLog, type Log, type Position } from "./log.ts";
import { readSnapshot, type Snapshot, writeSnapshot } from "./message.ts";
import type { HardState } from "./rules.ts";

const hardStateKey: Key = "raft/state";
const snapshotKey: Key = "raft/snapshot";
/** Index and term of the entry before the log's first. */
const baseKey: Key = "raft/base";

/** Keys of entries have the order of their indices. */
function entryKey(index: number): Key {
  return `raft/entry/${String(index).padStart(12, "0")}`;
}

export function hardStateRecord({ term, votedFor }: HardState): Write {
  const writer = new ByteWriter().compactSize(term).uint8(votedFor === undefined ? 0 : 1);
  if (votedFor !== undefined) writeText(writer, votedFor);
  return { type: "put", key: hardStateKey, value: writer.finish() };
}

export function entryRecord(index: number, entry: Entry): Write {
  const writer = new ByteWriter();
  writeEntry(writer, entry);
  return { type: "put", key: entryKey(index), value: writer.finish() };
}

export function entryRemoval(index: number): Write {
  return { type: "delete", key: entryKey(index) };
}

export function snapshotRecord(snapshot: Snapshot): Write {
  const writer = new ByteWriter();
  writeSnapshot(writer, snapshot);
  return { type: "put", key: snapshotKey, value: writer.finish() };
}

export function baseRecord({ index, term }: Position): Write {
  const value = new ByteWriter().compactSize(index).compactSize(term).finish();
  return { type: "put", key: baseKey, value };
}

export type Durable = HardState & { readonly log: Log; readonly snapshot: Snapshot };

/**
 * All that is on the disk.
 *
 * @param voters,data of a process that has no snapshot.
 * @throws Error if a record is not what was written.
 */
export function readDurable(disk: Disk, voters: readonly PeerId[], data: KeyValueState): Durable {
  const read = <T>(key: Key, reader: (from: ByteReader) => T): T | undefined => {
    const bytes = disk.get(key);
    if (bytes === undefined) return undefined;
    const verdict = decodeWhole(bytes, reader);
    if (!verdict.ok) throw new Error(`${key} cannot be read: ${verdict.problem.reason}`);
    return verdict.value;
  };
  const { term, votedFor } = read(hardStateKey, readHardState) ?? { term: 0, votedFor: undefined };
  const snapshot = read(snapshotKey, readSnapshot) ?? { index: 0, term: 0, members: voters, data };
  let log = emptyLog(read(baseKey, readPosition) ?? { index: 0, term: 0 });
  for (;;) {
    const entry = read(entryKey(log.last.index + 1), readEntry);
    if (entry === undefined) return { term, votedFor, log, snapshot };
    log = append(log, entry);
  }
}

function readHardState(reader: ByteReader): HardState {
  const term = reader.compactSize();
  const hasVoted = reader.uint8() === 1;
  return { term, votedFor: hasVoted ? readText<PeerId>(reader) : undefined };
}

function readPosition(reader: ByteReader): Position {
  return { index: reader.compactSize(), term: reader.compactSize() };
}

/**
 * The replicated log: entries with consecutive indices behind a base whose index and term are
 * known. It is a value; to append copies one chunk, not the log.
 */

import type { Entry } from "./entry.ts";

/** Where an entry stands. */
export type Position = { readonly index: number; readonly term: number };

export type Log = {
  /** The entry before the first; index 0 and term 0 at the beginning of all logs. */
  readonly base: Position;
  readonly last: Position;
  /** All but the first and the last are full; equal logs have equal chunks. */
  readonly chunks: readonly (readonly Entry[])[];
};

/** Entries that share a chunk: those whose indices, less one, have the same quotient by it. */
const chunkSize = 32;

export function emptyLog(base: Position): Log {
  return { base, last: base, chunks: [] };
}

/** Undefined outside of the log. */
export function entryAt(log: Log, index: number): Entry | undefined {
  if (index <= log.base.index || index > log.last.index) return undefined;
  const firstChunk = chunkOf(log.base.index + 1);
  const at = chunkOf(index) - firstChunk;
  const start = at === 0 ? log.base.index + 1 : (firstChunk + at) * chunkSize + 1;
  return log.chunks[at]?.[index - start];
}

/** Of the entry at the index, also of the base; undefined where nothing is known. */
export function termAt(log: Log, index: number): number | undefined {
  if (index === log.last.index) return log.last.term;
  if (index === log.base.index) return log.base.term;
  return entryAt(log, index)?.era;
}

export function append(log: Log, entry: Entry): Log {
  const index = log.last.index + 1;
  const isOpen = log.chunks.length > 0 && (index - 1) % chunkSize !== 0;
  const chunks = isOpen ? log.chunks.slice(0, -1) : log.chunks.slice();
  chunks.push(isOpen ? [...(log.chunks.at(-1) ?? []), entry] : [entry]);
  return { base: log.base, last: { index, term: entry.era }, chunks };
}

/** The entries from the index on, at least one if there is one, and as many as the bytes allow. */
export function entriesFrom(
  log: Log,
  index: number,
  countMax: number,
  sizeMax: number,
  sizeOf: (entry: Entry) => number,
): readonly Entry[] {
  const entries: Entry[] = [];
  let size = 0;
  for (let at = index; at <= log.last.index && entries.length < countMax; at++) {
    const entry = entryAt(log, at);
    if (entry === undefined) break;
    size += sizeOf(entry);
    if (entries.length > 0 && size > sizeMax) break;
    entries.push(entry);
  }
  return entries;
}

/** Without the entries from the index on. */
export function cutFrom(log: Log, index: number): Log {
  if (index > log.last.index) return log;
  const term = termAt(log, index - 1);
  if (term === undefined) throw new Error(`a log cannot be cut at ${index}: it begins later`);
  return rebuilt(log, log.base, { index: index - 1, term });
}

/** Without the entries up to and with the index. */
export function cutUpTo(log: Log, index: number): Log {
  if (index <= log.base.index) return log;
  const term = termAt(log, index);
  if (term === undefined) throw new Error(`a log cannot be cut up to ${index}: it ends before`);
  return rebuilt(log, { index, term }, log.last);
}

function rebuilt(log: Log, base: Position, last: Position): Log {
  const chunks: Entry[][] = [];
  for (let index = base.index + 1; index <= last.index; index++) {
    const entry = entryAt(log, index);
    if (entry === undefined) throw new Error(`a log has no entry ${index}`);
    if (chunks.length === 0 || (index - 1) % chunkSize === 0) chunks.push([]);
    chunks.at(-1)?.push(entry);
  }
  return { base, last, chunks };
}

/** All entries, the oldest first. */
export function entriesOf(log: Log): readonly Entry[] {
  // Copies chunks as they are; flat() looks at every entry.
  return ([] as Entry[]).concat(...log.chunks);
}

/** The largest index up to `index` whose term is at most `term`; the base at the least. */
export function lastWithTermUpTo(log: Log, index: number, term: number): number {
  let at = Math.min(index, log.last.index);
  while (at > log.base.index && (termAt(log, at) ?? 0) > term) at--;
  return at;
}

function chunkOf(index: number): number {
  return Math.floor((index - 1) / chunkSize);
}

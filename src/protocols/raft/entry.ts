/** An entry of Raft's log, and its bytes. */

import type { PeerId } from "../../primitives/brand.ts";
import { ByteReader, ByteWriter } from "../../primitives/bytes.ts";
import type { Command, RequestId, Value } from "../process/key-value.ts";
import type { LogCell } from "../process/protocol.ts";

/** What an entry asks for when it is applied. */
export type Content =
  /** Nothing: a leader begins its term with it, so that it can commit what came before. */
  | { readonly type: "empty" }
  | { readonly type: "command"; readonly id: RequestId; readonly command: Command }
  /** From here on these are the voters. */
  | { readonly type: "members"; readonly members: readonly PeerId[] };

/** A cell as views show it, whose era is the term, and what it stands for. */
export type Entry = LogCell & { readonly content: Content };

export function entryOf(term: number, content: Content): Entry {
  return { era: term, command: textOf(content), content };
}

/** Equal texts are equal contents; an empty one has an empty text. */
function textOf(content: Content): string {
  if (content.type === "empty") return "";
  if (content.type === "members") return `members ${content.members.join(" ")}`;
  const { id, command } = content;
  return `${id.client}/${id.number} ${commandText(command)}`;
}

function commandText(command: Command): string {
  switch (command.type) {
    case "read":
      return `read ${command.key}`;
    case "write":
      return `write ${command.key} ${valueText(command.value)}`;
    case "compare-and-set":
      return `set ${command.key} ${valueText(command.from)} ${valueText(command.to)}`;
    case "propose":
      return `propose ${valueText(command.value)}`;
  }
}

/** As JSON has it. */
function valueText(value: Value): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** About how many bytes it takes on the wire: enough to bound a batch. */
export function sizeOf({ command }: Entry): number {
  return command.length + 16;
}

const contentTypes = ["empty", "read", "write", "compare-and-set", "propose", "members"] as const;

export function writeEntry(writer: ByteWriter, { era, content }: Entry): void {
  writer.compactSize(era);
  if (content.type === "command") {
    const { id, command } = content;
    writer.uint8(contentTypes.indexOf(command.type));
    writeText(writer, id.client);
    writer.compactSize(id.number);
    writeCommand(writer, command);
    return;
  }
  writer.uint8(contentTypes.indexOf(content.type));
  if (content.type === "members") writer.list(content.members, (name) => writeText(writer, name));
}

function writeCommand(writer: ByteWriter, command: Command): void {
  if (command.type !== "propose") writeText(writer, command.key);
  if (command.type === "write" || command.type === "propose") writeValue(writer, command.value);
  if (command.type !== "compare-and-set") return;
  writeValue(writer, command.from);
  writeValue(writer, command.to);
}

export function readEntry(reader: ByteReader): Entry {
  const term = reader.compactSize();
  const type = contentTypes[reader.uint8()] ?? reader.fail("no such kind of entry");
  if (type === "empty") return entryOf(term, { type });
  if (type === "members") {
    return entryOf(term, { type, members: reader.list(1, () => readText<PeerId>(reader)) });
  }
  const id = { client: readText(reader), number: reader.compactSize() };
  return entryOf(term, { type: "command", id, command: readCommand(reader, type) });
}

function readCommand(reader: ByteReader, type: Command["type"]): Command {
  if (type === "propose") return { type, value: readValue(reader) };
  const key = readText(reader);
  if (type === "read") return { type, key };
  if (type === "write") return { type, key, value: readValue(reader) };
  return { type, key, from: readValue(reader), to: readValue(reader) };
}

const valueTags = { null: 0, false: 1, true: 2, text: 3, count: 4, number: 5 } as const;

/** What JSON does not know, it writes as JSON does: −0 as 0, and infinity as null. */
function writeValue(writer: ByteWriter, value: Value): void {
  const isNothing = value === null || (typeof value === "number" && !Number.isFinite(value));
  if (isNothing) writer.uint8(valueTags.null);
  else if (typeof value === "boolean") writer.uint8(value ? valueTags.true : valueTags.false);
  else if (typeof value === "string") writeText(writer.uint8(valueTags.text), value);
  else if (isCount(value)) writer.uint8(valueTags.count).compactSize(value);
  else writeText(writer.uint8(valueTags.number), String(value));
}

function readValue(reader: ByteReader): Value {
  switch (reader.uint8()) {
    case valueTags.null:
      return null;
    case valueTags.false:
      return false;
    case valueTags.true:
      return true;
    case valueTags.text:
      return readText(reader);
    case valueTags.count:
      return reader.compactSize();
    case valueTags.number:
      return readNumber(reader);
    default:
      return reader.fail("no such kind of value");
  }
}

/** Whole and not negative: such numbers are by far the most. */
function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** A number as JSON has it, in its only form. */
function readNumber(reader: ByteReader): number {
  const text = readText(reader);
  const value = Number(text);
  const isCanonical = Number.isFinite(value) && String(value) === text && !isCount(value);
  return isCanonical ? value : reader.fail(`no number: ${text.slice(0, 40)}`);
}

/**
 * The entry as all other processes will read it. What bytes cannot hold, such as half a surrogate
 * pair, must be replaced before a leader applies it, or its copy would differ.
 */
export function asStored(entry: Entry): Entry {
  const writer = new ByteWriter();
  writeEntry(writer, entry);
  return readEntry(new ByteReader(writer.finish()));
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Shorter texts are read letter by letter: starting a decoder costs more. */
const shortTextMax = 32;

export function writeText(writer: ByteWriter, text: string): void {
  if (text.length > shortTextMax || !isAscii(text)) {
    writer.prefixed(encoder.encode(text));
    return;
  }
  writer.compactSize(text.length);
  for (let at = 0; at < text.length; at++) writer.uint8(text.charCodeAt(at));
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

export function readText<T extends string = string>(reader: ByteReader): T {
  const length = reader.count(1);
  const text = length <= shortTextMax ? reader.ascii(length) : undefined;
  if (text !== undefined) return text as T;
  try {
    return decoder.decode(reader.lend(length)) as T;
  } catch {
    return reader.fail("a text is not UTF-8");
  }
}

/**
 * Histories of any kind as JSON, an event a line, or as one array of the same events:
 *
 *     {"process":3,"type":"invoke","f":"write","key":"x","value":7,"time":120}
 *
 * `type` is invoke, ok, fail or info, `f` read, write, cas or append (get and put are read and write,
 * too). The value of a cas is `[from, to]`, and may be absent where an operation returns, unless it
 * is a read with ok. `key` may be absent if there is only one. `time`, in milliseconds, may be absent,
 * and so may `error`: why an operation failed, or why its outcome is unknown. A cas that fails without
 * an error has found another value.
 */

import { broken, valid, type Verdict } from "../../primitives/verdict.ts";
import {
  eventTypes,
  type FunctionName,
  functions,
  type HistoryEvent,
  type Value,
} from "../history.ts";
import type { LineProblem } from "./line-problem.ts";

const synonyms: Readonly<Record<string, FunctionName>> = { get: "read", put: "write" };

type Fields = Readonly<Record<string, unknown>>;

/** An event without a value returns what its process was given. */
type ReadEvent = Omit<HistoryEvent, "value"> & { readonly value?: HistoryEvent["value"] };

export function isJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

export function readJsonLines(text: string): Verdict<readonly HistoryEvent[], LineProblem> {
  const found = text.trimStart().startsWith("[") ? readArray(text) : readLines(text);
  if (!found.ok) return found;
  const given = new Map<number, HistoryEvent["value"]>();
  const events: HistoryEvent[] = [];
  for (const { fields, line } of found.value) {
    const event = readEvent(fields);
    if (typeof event === "string") return broken({ line, reason: event });
    const { process, type, f, value: told } = event;
    const isAbsent = type !== "invoke" && (told === undefined || (told === null && f === "cas"));
    const value = (isAbsent ? given.get(process) : told) ?? null;
    if (type === "invoke") given.set(process, value);
    events.push({ ...event, value, line });
  }
  return valid(events);
}

type Found = { readonly fields: unknown; readonly line: number };

function readLines(text: string): Verdict<readonly Found[], LineProblem> {
  const found: Found[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const fields = parse(line);
    const reason = "it is no JSON; write one event a line";
    if (fields === undefined) return broken({ line: index + 1, reason });
    found.push({ fields, line: index + 1 });
  }
  return valid(found);
}

/** Its events are counted as lines are. */
function readArray(text: string): Verdict<readonly Found[], LineProblem> {
  const all = parse(text);
  if (!Array.isArray(all)) return broken({ reason: "its JSON is cut short or malformed" });
  return valid((all as unknown[]).map((fields, index) => ({ fields, line: index + 1 })));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @returns a string that says what is wrong. */
function readEvent(fields: unknown): ReadEvent | string {
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    return "it is no event; write an object with process, type, f, key and value";
  }
  const { process, type, f: word, key = "", value, error, time } = fields as Fields;
  if (!Number.isSafeInteger(process) || (process as number) < 0) {
    return "its process is no whole number from 0 on; number the clients";
  }
  if (!eventTypes.some((each) => each === type)) {
    return `its type is ${JSON.stringify(type)}; write ${eventTypes.join(", ")}`;
  }
  const f = synonyms[String(word)] ?? functions.find((each) => each === word);
  if (f === undefined) return `its f is ${JSON.stringify(word)}; write ${functions.join(", ")}`;
  if (typeof key !== "string" && typeof key !== "number") return "its key is no text; write one";
  if (error !== undefined && typeof error !== "string") return "its error is no text; write why";
  if (time !== undefined && typeof time !== "number")
    return "its time is no number; write milliseconds";
  const event = { process, type, f, key: String(key) } as Omit<HistoryEvent, "value">;
  const optional = {
    ...(error === undefined ? {} : { error }),
    ...(time === undefined ? {} : { time }),
  };
  const mayLack = type !== "invoke" && !(type === "ok" && f === "read");
  if (value === undefined && (mayLack || f === "read")) {
    return type === "ok" && f === "read"
      ? "a read with ok has no value; write what it returned, null for nothing"
      : { ...event, ...optional };
  }
  const isRight = f === "cas" && !(mayLack && value === null) ? isPair(value) : isValue(value);
  const wanted = f === "cas" ? "[from, to]" : "null, true, false, a number or a text";
  if (!isRight) return `the value of its ${f} is ${JSON.stringify(value)}; write ${wanted}`;
  return { ...event, ...optional, value: value as HistoryEvent["value"] };
}

function isValue(value: unknown): value is Value {
  return value === null || ["boolean", "number", "string"].includes(typeof value);
}

function isPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((each) => isValue(each));
}

/** Lines are numbered by the file, so an event's own number is not written. */
export function writeJsonLines(events: readonly HistoryEvent[]): string {
  return events.map(({ line: _, ...event }) => `${JSON.stringify(event)}\n`).join("");
}

/**
 * Histories of a key-value store to which texts are appended, as porcupine has them, a map in Clojure's
 * notation a line:
 *
 *     {:process 0, :type :invoke, :f :append, :key "4", :value "x 0 1 y"}
 *
 * The functions are get, put and append; the value of a get that was only invoked is nil.
 *
 * @see https://github.com/anishathalye/porcupine, test_data/kv
 */

import { broken, valid, type Verdict } from "../../primitives/verdict.ts";
import type { HistoryEvent } from "../history.ts";
import type { LineProblem } from "./line-problem.ts";

const text = String.raw`"(?:[^"\\]|\\.)*"`;
const eventForm = new RegExp(
  String.raw`^\{:process (\d+), :type :(invoke|ok|fail|info), :f :(get|put|append), ` +
    String.raw`:key (${text}), :value (nil|${text})(?:, :error (${text}))?\}$`,
);
const lineForm =
  '{:process N, :type :invoke|:ok|:fail|:info, :f :get|:put|:append, :key "K", :value "V"}';

const functionOf = { get: "read", put: "write", append: "append" } as const;
const wordOf = { read: "get", write: "put", append: "append" } as const;

export function isKeyValueLine(line: string): boolean {
  return /^\{\s*:/.test(line);
}

export function readKeyValueLines(lines: string): Verdict<readonly HistoryEvent[], LineProblem> {
  const events: HistoryEvent[] = [];
  for (const [index, whole] of lines.split("\n").entries()) {
    const line = whole.trim();
    if (line === "") continue;
    const event = readEvent(line);
    const reason = `it is not of the form ${lineForm}; correct it or leave it out`;
    if (event === undefined) return broken({ line: index + 1, reason });
    events.push({ ...event, line: index + 1 });
  }
  return valid(events);
}

function readEvent(line: string): HistoryEvent | undefined {
  const [, process, type, f, key, value = "nil", error] = eventForm.exec(line) ?? [];
  if (process === undefined) return undefined;
  try {
    return {
      process: Number(process),
      type: type as HistoryEvent["type"],
      f: functionOf[f as keyof typeof functionOf],
      key: JSON.parse(key as string) as string,
      value: value === "nil" ? null : (JSON.parse(value) as string),
      ...(error === undefined ? {} : { error: JSON.parse(error) as string }),
    };
  } catch {
    return undefined;
  }
}

/** @throws RangeError for a cas, and for a value that is no text: porcupine's store has neither. */
export function writeKeyValueLines(events: readonly HistoryEvent[]): string {
  return events.map((event) => `${lineOf(event)}\n`).join("");
}

function lineOf({ process, type, f, key, value, error }: HistoryEvent): string {
  if (f === "cas" || !(value === null || typeof value === "string")) {
    throw new RangeError(`Key-value lines have no ${f} of ${JSON.stringify(value)}`);
  }
  const written = value === null ? "nil" : JSON.stringify(value);
  const why = error === undefined ? "" : `, :error ${JSON.stringify(error)}`;
  const word = wordOf[f];
  return `{:process ${process}, :type :${type}, :f :${word}, :key ${JSON.stringify(key)}, :value ${written}${why}}`;
}

/** Reads a history from a file's text, in a form that it finds by itself. */

import { broken, type Verdict } from "../../primitives/verdict.ts";
import type { HistoryEvent } from "../history.ts";
import { isJepsenLine, readJepsenLines } from "./jepsen-lines.ts";
import { isJson, readJsonLines } from "./json-lines.ts";
import { isKeyValueLine, readKeyValueLines } from "./key-value-lines.ts";
import type { LineProblem } from "./line-problem.ts";

export const formatNames = ["jepsen", "porcupine-kv", "json"] as const;
export type FormatName = (typeof formatNames)[number];

const readers = {
  jepsen: readJepsenLines,
  "porcupine-kv": readKeyValueLines,
  json: readJsonLines,
} as const;

/** The form of a text by its first line, or undefined if it has none of them. */
export function findFormat(text: string): FormatName | undefined {
  const first = text.trimStart().split("\n", 1)[0] ?? "";
  if (isJepsenLine(first)) return "jepsen";
  if (isKeyValueLine(first)) return "porcupine-kv";
  return isJson(first) ? "json" : undefined;
}

/** @param format found by the first line if absent. */
export function readHistory(
  text: string,
  format = findFormat(text),
): Verdict<readonly HistoryEvent[], LineProblem> {
  if (format === undefined) {
    const reason = `it is no history; give one in the form ${formatNames.join(", ")}`;
    return broken({ reason });
  }
  const events = readers[format](text.replace(/^\uFEFF/, ""));
  const reason = "it is no history, as none of its lines is an event; give a file that has some";
  return events.ok && events.value.length === 0 ? broken({ reason }) : events;
}

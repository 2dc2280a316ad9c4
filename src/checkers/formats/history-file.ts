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
  const noHistory = {
    reason:
      "it is no history: its first line is neither one of Jepsen's log, nor a map of porcupine's, nor JSON",
  };
  if (format === undefined) return broken(noHistory);
  const events = readers[format](text.replace(/^\uFEFF/, ""));
  if (events.ok && events.value.length === 0)
    return broken({ reason: "it is no history: no line of it is an event" });
  return events;
}

/** A recorded timeline: whether a text is one, and what it holds. */

import { broken, unreachable, valid, type Verdict } from "../../primitives/verdict.ts";

export type RecordedTimeline = {
  /** Whole lines only, each with its end. */
  readonly lines: string;
  readonly events: number;
  /** From the first event to the last. */
  readonly durationMs: number;
  /** Whether the last line is incomplete, as of a lab that was killed. It is left out. */
  readonly isTorn: boolean;
};

export type TimelineProblem =
  | { readonly rule: "empty" }
  /** `line` is counted from 1. */
  | { readonly rule: "not-an-event"; readonly line: number; readonly text: string }
  /** A page that plays it would not know which nodes there are. */
  | { readonly rule: "no-opening"; readonly text: string };

export function readTimeline(text: string): Verdict<RecordedTimeline, TimelineProblem> {
  const lines = text.split("\n");
  const rest = lines.pop() ?? "";
  const isTorn = rest !== "" && factsOf(rest) === null && lines.length > 0;
  if (rest !== "" && !isTorn) lines.push(rest);
  const times: number[] = [];
  for (const [i, line] of lines.entries()) {
    const facts = factsOf(line);
    if (facts === null) return broken({ rule: "not-an-event", line: i + 1, text: line });
    if (i === 0 && facts.type !== "opening") return broken({ rule: "no-opening", text: line });
    times.push(facts.at);
  }
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return broken({ rule: "empty" });
  const whole = lines.map((line) => `${line}\n`).join("");
  const durationMs = Math.max(0, last - first);
  return valid({ lines: whole, events: lines.length, durationMs, isTorn });
}

/** What a timeline is of, by its first line. @param lines of a recorded timeline. */
export function kindOfTimeline(lines: string): "lab" | "protocol" {
  const opening: unknown = JSON.parse(lines.split("\n", 1).join());
  const isObject = typeof opening === "object" && opening !== null;
  return isObject && "kind" in opening && opening.kind === "protocol" ? "protocol" : "lab";
}

type Facts = { readonly type: string; readonly at: number };

/** What all events have; null if the line is no event. */
function factsOf(line: string): Facts | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  if (!("type" in value && "at" in value)) return null;
  const { type, at } = value;
  return typeof type === "string" && typeof at === "number" ? { type, at } : null;
}

/** As a sentence. */
export function describeTimelineProblem(problem: TimelineProblem, file: string): string {
  switch (problem.rule) {
    case "empty":
      return `${file} is empty: nothing was recorded.`;
    case "not-an-event":
      return `${file} is no timeline: line ${problem.line} is no event: ${quoted(problem.text)}.`;
    case "no-opening":
      return (
        `${file} is no timeline: it must begin with the line in which a lab opens, not with ` +
        `${quoted(problem.text)}.`
      );
    default:
      return unreachable(problem);
  }
}

const quoteMax = 60;

/** Its beginning, with control characters escaped. */
function quoted(text: string): string {
  const beginning = text.length > quoteMax ? `${text.slice(0, quoteMax)}…` : text;
  return JSON.stringify(beginning).replace(/[\u007f-\u009f]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * Histories of one register as lines of Jepsen's log, which porcupine reads, too:
 *
 *     INFO  jepsen.util - PROCESS<TAB>:invoke|:ok|:fail|:info<TAB>:read|:write|:cas<TAB>ARGUMENT
 *
 * An argument is nil, a number, a text in quotes, true, false, or of a cas `[FROM TO]`; with `:fail`
 * and `:info` it may be a reason, such as `:timed-out`.
 *
 * @see https://github.com/anishathalye/porcupine, test_data/jepsen
 */

import { broken, valid, type Verdict } from "../../primitives/verdict.ts";
import type { HistoryEvent, Operation, Value } from "../history.ts";
import type { LineProblem } from "./line-problem.ts";

/** The log has one register only. */
const key = "";

const eventForm =
  /^INFO\s+jepsen\.util - (\d+)\s+:(invoke|ok|fail|info)\s+:(read|write|cas)\s+(.+)$/;
/** Other lines of a Jepsen log: those of other loggers, and what the nemesis does. */
const otherForm =
  /^(TRACE|DEBUG|INFO|WARN|ERROR)\s+(?!jepsen\.util\b)\S+ - |^INFO\s+jepsen\.util - :nemesis\s/;
const lineForm =
  "INFO  jepsen.util - PROCESS<TAB>:invoke|:ok|:fail|:info<TAB>:read|:write|:cas<TAB>ARGUMENT";

export function isJepsenLine(line: string): boolean {
  return /^(TRACE|DEBUG|INFO|WARN|ERROR)\s+\S+ - /.test(line);
}

export function readJepsenLines(text: string): Verdict<readonly HistoryEvent[], LineProblem> {
  const events: HistoryEvent[] = [];
  for (const [index, whole] of text.split("\n").entries()) {
    const line = whole.trimEnd();
    if (line === "" || otherForm.test(line)) continue;
    const event = readEvent(line);
    const reason = `it is not of the form ${lineForm}; correct it or leave it out`;
    if (event === undefined) return broken({ line: index + 1, reason });
    events.push({ ...event, line: index + 1 });
  }
  return valid(events);
}

function readEvent(line: string): HistoryEvent | undefined {
  const [, process, typeWord, fWord, argument = ""] = eventForm.exec(line) ?? [];
  if (process === undefined) return undefined;
  const [type, f] = [typeWord as HistoryEvent["type"], fWord as HistoryEvent["f"]];
  const event = { process: Number(process), type, f, key };
  const mayHaveReason = type === "fail" || type === "info";
  if (mayHaveReason && argument.startsWith(":")) {
    return { ...event, value: null, error: argument.slice(1) };
  }
  const value = f === "cas" ? readPair(argument) : readValue(argument);
  if (value === undefined) return undefined;
  // A read that returns nothing but `fail` has no value to tell.
  return { ...event, value };
}

function readPair(text: string): readonly [Value, Value] | undefined {
  const [, fromText, toText] =
    /^\[("(?:[^"\\]|\\.)*"|\S+)\s+("(?:[^"\\]|\\.)*"|\S+)\]$/.exec(text) ?? [];
  const [from, to] = [readValue(fromText ?? ":"), readValue(toText ?? ":")];
  return from === undefined || to === undefined ? undefined : [from, to];
}

function readValue(text: string): Value | undefined {
  if (text === "nil") return null;
  if (text === "true" || text === "false") return text === "true";
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return /^"(?:[^"\\]|\\.)*"$/.test(text) ? readText(text) : undefined;
}

function readText(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

/**
 * Writes the operations on one key. porcupine knows whole numbers only: if there are other values,
 * each gets a number by its first appearance, which changes no verdict. What did not take place is
 * left out, and so is a read without an answer.
 *
 * @throws RangeError for an append, which Jepsen's register does not have.
 */
export function writeJepsenLines(operations: readonly Operation[]): string {
  const numbers = numbersOf(operations);
  const written = operations.filter((operation) => countsFor(operation));
  const lines = written.flatMap((operation) => linesOf(operation, numbers));
  return lines
    .sort((a, b) => a.at - b.at)
    .map(({ line }) => `${line}\n`)
    .join("");
}

function countsFor({ invocation, outcome }: Operation): boolean {
  return outcome !== "failed" && (invocation.f !== "read" || outcome === "ok");
}

type PlacedLine = { readonly at: number; readonly line: string };

function linesOf(operation: Operation, numbers: ReadonlyMap<Value, number>): readonly PlacedLine[] {
  const { invocation, invokedAt, completion, returnedAt, outcome } = operation;
  const { process, f } = invocation;
  if (f === "append") throw new RangeError("Jepsen's lines have no append: write key-value lines");
  const line = (type: string, argument: string): string => {
    return `INFO  jepsen.util - ${process}\t:${type}\t:${f}\t${argument}`;
  };
  const argument = argumentText(invocation, numbers);
  const call = { at: invokedAt, line: line("invoke", argument) };
  if (completion === undefined || returnedAt === undefined) return [call];
  const types = { ok: "ok", differed: "fail", failed: "fail", unknown: "info" } as const;
  const result = outcome === "unknown" ? ":timed-out" : argumentText(completion, numbers);
  return [call, { at: returnedAt, line: line(types[outcome], result) }];
}

function argumentText(
  { value, type, f }: HistoryEvent,
  numbers: ReadonlyMap<Value, number>,
): string {
  if (f === "read" && type === "invoke") return "nil";
  const text = (each: Value): string => (each === null ? "nil" : String(numbers.get(each)));
  return isPair(value) ? `[${text(value[0])} ${text(value[1])}]` : text(value);
}

function isPair(value: HistoryEvent["value"]): value is readonly [Value, Value] {
  return Array.isArray(value);
}

function numbersOf(operations: readonly Operation[]): ReadonlyMap<Value, number> {
  const values = new Set<Value>();
  for (const { invocation, completion } of operations) {
    for (const event of [invocation, completion]) {
      if (event === undefined) continue;
      for (const each of isPair(event.value) ? event.value : [event.value]) values.add(each);
    }
  }
  values.delete(null);
  const areNumbers = [...values].every(
    (each) => Number.isSafeInteger(each) && (each as number) >= 0,
  );
  return new Map([...values].map((each, i) => [each, areNumbers ? (each as number) : i]));
}

/** What clients asked and were answered, in the order in which it happened: a history, and its operations. */

import { broken, type Valid, valid, type Verdict } from "../primitives/verdict.ts";

/** What is stored under a key. Equal values are equal in type, too: 0, "0", "" and false are four. */
export type Value = null | boolean | number | string;

/** `append` adds text at the end of what a key has. */
export const functions = ["read", "write", "cas", "append"] as const;
export type FunctionName = (typeof functions)[number];

export const eventTypes = ["invoke", "ok", "fail", "info"] as const;

/** One line of a history, in the words of Jepsen. */
export type HistoryEvent = {
  /** A client has one operation at a time, and takes a new number after one of unknown outcome. */
  readonly process: number;
  /** `fail`: it did not take place, or a cas found another value; `info`: the outcome is unknown. */
  readonly type: (typeof eventTypes)[number];
  readonly f: FunctionName;
  readonly key: string;
  /** What a read returned or a write or append was given; of a cas `[from, to]`; null if there is none. */
  readonly value: Value | readonly [from: Value, to: Value];
  /** With `fail` and `info`: why. A cas that fails without a reason has found another value. */
  readonly error?: string;
  /** Milliseconds since the beginning, for pictures; checkers go by the order alone. */
  readonly time?: number;
  /** Where it stood in a file, from 1. */
  readonly line?: number;
};

/**
 * How an operation ended: `differed` is a cas that found another value, `failed` did not take place,
 * and `unknown` is open for ever: it may take effect at any later time, or never.
 */
export type Outcome = "ok" | "differed" | "failed" | "unknown";

export type Operation = {
  readonly invocation: HistoryEvent;
  /** The position of the invocation in the history, from 0. */
  readonly invokedAt: number;
  readonly outcome: Outcome;
  /** Absent, as is its position, if the operation never returned. */
  readonly completion?: HistoryEvent;
  readonly returnedAt?: number;
};

/** What is wrong with a history: a sentence without the place, and the line or position of it. */
export type HistoryProblem = { readonly event: HistoryEvent; readonly reason: string };

/**
 * Pairs invocations with returns.
 *
 * @returns the operations in the order of their invocations, or the first event that fits nowhere.
 */
export function operationsOf(
  events: readonly HistoryEvent[],
): Verdict<readonly Operation[], HistoryProblem> {
  const operations: Operation[] = [];
  const open = new Map<number, number>();
  for (const [position, event] of events.entries()) {
    const at = open.get(event.process);
    if (event.type === "invoke") {
      if (at !== undefined) return broken({ event, reason: stillOpen(event) });
      open.set(event.process, operations.length);
      operations.push({ invocation: event, invokedAt: position, outcome: "unknown" });
      continue;
    }
    const operation = at === undefined ? undefined : operations[at];
    if (at === undefined || operation === undefined) {
      return broken({ event, reason: notInvoked(event) });
    }
    const reason = findMismatch(operation.invocation, event);
    if (reason !== undefined) return broken({ event, reason });
    open.delete(event.process);
    const [outcome, returnedAt] = [outcomeOf(event), position];
    operations[at] = { ...operation, outcome, completion: event, returnedAt };
  }
  return valid(operations);
}

function outcomeOf({ type, f, error }: HistoryEvent): Outcome {
  if (type === "ok") return "ok";
  if (type === "info") return "unknown";
  return f === "cas" && error === undefined ? "differed" : "failed";
}

function stillOpen({ process }: HistoryEvent): string {
  return `process ${process} invokes while its last operation is open; after info give it a new number`;
}

function notInvoked({ process, f }: HistoryEvent): string {
  return `process ${process} returns from a ${f} that it has not invoked; put the invocation before it`;
}

function findMismatch(invocation: HistoryEvent, event: HistoryEvent): string | undefined {
  const { process, f, key } = invocation;
  if (f !== event.f || key !== event.key) {
    const [was, is] = [`${f} of key ${quoted(key)}`, `${event.f} of key ${quoted(event.key)}`];
    return `process ${process} has invoked a ${was} and returns from a ${is}; they must be the same`;
  }
  if (f === "read" || event.type === "info" || event.error !== undefined) return undefined;
  if (JSON.stringify(invocation.value) === JSON.stringify(event.value)) return undefined;
  const [asked, answered] = [JSON.stringify(invocation.value), JSON.stringify(event.value)];
  return `process ${process} has invoked a ${f} of ${asked} and returns from one of ${answered}; they must be the same`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

type Invocation = Pick<HistoryEvent, "f" | "key" | "value">;

/**
 * Writes a history while it happens, for clients in a simulator.
 *
 * Each client is named by any text and gets numbers for its processes, a new one after an operation
 * of unknown outcome, as Jepsen's clients do.
 */
export class HistoryRecorder {
  readonly #events: HistoryEvent[] = [];
  readonly #processes = new Map<string, number>();
  readonly #open = new Map<string, HistoryEvent>();
  #processesCount = 0;

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /** @throws RangeError if the client has an open operation: a client has one at a time. */
  invoke(client: string, { f, key, value }: Invocation, time?: number): void {
    if (this.#open.has(client)) throw new RangeError(`${client} has an open operation`);
    const process = this.#processes.get(client) ?? this.#processesCount++;
    this.#processes.set(client, process);
    const event = { process, type: "invoke", f, key, value, ...timed(time) } as const;
    this.#open.set(client, event);
    this.#events.push(event);
  }

  /** @param result what a read returned; others return what they were given. */
  ok(client: string, result?: Value, time?: number): void {
    this.#return(client, ({ f, value }) => {
      return { type: "ok", value: f === "read" ? (result ?? null) : value, ...timed(time) };
    });
  }

  /** A cas has found another value than it was to replace. */
  differed(client: string, time?: number): void {
    this.#return(client, ({ value }) => ({ type: "fail", value, ...timed(time) }));
  }

  /** It certainly did not take place. @param error why, in a word or two. */
  fail(client: string, error: string, time?: number): void {
    this.#return(client, ({ value }) => ({ type: "fail", value, error, ...timed(time) }));
  }

  /** It may have taken place, or may still. @param error why the outcome is unknown. */
  info(client: string, error: string, time?: number): void {
    this.#return(client, ({ value }) => ({ type: "info", value, error, ...timed(time) }));
    this.#processes.delete(client);
  }

  #return(
    client: string,
    end: (open: HistoryEvent) => Pick<HistoryEvent, "type" | "value" | "error" | "time">,
  ): void {
    const open = this.#open.get(client);
    if (open === undefined) throw new RangeError(`${client} has no open operation`);
    this.#open.delete(client);
    const { process, f, key } = open;
    this.#events.push({ process, f, key, ...end(open) });
  }

  /** The operations so far; what is open is of unknown outcome. */
  operations(): readonly Operation[] {
    return (operationsOf(this.#events) as Valid<readonly Operation[]>).value;
  }
}

function timed(time: number | undefined): Pick<HistoryEvent, "time"> {
  return time === undefined ? {} : { time };
}

/** What is replicated: a key-value store, and for each client the last request that was applied. */

import { unreachable } from "../../primitives/verdict.ts";

/** Plain values; null stands for "nothing there". 0, "" and false are values like others. */
export type Value = string | number | boolean | null;

export type Command =
  | { readonly type: "read"; readonly key: string }
  | { readonly type: "write"; readonly key: string; readonly value: Value }
  | {
      readonly type: "compare-and-set";
      readonly key: string;
      readonly from: Value;
      readonly to: Value;
    }
  /** For protocols that decide one value once, for ever. */
  | { readonly type: "propose"; readonly value: Value };

/** A client's request. A retry has the same id, also at another process. */
export type RequestId = {
  readonly client: string;
  /** Counts up for each client, from 1: a client has one request open at a time. */
  readonly number: number;
};

export type Answer =
  | { readonly type: "read"; readonly value: Value }
  | { readonly type: "written" }
  | { readonly type: "compared"; readonly isSet: boolean }
  | { readonly type: "decided"; readonly value: Value }
  /** It was not done, and never will be under this id. */
  | { readonly type: "aborted"; readonly reason: string }
  /** It was not done here; who leads may do it, if that is known. */
  | { readonly type: "redirected"; readonly leader: string | undefined };

/** The last request of a client that was applied, with what it was answered. */
type Session = { readonly number: number; readonly answer: Answer };

export type KeyValueState = {
  readonly values: Readonly<Record<string, Value>>;
  readonly sessions: Readonly<Record<string, Session>>;
};

export const emptyKeyValue: KeyValueState = { values: {}, sessions: {} };

export type Applied = { readonly state: KeyValueState; readonly answer: Answer };

/** Without sessions: a command that comes twice is carried out twice. */
export function apply(state: KeyValueState, command: Command): Applied {
  switch (command.type) {
    case "read":
      return { state, answer: { type: "read", value: valueAt(state, command.key) } };
    case "write":
      return { state: withValue(state, command.key, command.value), answer: { type: "written" } };
    case "compare-and-set": {
      const isSet = valueAt(state, command.key) === command.from;
      const next = isSet ? withValue(state, command.key, command.to) : state;
      return { state: next, answer: { type: "compared", isSet } };
    }
    case "propose":
      return {
        state,
        answer: { type: "aborted", reason: "a key-value store decides no single value" },
      };
    default:
      return unreachable(command);
  }
}

/** Exactly once: a request that was applied already gets the answer that it got then. */
export function applyOnce(state: KeyValueState, id: RequestId, command: Command): Applied {
  const known = sessionOf(state, id.client);
  if (known !== undefined && id.number <= known.number) {
    const isLast = id.number === known.number;
    return {
      state,
      answer: isLast ? known.answer : { type: "aborted", reason: "it is an old request" },
    };
  }
  const applied = apply(state, command);
  const sessions = {
    ...state.sessions,
    [id.client]: { number: id.number, answer: applied.answer },
  };
  return { state: { ...applied.state, sessions }, answer: applied.answer };
}

/** Whether the request, or a later one of its client, was applied already. */
export function wasApplied(state: KeyValueState, { client, number }: RequestId): boolean {
  const known = sessionOf(state, client);
  return known !== undefined && number <= known.number;
}

function sessionOf({ sessions }: KeyValueState, client: string): Session | undefined {
  return Object.hasOwn(sessions, client) ? sessions[client] : undefined;
}

export function isSameRequest(a: RequestId, b: RequestId): boolean {
  return a.client === b.client && a.number === b.number;
}

export function valueAt({ values }: KeyValueState, key: string): Value {
  return Object.hasOwn(values, key) ? (values[key] ?? null) : null;
}

function withValue(state: KeyValueState, key: string, value: Value): KeyValueState {
  return { ...state, values: { ...state.values, [key]: value } };
}

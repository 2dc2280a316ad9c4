/** What a key behaves like: which operations it has, and what it holds at first. */

import type { FunctionName, HistoryEvent, Operation, Value } from "./history.ts";
import type { Action, Task } from "./search/task.ts";

export const modelNames = ["register", "cas", "append"] as const;
export type ModelName = (typeof modelNames)[number];

type Model = {
  readonly functions: readonly FunctionName[];
  /** What is read of a key before it is written. */
  readonly initial: Value;
};

const models: Readonly<Record<ModelName, Model>> = {
  register: { functions: ["read", "write"], initial: null },
  cas: { functions: ["read", "write", "cas"], initial: null },
  append: { functions: ["read", "write", "append"], initial: "" },
};

/** The smallest model that has these operations, or undefined if none has all. */
export function modelOf(operations: readonly Operation[]): ModelName | undefined {
  return modelNames.find((name) => findForeign(operations, name) === undefined);
}

/** The first operation that a model does not have, or that appends what is no text. */
export function findForeign(
  operations: readonly Operation[],
  name: ModelName,
): Operation | undefined {
  return operations.find(({ invocation, completion }) => {
    if (!models[name].functions.includes(invocation.f)) return true;
    return name === "append" && ![invocation, completion].every((event) => isText(event));
  });
}

function isText(event: HistoryEvent | undefined): boolean {
  return event === undefined || event.value === null || typeof event.value === "string";
}

export function initialText(name: ModelName): string {
  return textOf(models[name].initial, name);
}

/**
 * What there is to place, and undefined if it counts for nothing: a read without an answer, and
 * what did not take place.
 *
 * @param before returns at this position of the history and later are not known yet.
 */
export function taskOf(operation: Operation, name: ModelName, before = Infinity): Task | undefined {
  const { invocation, invokedAt: called, returnedAt, outcome } = operation;
  if (called >= before) return undefined;
  const isKnown = returnedAt !== undefined && returnedAt < before;
  if (isKnown && outcome === "failed") return undefined;
  const isOpen = !isKnown || outcome === "unknown";
  if (invocation.f === "read" && isOpen) return undefined;
  const action = actionOf(operation, name, isOpen);
  return { action, called, returned: isOpen ? Infinity : returnedAt };
}

function actionOf(operation: Operation, name: ModelName, isOpen: boolean): Action {
  const { invocation, completion, outcome } = operation;
  const { f, value } = invocation;
  if (f === "cas") {
    const [from, to] = value as readonly [Value, Value];
    const matched = isOpen ? undefined : outcome === "ok";
    return { type: "cas", from: textOf(from, name), to: textOf(to, name), matched };
  }
  if (f === "read") return { type: "read", value: textOf(completion?.value as Value, name) };
  const text = textOf(value as Value, name);
  return f === "write" ? { type: "write", value: text } : { type: "append", suffix: text };
}

/** JSON keeps 0, "0", "" and false apart; texts that are appended are themselves, and null is "". */
function textOf(value: Value, name: ModelName): string {
  return name === "append" ? String(value ?? "") : JSON.stringify(value);
}

/** The slow, obvious twin of the linearizability check: tries every order of the operations. */

import {
  type HistoryEvent,
  type Operation,
  operationsOf,
  type Value,
} from "../../src/checkers/history.ts";

/** @param isText whether keys hold texts to which others are appended: they are "" at first, not null. */
export function isLinearizable(events: readonly HistoryEvent[], isText: boolean): boolean {
  const operations = operationsOf(events);
  if (!operations.ok) throw new Error(operations.problem.reason);
  const keys = new Set(events.map(({ key }) => key));
  return [...keys].every((key) => {
    const own = operations.value.filter(({ invocation }) => invocation.key === key);
    return canOrder(own, isText ? "" : null, new Set());
  });
}

/** @param met which operations were left with which value when no order was found. */
function canOrder(left: readonly Operation[], value: Value, met: Set<string>): boolean {
  if (left.every(({ outcome }) => outcome === "unknown" || outcome === "failed")) return true;
  const here = JSON.stringify([value, left.map(({ invokedAt }) => invokedAt)]);
  if (met.has(here)) return false;
  met.add(here);
  return left.some((operation) => {
    if (operation.outcome === "failed") return false;
    const hasToWait = left.some(({ outcome, returnedAt = Infinity }) => {
      return outcome !== "unknown" && outcome !== "failed" && returnedAt < operation.invokedAt;
    });
    const next = hasToWait ? undefined : valueAfter(operation, value);
    if (next === undefined) return false;
    return canOrder(
      left.filter((other) => other !== operation),
      next,
      met,
    );
  });
}

/** Undefined if the operation cannot have had its outcome then. */
function valueAfter(
  { invocation, completion, outcome }: Operation,
  value: Value,
): Value | undefined {
  const given = invocation.value;
  switch (invocation.f) {
    case "read":
      return outcome === "unknown" || completion?.value === value ? value : undefined;
    case "write":
      return given as Value;
    case "append":
      return `${String(value)}${String(given)}`;
    case "cas": {
      const [from, to] = given as readonly [Value, Value];
      if (outcome === "unknown") return value === from ? to : value;
      if (outcome === "ok") return value === from ? to : undefined;
      return value === from ? undefined : value;
    }
  }
}

/** How many events can be explained, all if the history is linearizable. */
export function longestPrefix(events: readonly HistoryEvent[], isText: boolean): number {
  let length = 0;
  while (length < events.length && isLinearizable(events.slice(0, length + 1), isText)) length++;
  return length;
}

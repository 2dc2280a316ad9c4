/** Answers that the end of a run contradicts: writes that are gone, and values that no client wrote. */

import type { Operation, Value } from "../../checkers/history.ts";
import type { AuditedKeys } from "./run.ts";
import { nameOfWrite } from "./system.ts";

/**
 * The answered writes that were asked after the write whose value a key holds in the end had
 * returned: an order that keeps them would end with one of them. If a key ends with nothing, or
 * with what no client wrote, all its answered writes are lost.
 *
 * @param audits the earliest first; a write is judged by the first one behind its answer.
 */
export function findLost(
  operations: readonly Operation[],
  audits: readonly AuditedKeys[],
): ReadonlySet<Operation> {
  const lost = new Set<Operation>();
  for (const [key, own] of byKey(operations)) {
    let judgedMs = -1;
    for (const { fromMs, values } of audits) {
      if (Object.hasOwn(values, key)) {
        const lastReturned = returnOf(own.find((each) => writtenBy(each) === values[key]));
        for (const operation of own) {
          const answeredMs = operation.completion?.time ?? Infinity;
          const isJudged = answeredMs > judgedMs && answeredMs <= fromMs;
          if (isJudged && isAnsweredWrite(operation) && operation.invokedAt > lastReturned) {
            lost.add(operation);
          }
        }
      }
      judgedMs = fromMs;
    }
  }
  return lost;
}

/** Before everything if there is no such operation. */
function returnOf(operation: Operation | undefined): number {
  return operation === undefined ? -1 : (operation.returnedAt ?? Infinity);
}

/** Reads that returned a value which no client ever asked to write. */
export function countFabricated(
  reads: readonly Operation[],
  operations: readonly Operation[],
): number {
  const written = new Set(
    operations.map((each) => nameOfWrite(each.invocation.key, writtenBy(each))),
  );
  return reads.filter(({ invocation: { f, key }, completion, outcome }) => {
    if (f !== "read" || outcome !== "ok" || completion === undefined) return false;
    return completion.value !== null && !written.has(nameOfWrite(key, completion.value));
  }).length;
}

/** In the order in which keys were first used. */
export function byKey<O extends Operation>(
  operations: readonly O[],
): ReadonlyMap<string, readonly O[]> {
  const groups = new Map<string, O[]>();
  for (const operation of operations) {
    const { key } = operation.invocation;
    const group = groups.get(key) ?? [];
    group.push(operation);
    groups.set(key, group);
  }
  return groups;
}

function isAnsweredWrite(operation: Operation): boolean {
  return operation.outcome === "ok" && writtenBy(operation) !== undefined;
}

/** Undefined for a read. */
export function writtenBy({ invocation: { f, value } }: Operation): Value | undefined {
  if (f === "read") return undefined;
  return Array.isArray(value) ? (value[1] as Value) : (value as Value);
}

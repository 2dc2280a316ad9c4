/** Takes a history that is linearizable, and changes one read so that it certainly is not any more. */

import { type HistoryEvent, type Operation, operationsOf } from "../../checkers/history.ts";
import type { ModelName } from "../../checkers/model.ts";
import type { Random } from "../../primitives/random.ts";

/**
 * Every write and append must have a value of its own. The read then lacks what was written or
 * appended after all that it shows and before it began, so no order of the operations explains it.
 *
 * @returns undefined if no read can be changed so.
 */
export function withStaleRead(
  events: readonly HistoryEvent[],
  model: ModelName,
  random: Random,
): readonly HistoryEvent[] | undefined {
  const verdict = operationsOf(events);
  if (!verdict.ok) throw new RangeError(`a history that cannot be read: ${verdict.problem.reason}`);
  const operations = verdict.value.filter(({ outcome }) => outcome === "ok");
  const stales = operations.flatMap((read) => {
    const value = read.invocation.f === "read" ? staleValueOf(read, operations, model) : undefined;
    return value === undefined ? [] : [{ at: read.returnedAt, value }];
  });
  if (stales.length === 0) return undefined;
  const { at, value } = random.pick(stales);
  return events.map((event, position) => (position === at ? { ...event, value } : event));
}

function staleValueOf(
  read: Operation,
  operations: readonly Operation[],
  model: ModelName,
): string | number | undefined {
  const own = operations.filter(({ invocation }) => invocation.key === read.invocation.key);
  return model === "append" ? shortenedText(read, own) : overwrittenValue(read, own);
}

/** Of a write that returned before another began, which returned before the read began. */
function overwrittenValue(read: Operation, own: readonly Operation[]): number | undefined {
  const writes = own.filter(({ invocation }) => invocation.f === "write");
  const newer = writes.filter((write) => isBefore(write, read));
  const older = writes.find((write) => newer.some((other) => isBefore(write, other)));
  return older?.invocation.value as number | undefined;
}

/**
 * The text without one append between others. The first piece was written after all other writes, so
 * what was appended after it, and before the read began, must be there.
 */
function shortenedText(read: Operation, own: readonly Operation[]): string | undefined {
  const pieces = String(read.completion?.value).split(/(?<=,)/);
  const sourceOf = (piece: string) => own.find(({ invocation }) => invocation.value === piece);
  const first = sourceOf(pieces[0] ?? "");
  const lacking = pieces.slice(1, -1).find((piece) => {
    const source = sourceOf(piece);
    return first && source && isBefore(first, source) && isBefore(source, read);
  });
  return lacking && pieces.filter((piece) => piece !== lacking).join("");
}

function isBefore({ returnedAt = Infinity }: Operation, { invokedAt }: Operation): boolean {
  return returnedAt < invokedAt;
}

/**
 * Which requests were answered "aborted". A copy of such a request may be late on its way: if it
 * began a new transaction, what the client was told would become false.
 */

import type { RequestId } from "./key-value.ts";
import type { Disk, Step } from "./process.ts";
import { decodeRecord, encodeJson, readCount } from "./wire.ts";

const refusalsKey = "refusals";

/** For each client the highest number; it asks one after the other, so lower ones are over, too. */
export type Refusals = Readonly<Record<string, number>>;

export function isRefused(refusals: Refusals, { client, number }: RequestId): boolean {
  return Object.hasOwn(refusals, client) && number <= (refusals[client] ?? 0);
}

function withRefusal(refusals: Refusals, id: RequestId): Refusals {
  return isRefused(refusals, id) ? refusals : { ...refusals, [id.client]: id.number };
}

/** What the disk holds of them. */
export function refusalsOn(disk: Disk): Refusals {
  const record = disk.get(refusalsKey);
  return record === undefined ? {} : decodeRecord(record, (reader) => reader.map(readCount));
}

/** That it is aborted is on disk before the client learns it: a late copy will begin nothing. */
export function refuse<S extends { readonly refusals: Refusals }>(
  before: S,
  id: RequestId,
  reason: string,
): Step<S, never, never> {
  const refusals = withRefusal(before.refusals, id);
  const write = { type: "put", key: refusalsKey, value: encodeJson(refusals) } as const;
  return {
    state: { ...before, refusals },
    effects: [
      { type: "persist", batch: [write] },
      { type: "answer", id, answer: { type: "aborted", reason } },
    ],
  };
}

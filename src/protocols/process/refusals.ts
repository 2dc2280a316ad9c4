/**
 * Which requests were answered "aborted". A copy of such a request may be late on its way: if it
 * began a new transaction, what the client was told would become false.
 */

import type { JsonReader } from "../../primitives/json-reader.ts";
import type { RequestId } from "./key-value.ts";
import { readCount } from "./wire.ts";

/** For each client the highest number; it asks one after the other, so lower ones are over, too. */
export type Refusals = Readonly<Record<string, number>>;

export const noRefusals: Refusals = {};

export function isRefused(refusals: Refusals, { client, number }: RequestId): boolean {
  return Object.hasOwn(refusals, client) && number <= (refusals[client] ?? 0);
}

export function withRefusal(refusals: Refusals, id: RequestId): Refusals {
  return isRefused(refusals, id) ? refusals : { ...refusals, [id.client]: id.number };
}

export function readRefusals(reader: JsonReader): Refusals {
  return reader.map(readCount);
}

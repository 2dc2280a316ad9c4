/** What a client of the WebSocket asks for, read from one message. */

import { type Wantable, wantable } from "../../../contract/mempool-space.ts";
import type { Txid } from "../../../primitives/brand.ts";
import { messageOf } from "../../../primitives/error-message.ts";
import { parseHash } from "../../../primitives/hash.ts";
import { broken, valid, type Verdict } from "../../../primitives/verdict.ts";

/** `null` ends what was tracked; what is undefined stays as it is. */
export type LiveOrder = {
  readonly action: "init" | "ping" | undefined;
  readonly wants: ReadonlySet<Wantable> | undefined;
  readonly transaction: Txid | null | undefined;
  /** Not checked yet. */
  readonly address: string | null | undefined;
};

const fields: readonly string[] = ["action", "data", "track-tx", "track-address"];
/** As mempool.js ends what it tracks. */
const stop = "stop";

/** @returns what is wrong with it as a sentence, if it cannot be understood. */
export function readLiveOrder(text: string): Verdict<LiveOrder, string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return broken(`The message is no JSON: ${messageOf(error)}.`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return broken('The message is no object, such as {"action":"want","data":["blocks"]}.');
  }
  const message: Readonly<Record<string, unknown>> = { ...json };
  const unknown = Object.keys(message).filter((name) => !fields.includes(name));
  if (unknown.length > 0) {
    return broken(`${unknown.join(", ")} is not known here: there are ${fields.join(", ")}.`);
  }
  return fromFields(message);
}

function fromFields(message: Readonly<Record<string, unknown>>): Verdict<LiveOrder, string> {
  const { action, data, "track-tx": txid, "track-address": address } = message;
  if (action !== undefined && action !== "init" && action !== "ping" && action !== "want") {
    return broken(`The action ${JSON.stringify(action)} is none of init, want and ping.`);
  }
  if (action === "want" && !Array.isArray(data)) {
    return broken(`What is wanted is no list of some of ${wantable.join(", ")}.`);
  }
  const transaction = typeof txid === "string" && txid !== stop ? parseHash<Txid>(txid) : null;
  if (transaction?.ok === false) {
    return broken(`${JSON.stringify(txid)} is no transaction's id of 64 hex digits.`);
  }
  return valid({
    action: action === "want" ? undefined : action,
    wants: action === "want" && Array.isArray(data) ? wantsIn(data) : undefined,
    transaction: txid === undefined ? undefined : (transaction?.value ?? null),
    address: address === undefined || typeof address === "string" ? stopped(address) : null,
  });
}

function stopped(address: string | undefined): string | null | undefined {
  return address === stop ? null : address;
}

/** Without what only mempool.space has, such as its charts. */
function wantsIn(data: readonly unknown[]): ReadonlySet<Wantable> {
  return new Set(wantable.filter((each) => data.includes(each)));
}

/** The requests of the workload lin-kv, as commands of the store that protocols replicate, and the replies. */

import type { JsonReader } from "../../../primitives/json-reader.ts";
import { unreachable, type Verdict } from "../../../primitives/verdict.ts";
import type { Answer, Command } from "../../../protocols/process/key-value.ts";
import { errorBody, errorKinds } from "./error-code.ts";
import { type Body, readFields } from "./message.ts";

const requestTypes = ["read", "write", "cas"] as const;

/** Of a key or value as JSON: a message of a protocol must have room for some of them. */
export const textLengthMax = 64 * 1024;

/** An answer that ends a request. */
export type FinalAnswer = Exclude<Answer, { readonly type: "redirected" }>;

export function isKeyValueRequest({ type }: Body): boolean {
  return (requestTypes as readonly string[]).includes(type);
}

/**
 * Keys and values may be any JSON. The store has their texts, so that a null which was written
 * differs from nothing; objects are equal if their keys come in the same order, too.
 */
export function readKeyValueRequest(body: Body): Verdict<Command, string> {
  return readFields(body, (reader) => {
    const type = reader.peek("type").word(requestTypes);
    const key = readText(reader.peek("key"));
    switch (type) {
      case "read":
        return { type, key };
      case "write":
        return { type, key, value: readText(reader.peek("value")) };
      case "cas": {
        const [from, to] = [readText(reader.peek("from")), readText(reader.peek("to"))];
        return { type: "compare-and-set", key, from, to };
      }
      default:
        return unreachable(type);
    }
  });
}

function readText(reader: JsonReader): string {
  const text = JSON.stringify(reader.value);
  if (text.length <= textLengthMax) return text;
  return reader.refuse(`has ${text.length} characters as JSON, of at most ${textLengthMax}`);
}

/** @param hasKey of a comparison that failed: whether the key exists. */
export function replyTo(answer: FinalAnswer, hasKey: boolean): Body {
  switch (answer.type) {
    case "read": {
      const { value } = answer;
      if (value === null) return errorBody(errorKinds.noKey, "the key does not exist");
      return { type: "read_ok", value: JSON.parse(String(value)) as unknown };
    }
    case "written":
      return { type: "write_ok" };
    case "compared":
      if (answer.isSet) return { type: "cas_ok" };
      return hasKey
        ? errorBody(errorKinds.mismatch, "the key has another value")
        : errorBody(errorKinds.noKey, "the key does not exist");
    case "aborted":
      return errorBody(errorKinds.abort, answer.reason);
    case "decided":
      throw new Error("a protocol that decides one value got a request for a key");
    default:
      return unreachable(answer);
  }
}

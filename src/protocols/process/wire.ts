/** Messages and records as JSON in bytes, and readers that refuse all else. */

import type { PeerId } from "../../primitives/brand.ts";
import { JsonReader } from "../../primitives/json-reader.ts";
import { broken, type Verdict } from "../../primitives/verdict.ts";
import type { Answer, Command, KeyValueState, RequestId, Value } from "./key-value.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Longer messages are refused unread. */
export const messageBytesMax = 1 << 20;

export function encodeJson(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/** For a message to many: it is encoded once, and all get the same bytes, which must not be changed. */
export function encodingOnce<M>(encode: (message: M) => Uint8Array): (message: M) => Uint8Array {
  let last: { readonly message: M; readonly bytes: Uint8Array } | undefined;
  return (message) => {
    if (last?.message !== message) last = { message, bytes: encode(message) };
    return last.bytes;
  };
}

/** @returns what `read` made of it, or what is wrong with it and where. */
export function decodeJson<T>(
  bytes: Uint8Array,
  read: (reader: JsonReader) => T,
): Verdict<T, string> {
  if (bytes.length > messageBytesMax) {
    return broken(`it has ${bytes.length} bytes, of at most ${messageBytesMax}`);
  }
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return broken("it is not UTF-8");
  }
  return JsonReader.read(text, read);
}

/** @throws Error if it is not what was written: a disk gives back what it took, or nothing. */
export function decodeRecord<T>(bytes: Uint8Array, read: (reader: JsonReader) => T): T {
  const verdict = decodeJson(bytes, read);
  if (!verdict.ok) throw new Error(`a record cannot be read: ${verdict.problem}`);
  return verdict.value;
}

/** A number of a term, round, slot or index. */
export function readCount(reader: JsonReader): number {
  return reader.wholeNumber({ min: 0 });
}

export function readName(reader: JsonReader): PeerId {
  return reader.text() as PeerId;
}

export function readValue(reader: JsonReader): Value {
  return reader.scalar();
}

export function readRequestId(reader: JsonReader): RequestId {
  const fields = reader.object(["client", "number"]);
  return { client: fields.get("client").text(), number: readCount(fields.get("number")) };
}

const commandTypes = ["read", "write", "compare-and-set", "propose"] as const;

export function readCommand(reader: JsonReader): Command {
  const type = reader.peek("type").word(commandTypes);
  switch (type) {
    case "read":
      return { type, key: reader.object(["type", "key"]).get("key").text() };
    case "write": {
      const fields = reader.object(["type", "key", "value"]);
      return { type, key: fields.get("key").text(), value: readValue(fields.get("value")) };
    }
    case "compare-and-set": {
      const fields = reader.object(["type", "key", "from", "to"]);
      const [from, to] = [readValue(fields.get("from")), readValue(fields.get("to"))];
      return { type, key: fields.get("key").text(), from, to };
    }
    case "propose":
      return { type, value: readValue(reader.object(["type", "value"]).get("value")) };
  }
}

const answerTypes = ["read", "written", "compared", "decided", "aborted", "redirected"] as const;

export function readAnswer(reader: JsonReader): Answer {
  const type = reader.peek("type").word(answerTypes);
  switch (type) {
    case "read":
    case "decided":
      return { type, value: readValue(reader.object(["type", "value"]).get("value")) };
    case "written":
      reader.object(["type"]);
      return { type };
    case "compared":
      return { type, isSet: reader.object(["type", "isSet"]).get("isSet").truth() };
    case "aborted":
      return { type, reason: reader.object(["type", "reason"]).get("reason").text() };
    case "redirected":
      return { type, leader: reader.object(["type", "leader"]).find("leader")?.text() };
  }
}

export function readKeyValue(reader: JsonReader): KeyValueState {
  const fields = reader.object(["values", "sessions"]);
  return {
    values: fields.get("values").map(readValue),
    sessions: fields.get("sessions").map((session) => {
      const parts = session.object(["number", "answer"]);
      return { number: readCount(parts.get("number")), answer: readAnswer(parts.get("answer")) };
    }),
  };
}

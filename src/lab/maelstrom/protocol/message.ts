/**
 * The messages of Maelstrom's protocol: JSON objects, one a line.
 *
 * @see jepsen-io/maelstrom, doc/protocol.md
 */

import { JsonReader } from "../../../primitives/json-reader.ts";
import { broken, type Verdict } from "../../../primitives/verdict.ts";

/** What a message says; each type has more keys of its own. */
export type Body = {
  readonly type: string;
  /** Of a request; unique at who sends it. */
  readonly msg_id?: number;
  /** Of a response: the request's `msg_id`. */
  readonly in_reply_to?: number;
  readonly [key: string]: unknown;
};

/** Nodes are n1, n2 and so on, clients c1, c2. */
export type Message = { readonly src: string; readonly dest: string; readonly body: Body };

/** Longer lines are refused unread; a message between nodes may carry one of a protocol. */
export const lineLengthMax = 4 << 20;

/** The problem is a sentence without a full stop. */
export function readMessage(line: string): Verdict<Message, string> {
  if (line.length > lineLengthMax) {
    return broken(`it has ${line.length} characters, of at most ${lineLengthMax}`);
  }
  return JsonReader.read(line, (reader) => {
    const body = reader.peek("body");
    const text = { src: reader.peek("src").text(), dest: reader.peek("dest").text() };
    return { ...text, body: readBody(body) };
  });
}

function readBody(reader: JsonReader): Body {
  reader.peek("type").text();
  reader.seek("msg_id")?.wholeNumber();
  reader.seek("in_reply_to")?.wholeNumber();
  return reader.value as Body;
}

export function encodeMessage(message: Message): string {
  return JSON.stringify(message);
}

/** Reads the further keys of a body; the problem names the place, such as `body.key`. */
export function readFields<T>(body: Body, read: (reader: JsonReader) => T): Verdict<T, string> {
  return JsonReader.readParsed(body, "body", read);
}

/** What our nodes say to each other: messages of their protocol, and requests of clients on their way to the leader. */

import type { JsonReader } from "../../../primitives/json-reader.ts";
import { unreachable, type Verdict } from "../../../primitives/verdict.ts";
import type { Answer, Command, RequestId } from "../../../protocols/process/key-value.ts";
import {
  readAnswer,
  readCommand,
  readCount,
  readRequestId,
} from "../../../protocols/process/wire.ts";
import { type Body, readFields } from "../protocol/message.ts";

export type PeerBody =
  /** A message of the protocol, in its own encoding. */
  | { readonly type: "powlab-message"; readonly bytes: Uint8Array }
  | {
      readonly type: "powlab-request";
      readonly id: RequestId;
      readonly command: Command;
      /** Counts how often this request was handed to any process. */
      readonly attempt: number;
      /** Where clients have to sign: the client's, or its node's in its name. */
      readonly signature?: string;
    }
  | {
      readonly type: "powlab-answer";
      readonly id: RequestId;
      readonly answer: Answer;
      /** Given if the answer came in the very step that was handed the request. */
      readonly attempt?: number;
    };

const types = ["powlab-message", "powlab-request", "powlab-answer"] as const;

export function isPeerBody({ type }: Body): boolean {
  return (types as readonly string[]).includes(type);
}

export function encodePeerBody(body: PeerBody): Body {
  if (body.type !== "powlab-message") return body;
  return { type: body.type, base64: Buffer.from(body.bytes).toString("base64") };
}

/** The problem is a sentence without a full stop. */
export function readPeerBody(body: Body): Verdict<PeerBody, string> {
  return readFields(body, (reader) => {
    const type = reader.peek("type").word(types);
    switch (type) {
      case "powlab-message":
        return { type, bytes: readBase64(reader.peek("base64")) };
      case "powlab-request": {
        const signature = reader.seek("signature");
        return {
          type,
          id: readRequestId(reader.peek("id")),
          command: readCommand(reader.peek("command")),
          attempt: readCount(reader.peek("attempt")),
          ...(signature && { signature: signature.text() }),
        };
      }
      case "powlab-answer": {
        const attempt = reader.seek("attempt");
        return {
          type,
          id: readRequestId(reader.peek("id")),
          answer: readAnswer(reader.peek("answer")),
          ...(attempt && { attempt: readCount(attempt) }),
        };
      }
      default:
        return unreachable(type);
    }
  });
}

/** Node skips what is no base64: what it read must be what was written. */
function readBase64(reader: JsonReader): Uint8Array {
  const text = reader.text();
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) reader.refuse(`must be base64, got ${reader.shown}`);
  return bytes;
}

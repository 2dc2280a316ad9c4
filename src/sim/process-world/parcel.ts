/** What crosses links in a world of processes: messages of processes, and what clients ask elsewhere. */

import type { PeerId } from "../../primitives/brand.ts";
import type { Answer, Command, RequestId } from "../../protocols/process/key-value.ts";

/** A client's request on its way to another process than the one beside it, or the answer. */
export type ClientParcel =
  | {
      readonly type: "request";
      readonly id: RequestId;
      readonly command: Command;
      /** The client's. */
      readonly signature: string;
    }
  | { readonly type: "answer"; readonly id: RequestId; readonly answer: Answer };

/** Bytes are a message between processes. */
export type Parcel = Uint8Array | ClientParcel;

/** An answer has reached its client. @param at the process that gave it. */
export type AnswerListener = (id: RequestId, answer: Answer, at: PeerId) => void;

/** What a request or an answer weighs on a link with limited bandwidth: about as much as its JSON. */
const clientParcelBytes = 100;

export function sizeBytesOf(parcel: Parcel): number {
  return parcel instanceof Uint8Array ? parcel.length : clientParcelBytes;
}

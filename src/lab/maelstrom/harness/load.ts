/** What clients ask in a test, what became of it, and how it is judged in the end. */

import type { HistoryEvent } from "../../../checkers/history.ts";
import type { Refusal } from "../../../checkers/linearizability.ts";
import type { Verdict } from "../../../primitives/verdict.ts";
import { errorKindOf } from "../protocol/error-code.ts";
import { type Body, readFields } from "../protocol/message.ts";

/**
 * `ok` was carried out; `differed` is a cas that found another value, or no key; `failed` was
 * certainly not carried out; of the others it is not known.
 */
export const outcomes = ["ok", "differed", "failed", "unknown"] as const;
export type Outcome = (typeof outcomes)[number];

export type OperationEnd = {
  readonly outcome: Outcome;
  /** Of an error that the node answered; undefined without one, or without an answer. */
  readonly code?: number;
};

export type Judgement =
  | { readonly verdict: "linearizable" | "equal" }
  | { readonly verdict: "not-linearizable"; readonly refusal: Refusal }
  | { readonly verdict: "not-equal"; readonly example: string }
  | { readonly verdict: "undecided"; readonly keys: readonly string[] };

export interface Load {
  /** The next request of a client, without its `msg_id`; it counts as asked now. */
  ask(client: string): Body;
  /** The problem is half a sentence about the reply. */
  receive(client: string, reply: Body): Verdict<OperationEnd, string>;
  /** No reply has come in time. */
  giveUp(client: string): void;
  judge(): Judgement;
  /** Of what can be written to a file. */
  readonly history: readonly HistoryEvent[] | undefined;
}

export type ErrorReply = { readonly code: number; readonly isDefinite: boolean };

/** The code of an error; undefined if the reply is none. */
export function readError(reply: Body): Verdict<ErrorReply | undefined, string> {
  return readFields(reply, (reader) => {
    if (reply.type !== "error") return undefined;
    const code = reader.peek("code").wholeNumber();
    return { code, isDefinite: errorKindOf(code)?.isDefinite ?? false };
  });
}

/** What goes wrong with a request, in Esplora's form: a status and a line of plain text. */

import type { ErrorRequestHandler } from "express";
import { reasonHeader } from "../../../contract/problem.ts";
import { clientFault } from "../problem.ts";

/** Ends a request: thrown where it cannot go on, and answered by `answerPlainText`. */
export class PlainError extends Error {
  readonly status: number;
  readonly reason: string | undefined;

  /**
   * @param text exactly as electrs has it: clients compare it.
   * @param reason for people, in a header: what is wrong, and what to do.
   */
  constructor(status: number, text: string, reason?: string) {
    super(text);
    this.name = "PlainError";
    this.status = status;
    this.reason = reason;
  }
}

/** Answers the client's mistakes; our own failures go on to the app. */
export const answerPlainText: ErrorRequestHandler = (error, _request, response, next) => {
  const fault = error instanceof PlainError ? error : plainFault(error);
  if (fault === undefined || response.headersSent) {
    next(error);
    return;
  }
  const { status, message, reason } = fault;
  if (reason !== undefined) response.set(reasonHeader, encodedReason(reason));
  response.set("Cache-Control", "no-store").status(status).type("text/plain").send(message);
};

function plainFault(error: unknown): PlainError | undefined {
  const fault = clientFault(error);
  if (fault === undefined) return undefined;
  const { status, code, message } = fault;
  if (code === "body-too-large") return new PlainError(status, "Request body too large", message);
  return new PlainError(status, message);
}

/** A header holds ASCII only. */
function encodedReason(reason: string): string {
  return reason.toWellFormed().replace(/[^ -$&-~]+/gu, encodeURIComponent);
}

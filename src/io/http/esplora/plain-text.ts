/** What goes wrong with a request, in Esplora's form: a status and a line of plain text. */

import type { ErrorRequestHandler } from "express";
import { clientFault } from "../problem.ts";

/** Ends a request: thrown where it cannot go on, and answered by `answerPlainText`. */
export class PlainError extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.name = "PlainError";
    this.status = status;
  }
}

/** Answers the client's mistakes; our own failures go on to the app. */
export const answerPlainText: ErrorRequestHandler = (error, _request, response, next) => {
  const fault = error instanceof PlainError ? error : clientFault(error);
  if (fault === undefined || response.headersSent) next(error);
  else response.status(fault.status).type("text/plain").send(fault.message);
};

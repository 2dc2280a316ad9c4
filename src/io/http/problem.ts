/** What goes wrong with a request, as problem details (RFC 9457). */

import { STATUS_CODES } from "node:http";
import type { ErrorRequestHandler, RequestHandler, Response } from "express";
import type { ProblemCode, ProblemJson } from "../../contract/problem.ts";

/** What a program should not have to read from a sentence. */
type ProblemFacts = Pick<ProblemJson, "found">;

/** Ends a request: thrown where it cannot go on, and answered by `answerProblem`. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: ProblemCode;
  readonly facts: ProblemFacts;

  /** @param detail for people: what is wrong, and what to do. */
  constructor(status: number, code: ProblemCode, detail: string, facts: ProblemFacts = {}) {
    super(detail);
    this.name = "ProblemError";
    this.status = status;
    this.code = code;
    this.facts = facts;
  }
}

export function sendProblem(response: Response, problem: ProblemError): void {
  const { status, code, message, facts } = problem;
  const json: ProblemJson = {
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    code,
    detail: message,
    ...facts,
  };
  response.status(status).type("application/problem+json").send(JSON.stringify(json));
}

/** Answers the client's mistakes; our own failures go on to the app. */
export const answerProblem: ErrorRequestHandler = (error, _request, response, next) => {
  const problem = error instanceof ProblemError ? error : clientFault(error);
  if (problem === undefined || response.headersSent) next(error);
  else sendProblem(response, problem);
};

/** For the end of all routes. */
export const noSuchRoute: RequestHandler = (request) => {
  const asked = `${request.method} ${request.baseUrl}${request.path}`;
  throw new ProblemError(404, "route-unknown", `There is no ${asked} here.`);
};

/** Errors of express and its body parsers that are the client's, as advice to the user. */
export function clientFault(error: unknown): ProblemError | undefined {
  if (!(error instanceof Error) || !("status" in error)) return undefined;
  const { status, message } = error;
  if (typeof status !== "number" || status < 400 || status > 499) return undefined;
  const type = "type" in error ? error.type : undefined;
  switch (type) {
    case "entity.too.large": {
      const limit = "limit" in error ? ` of ${String(error.limit)} bytes` : "";
      return new ProblemError(status, "body-too-large", `The body is over the limit${limit}.`);
    }
    case "entity.parse.failed":
      return new ProblemError(status, "body-unreadable", `The body is no JSON: ${message}.`);
    case undefined:
      return new ProblemError(status, "request-invalid", message);
    default:
      return new ProblemError(status, "body-unreadable", `The body cannot be read: ${message}.`);
  }
}

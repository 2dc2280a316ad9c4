/** How levers are answered over HTTP, of a lab and of a cluster. */

import type { Request, RequestHandler } from "express";
import { z } from "zod";
import { ProblemError } from "../io/http/problem.ts";
import { LeverError } from "./nodes/lever-error.ts";

/** Answers with what `act` gives; what makes no sense now is the caller's mistake. */
export function answering(act: (request: Request) => Promise<unknown>): RequestHandler {
  return async (request, response) => {
    try {
      response.json(await act(request));
    } catch (error) {
      if (!(error instanceof LeverError)) throw error;
      throw new ProblemError(409, "request-invalid", error.message);
    }
  };
}

/** @throws ProblemError that says what is wrong with the body or query. */
export function read<Order>(schema: z.ZodType<Order>, given: unknown): Order {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ProblemError(400, "body-invalid", z.prettifyError(parsed.error));
}

/** Hands requests on to another server of this machine: a page may ask its own origin only. */

import { request as ask } from "node:http";
import type { RequestHandler } from "express";
import { ProblemError } from "./problem.ts";

/** @param base the URL below which the other server answers, without a slash at the end. */
export function relayTo(base: string): RequestHandler {
  return (request, response, next) => {
    const target = new URL(base + request.url);
    const { method } = request;
    const headers = { ...request.headers, host: target.host };
    delete headers.origin; // it was judged here, and the other server may admit fewer
    const asked = ask(target, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on("error", () => response.destroy()).pipe(response);
    });
    asked.on("error", ({ message }) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else next(new ProblemError(503, "not-ready", `${base} does not answer: ${message}.`));
    });
    response.on("close", () => asked.destroy());
    request.pipe(asked);
  };
}

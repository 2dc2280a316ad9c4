/**
 * The web application around all routes: which requests are allowed, what is sent with every
 * answer, errors.
 */

import express, { type ErrorRequestHandler, type Express, type Router } from "express";
import helmet from "helmet";
import { messageOf } from "../../primitives/error-message.ts";
import type { Access } from "./access.ts";
import { shareAcrossOrigins } from "./cors.ts";
import { admit } from "./guard.ts";
import { answerProblem, noSuchRoute, ProblemError, sendProblem } from "./problem.ts";

export type AppOptions = {
  /** Routers by the path at which they are mounted, such as `/api`. */
  readonly routes: Readonly<Record<string, Router>>;
  /** Whom to admit beside this machine. */
  readonly access?: Access;
  /** Whether what is behind the routes is up; if missing, it always is. */
  readonly isReady?: () => boolean;
  /** Called with failures that are ours; the client gets one line. */
  readonly onFailure?: (error: unknown) => void;
};

export function createApp({ routes, access = {}, isReady, onFailure }: AppOptions): Express {
  const app = express();
  app.set("etag", false); // hashing every answer is a waste: few ask twice for one state
  app.set("query parser", "simple");
  app.use(helmet(headers));
  app.use(admit(access));
  app.use(shareAcrossOrigins);
  app.get("/livez", (_request, response) => void response.type("text/plain").send("ok"));
  app.get("/readyz", (_request, response) => {
    if (isReady?.() === false) throw new ProblemError(503, "not-ready", "powlab is starting.");
    response.type("text/plain").send("ok");
  });
  for (const [path, router] of Object.entries(routes)) app.use(path, router);
  app.use(noSuchRoute);
  app.use(answerProblem);
  app.use(reportFailure(onFailure));
  return app;
}

/** A page on loopback has no certificate: do not send browsers to https. */
const headers = {
  contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  strictTransportSecurity: false,
} as const;

function reportFailure(onFailure: AppOptions["onFailure"]): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    onFailure?.(error);
    if (response.headersSent) {
      next(error); // cuts the answer short
      return;
    }
    sendProblem(response, new ProblemError(500, "failed", `powlab failed: ${messageOf(error)}`));
  };
}

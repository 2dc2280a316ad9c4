/** Lets web pages of other origins read the API, by the rules of cross-origin resource sharing. */

import type { RequestHandler } from "express";
import { reasonHeader } from "../../contract/problem.ts";

/** A node's API at its root, or in a lab below its name. The page itself bears the token. */
const apiPath = /^(?:\/[\w.-]+)?\/api(?:\/|$)/;
/** How long a browser may keep the answer to a preflight. */
const preflightAgeSeconds = 600;

/**
 * Answers preflights, and marks every other answer of the API as readable, also errors and event
 * streams. It comes after `admit`, which refuses origins that are not allowed.
 *
 * Credentials are never allowed, nor the header with the token: changes to a node are not for pages
 * of other origins.
 *
 * @see WHATWG Fetch, CORS protocol
 */
export const shareAcrossOrigins: RequestHandler = ({ method, path, headers }, response, next) => {
  if (!apiPath.test(path)) {
    next();
    return;
  }
  response.vary("Origin");
  const { origin } = headers;
  if (origin === undefined) {
    next();
    return;
  }
  response.set({
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Expose-Headers": reasonHeader,
  });
  if (method !== "OPTIONS" || headers["access-control-request-method"] === undefined) {
    next();
    return;
  }
  response.vary("Access-Control-Request-Private-Network").set({
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Content-Type, Last-Event-ID",
    "Access-Control-Max-Age": String(preflightAgeSeconds),
  });
  if (headers["access-control-request-private-network"] === "true") {
    response.set("Access-Control-Allow-Private-Network", "true");
  }
  response.status(204).end();
};

/** Which clients are allowed: programs on this machine, and web pages that come from it. */

import { createHash, timingSafeEqual } from "node:crypto";
import type { RequestHandler } from "express";
import { ProblemError } from "./problem.ts";

const loopback = String.raw`(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?`;
const loopbackHost = new RegExp(`^${loopback}$`, "i");
const loopbackOrigin = new RegExp(`^https?://${loopback}$`, "i");

/**
 * Refuses requests that a foreign web page makes through a browser here. Its address may resolve
 * to this machine, but the browser still names it in `Host`; and `Origin` names whose page asks.
 */
export const requireLoopback: RequestHandler = ({ headers }, _response, next) => {
  const { host = "", origin } = headers;
  if (!loopbackHost.test(host)) {
    throw new ProblemError(
      403,
      "foreign-host",
      `The header Host is ${JSON.stringify(host)}: ask for localhost, 127.0.0.1 or [::1].`,
    );
  }
  if (origin !== undefined && !loopbackOrigin.test(origin)) {
    throw new ProblemError(
      403,
      "foreign-origin",
      `The header Origin is ${JSON.stringify(origin)}: only pages of this machine may ask.`,
    );
  }
  next();
};

/**
 * Refuses requests without the node's token.
 *
 * @param file where the token can be read, for those who may.
 */
export function requireToken(token: string, file: string): RequestHandler {
  const advice = `Send the header "Authorization: Bearer TOKEN" with the text in ${file}.`;
  return ({ headers }, response, next) => {
    const [, given] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
    if (given !== undefined && isSame(given, token)) {
      next();
      return;
    }
    response.set("WWW-Authenticate", "Bearer");
    if (given === undefined) {
      throw new ProblemError(401, "token-missing", `This needs the token. ${advice}`);
    }
    throw new ProblemError(401, "token-wrong", `This is not the token. ${advice}`);
  };
}

/** Takes the same time wherever the difference is. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

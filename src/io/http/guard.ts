/** Which clients are allowed: programs on this machine, web pages that come from it, and others that were named. */

import type { RequestHandler } from "express";
import type { Access } from "./access.ts";
import { ProblemError } from "./problem.ts";
import { isSame } from "./same-secret.ts";

const loopback = String.raw`(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?`;
const loopbackHost = new RegExp(`^${loopback}$`, "i");
const loopbackOrigin = new RegExp(`^https?://${loopback}$`, "i");

/**
 * Refuses requests that a foreign web page makes through a browser here. Its address may resolve
 * to this machine, but the browser still names it in `Host`; and `Origin` names whose page asks.
 *
 * @param access whom to admit beside this machine.
 */
export function admit({ origins = [], hosts = [] }: Access): RequestHandler {
  const isKnownHost = (host: string): boolean =>
    loopbackHost.test(host) || hosts.some((name) => isAt(name, host));
  const isKnownOrigin = (origin: string, host: string): boolean =>
    loopbackOrigin.test(origin) || origins.includes(origin) || origin === `http://${host}`;

  return ({ headers: { host = "", origin } }, _response, next) => {
    if (!isKnownHost(host)) {
      throw new ProblemError(
        403,
        "foreign-host",
        `The header Host is ${JSON.stringify(host)}: ask for localhost, 127.0.0.1 or [::1], ` +
          "or start powlab with --allow-host and that name.",
      );
    }
    if (origin !== undefined && !isKnownOrigin(origin, host)) {
      throw new ProblemError(
        403,
        "foreign-origin",
        `The header Origin is ${JSON.stringify(origin)}: only pages of this machine may ask, ` +
          "and those that powlab was started with --cors for.",
      );
    }
    next();
  };
}

/** Whether a `Host` header has this name, at any port. */
function isAt(name: string, host: string): boolean {
  return host.replace(/:\d{1,5}$/, "").toLowerCase() === name.toLowerCase();
}

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

/** Who may call: a user who can read the node's folder, by its cookie or by its token. */

import { isSame } from "../same-secret.ts";

export type Secrets = {
  /** `user:password`, as in the file `.cookie`. */
  readonly cookie: string;
  readonly token: string;
};

/**
 * Whether a header `Authorization` is right: Basic with the cookie, as Core's clients send it; Basic
 * with any user and the token; or Bearer with the token.
 */
export function isAuthorised(header: string | undefined, { cookie, token }: Secrets): boolean {
  const [, scheme = "", given = ""] = /^(basic|bearer) +(\S+)\s*$/i.exec(header ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") return isSame(given, token);
  if (scheme === "") return false;
  const pair = Buffer.from(given, "base64").toString();
  const password = pair.slice(pair.indexOf(":") + 1);
  return isSame(pair, cookie) || (pair.includes(":") && isSame(password, token));
}

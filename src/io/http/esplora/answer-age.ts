/** How long others may keep an answer, as electrs tells them. */

import type { RequestHandler, Response } from "express";

/**
 * Seconds. electrs also calls final what has ten confirmations; here it does not, because attacks
 * reorganise deeper, and the next chain at the same port has other blocks at the same heights.
 *
 * @see Blockstream/electrs, rest.rs: TTL_SHORT, TTL_MEMPOOL_RECENT, TTL_LONG
 */
const seconds = {
  /** What changed something. */
  none: 0,
  /** What the next block may change. */
  short: 10,
  recent: 5,
  /** What a hash names and commits to. */
  long: 157_784_630,
} as const;

export function keepFor(response: Response, age: keyof typeof seconds): Response {
  return response.set("Cache-Control", `public, max-age=${seconds[age]}`);
}

/** For all answers whose routes do not say otherwise. */
export const keepShortly: RequestHandler = (_request, response, next) => {
  keepFor(response, "short");
  next();
};

/** Compares secrets. */

import { createHash, timingSafeEqual } from "node:crypto";

/** Takes the same time wherever the difference is. */
export function isSame(given: string, expected: string): boolean {
  const digestOf = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digestOf(given), digestOf(expected));
}

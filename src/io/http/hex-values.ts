/** Values that a request gives as hex digits. */

import { hexToBytes, type Malformed, malformed } from "../../primitives/bytes.ts";
import type { Verdict } from "../../primitives/verdict.ts";

/** What a hash looks like, for those who sent something else. */
export const hashForm = "a hash has 64 hex digits and nothing else";

/**
 * Reads a body that is one thing in hex; spaces and line ends around it do not count.
 *
 * @param noun what it must be, as in "the body must be the block".
 */
export function decodeHexBody<T>(
  body: unknown,
  noun: string,
  decode: (bytes: Uint8Array) => Verdict<T, Malformed>,
): Verdict<T, Malformed> {
  const hex = typeof body === "string" ? body.trim() : "";
  if (hex === "") return malformed(`the body is empty; it must be the ${noun} in hex`);
  const bytes = hexToBytes(hex);
  return bytes.ok ? decode(bytes.value) : bytes;
}

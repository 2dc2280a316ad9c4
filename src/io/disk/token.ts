/** The token in a folder: who can read it may change what runs there. */

import { randomBytes } from "node:crypto";
import type { ClaimedFolder } from "./folder.ts";

export const tokenName = "token";
const sizeBytes = 32;
const pattern = /^[0-9a-f]+$/;

/**
 * The folder's token, as hex digits; it is made on first use.
 *
 * @throws DamagedFileError if it is not one that powlab made.
 */
export async function readToken(folder: ClaimedFolder): Promise<string> {
  const bytes = await folder.readOrCreate(tokenName, newToken, isToken);
  return textOf(bytes);
}

function newToken(): Uint8Array {
  return new TextEncoder().encode(randomBytes(sizeBytes).toString("hex"));
}

function isToken(bytes: Uint8Array): boolean {
  const text = textOf(bytes);
  return text.length === 2 * sizeBytes && pattern.test(text);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).trim();
}

/** The password of one run of a node, in the file where Bitcoin Core's clients look for it. */

import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

export const cookieName = ".cookie";
/** @see Bitcoin Core, COOKIEAUTH_USER */
const user = "__cookie__";
const passwordSizeBytes = 32;

/**
 * Writes a new one, in place of what a run that was cut off left behind.
 *
 * @param folder must be ours.
 * @returns `user:password`, as in the file.
 */
export async function writeCookie(folder: string): Promise<string> {
  const cookie = `${user}:${randomBytes(passwordSizeBytes).toString("hex")}`;
  const file = join(folder, cookieName);
  const draft = `${file}.tmp`;
  await rm(draft, { force: true }); // or its mode would stay
  await writeFile(draft, cookie, { mode: 0o600 });
  await rename(draft, file);
  return cookie;
}

export async function removeCookie(folder: string): Promise<void> {
  await rm(join(folder, cookieName), { force: true });
}

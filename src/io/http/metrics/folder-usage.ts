/** How much of the disk a folder uses, and what is left for it. */

import { readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";

/** Of all files in a folder and below. */
export async function usedBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(({ parentPath, name }) => sizeOf(join(parentPath, name))),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What programs without privileges may still write there. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** The database may have removed it since it was listed. */
async function sizeOf(file: string): Promise<number> {
  try {
    const { size } = await stat(file);
    return size;
  } catch {
    return 0;
  }
}

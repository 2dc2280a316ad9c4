/** Folders for tests, removed when their test file has ended, however it ended. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const folders: string[] = [];

/** Makes an empty folder. `name` begins the folder's own name, which is new each time. */
export function temporaryFolder(name = "powlab-test"): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  folders.push(folder);
  return folder;
}

// Vitest runs these last to first: who writes there has been stopped by hooks of the test file.
afterAll(() => {
  // A process that has just been killed may still hold a file for a moment.
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
});

/** Finds public test data that lies beside the repository rather than in it. */

import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const FOLDER = new URL("../../../shared/vectors/", import.meta.url);

/**
 * The bytes of one file of test data, unpacked if its name ends in `.gz`.
 *
 * @param name as in the folder's own table, such as `core-verdicts.json.gz` or `asert/run01`.
 * @returns undefined where the data is absent; the suite then says so in one line and is skipped.
 */
export function vectors(name: string): Buffer | undefined {
  const file = new URL(name, FOLDER);
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  return name.endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

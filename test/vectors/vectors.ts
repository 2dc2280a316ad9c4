/** Finds test data: what was made for this project in this folder, public sets beside the repository. */

import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** The public sets are other people's, so they are not part of this repository. */
const folders = ["./", "../../../shared/vectors/"];

/**
 * The bytes of one file of test data, unpacked if its name ends in `.gz`.
 *
 * @param name as in README.md beside this file, such as `core-verdicts.json.gz` or `asert/run01`.
 * @returns undefined where the data is absent; the suite then says so in one line and is skipped.
 */
export function vectors(name: string): Buffer | undefined {
  const files = folders.map((folder) => new URL(folder + name, import.meta.url));
  const file = files.find((each) => existsSync(each));
  if (file === undefined) return undefined;
  const bytes = readFileSync(file);
  return name.endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

/** Finds test data: what was made for this project in this folder, public sets beside the repository. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";

/** What was made for this project. */
const ownFolder = import.meta.dirname;
/** The public sets are other people's, so they are not part of this repository. */
const sharedFolder = resolve(ownFolder, "../../../shared/vectors");

/**
 * The folder of the public sets: `POWLAB_VECTORS` names another one of the same form. What it has is
 * then taken from there, also in place of what was made for this project.
 */
export function vectorsFolder(): string {
  return process.env["POWLAB_VECTORS"] || sharedFolder;
}

/**
 * The bytes of one file of test data, unpacked if its name ends in `.gz`.
 *
 * @param name as in README.md beside this file, such as `core-verdicts.json.gz` or `asert/run01`.
 * @returns undefined where the data is absent; the suite then says so in one line and is skipped.
 */
export function vectors(name: string): Buffer | undefined {
  const file = searchedFolders()
    .map((folder) => resolve(folder, name))
    .find((each) => existsSync(each));
  if (file === undefined) return undefined;
  const bytes = readFileSync(file);
  return name.endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

/** The names of the files in a folder of test data, sorted; none where it is absent. */
export function vectorNames(folder: string): readonly string[] {
  const found = searchedFolders()
    .map((each) => resolve(each, folder))
    .find((each) => existsSync(each));
  return found === undefined ? [] : readdirSync(found).sort();
}

function searchedFolders(): readonly string[] {
  const isChosen = vectorsFolder() !== sharedFolder;
  return isChosen ? [vectorsFolder(), ownFolder] : [ownFolder, sharedFolder];
}

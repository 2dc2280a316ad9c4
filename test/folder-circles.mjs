/**
 * Complains about folders that need each other, at first hand or round a longer circle, and fails then.
 * dependency-cruiser's own rule for folders counts the files of a sub-folder to its parent, so it
 * cannot see that those two need each other; here a folder is its own files alone.
 *
 * `node test/folder-circles.mjs FILE`   FILE is dependency-cruiser's JSON report
 */

import { readFileSync } from "node:fs";
import { dirname } from "node:path/posix";

const { modules } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const imports = modules
  .flatMap(({ source, dependencies }) => dependencies.map(({ resolved }) => [source, resolved]))
  .filter((files) => files.every((file) => /^(src|bin)\//.test(file)));

/** Each folder with those that its files import from. */
const needed = new Map();
for (const [from, to] of imports.map((files) => files.map((file) => dirname(file)))) {
  needed.set(from, (needed.get(from) ?? new Set()).add(to));
}

const circular = imports.filter(([from, to]) => {
  return dirname(from) !== dirname(to) && foldersBehind(dirname(to)).has(dirname(from));
});
for (const [from, to] of circular.sort()) console.error(`no-circle-of-folders: ${from} → ${to}`);
if (circular.length > 0) {
  console.error("Folders that need each other are one folder, or lack a third.");
  process.exitCode = 1;
}

/** All that a folder needs, at first or second hand. */
function foldersBehind(folder) {
  const behind = new Set([folder]);
  for (const each of behind) for (const next of needed.get(each) ?? []) behind.add(next);
  return behind;
}

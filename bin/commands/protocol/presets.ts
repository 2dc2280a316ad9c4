/** The schedules of faults that come with powlab: files in config/faults/, to run and to copy. */

import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ending = ".json";

/** Where the presets are; undefined where powlab was installed without them. */
function presetFolder(): URL | undefined {
  let folder = new URL("./", import.meta.url);
  for (;;) {
    const presets = new URL("config/faults/", folder);
    if (existsSync(presets)) return presets;
    const above = new URL("../", folder);
    if (above.href === folder.href) return undefined;
    folder = above;
  }
}

/** The names of the schedules that come with powlab. */
export function presetNames(): readonly string[] {
  const folder = presetFolder();
  if (folder === undefined) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(ending));
  return files.map((file) => file.slice(0, -ending.length)).sort();
}

/** The file of a preset; undefined if there is none of this name. */
export function presetPath(name: string): string | undefined {
  const folder = presetNames().includes(name) ? presetFolder() : undefined;
  return folder && fileURLToPath(new URL(name + ending, folder));
}

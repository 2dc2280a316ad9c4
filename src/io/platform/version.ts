/** The version of the powlab that runs. */

import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

const shape = z.object({ version: z.string() });

/** The version in the package.json above this file, wherever the build put it. */
export function readVersion(): string {
  let folder = new URL("./", import.meta.url);
  for (;;) {
    const file = new URL("package.json", folder);
    if (existsSync(file)) return shape.parse(JSON.parse(readFileSync(file, "utf8"))).version;
    const above = new URL("../", folder);
    if (above.href === folder.href) throw new Error("powlab's package.json is missing");
    folder = above;
  }
}

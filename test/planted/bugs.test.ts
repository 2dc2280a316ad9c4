/** The bugs that `npm run planted` plants must still have a place to be planted at. */

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { bugs } from "./bugs.ts";

const project = resolve(import.meta.dirname, "../..");

test.each(bugs)("$file has the text of: $name", ({ file, find, replace }) => {
  const parts = readFileSync(join(project, file), "utf8").split(find);
  expect(parts).toHaveLength(2);
  expect(parts.join(replace)).not.toBe(parts.join(find));
});

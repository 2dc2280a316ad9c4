/** Checks that the page about the REST API names every route of the contract, as it is there. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { esploraRoutes, ownRoutes } from "../../src/contract/node-api.ts";

test("docs/api.md has a row for every route, in the contract's order, and no other", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/api.md"), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  const routes = [...Object.values(esploraRoutes), ...Object.values(ownRoutes)];
  const expected = routes.map(
    ({ method, path, answer }) => `| \`${method} ${path}\` | ${answer} |`,
  );
  expect(rows).toEqual(expected);
});

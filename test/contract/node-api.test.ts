/** Checks that the page about the REST API names every route of the contract, as it is there. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mempoolSpaceRoutes } from "../../src/contract/mempool-space.ts";
import { esploraRoutes, ownRoutes, type Route } from "../../src/contract/node-api.ts";

test("docs/api.md has a row for every route, in the contract's order, and no other", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/api.md"), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  const tables: Record<string, Route>[] = [esploraRoutes, ownRoutes, mempoolSpaceRoutes];
  const routes = tables.flatMap((table) => Object.values(table));
  const expected = routes.map(
    ({ method, path, answer }) => `| \`${method} ${path}\` | ${answer} |`,
  );
  expect(rows).toEqual(expected);
});

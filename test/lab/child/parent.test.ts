/** A process of a cluster whose parent is gone ends by itself, also while it still starts. */

import { fork } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import type { NodeOrder } from "../../../src/lab/cluster/node-message.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const program = resolve(import.meta.dirname, "../../../src/lab/cluster/node.process.ts");

test("a process whose parent leaves before it is ready does not stay behind", async () => {
  const order: NodeOrder = {
    ...{ name: "n1", members: ["n1"], protocol: "single-copy", mutant: null },
    folder: join(temporaryFolder(), "n1"),
    listen: "/ip4/127.0.0.1/tcp/0",
    apiPort: 0,
  };
  const child = fork(program, [JSON.stringify(order)], { execArgv: ["--import", "tsx"] });
  child.disconnect();
  expect(await once(child, "exit")).toEqual([0, null]);
});

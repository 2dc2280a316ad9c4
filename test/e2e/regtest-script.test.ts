/** The script of docs/regtest.md, run as it stands there. */

import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { environment, project, temporaryFolder } from "./program.ts";

test("blocks, a payment, its double spend, a partition and a snapshot with curl only", async () => {
  const page = readFileSync(join(project, "docs", "regtest.md"), "utf8");
  const [, script = ""] = /^```sh\n(.*?)^```$/ms.exec(page) ?? [];
  const cwd = temporaryFolder();
  const commands = join(cwd, "commands");
  mkdirSync(commands);
  const file = join(commands, "powlab");
  const program = join(project, "dist/bin/powlab.js");
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@" --api-port 0\n`);
  chmodSync(file, 0o755);
  const own = environment();
  const env = { ...own, PATH: `${commands}${delimiter}${own["PATH"] ?? ""}` };
  const { stdout } = await promisify(execFile)("bash", ["-mc", script], { cwd, env });
  expect(stdout).toMatch(/"hashes":\["[0-9a-f]{64}"\]/);
  expect(stdout).toMatch(/"confirmed":true/);
  expect(stdout).toMatch(/"conflict":"[0-9a-f]{64}"/);
  expect(stdout).toContain("Transaction not found");
  expect(stdout).toMatch(/"partition":\[\["alice"\],\["bob","carol"\]\]/);
  expect(stdout).toMatch(/"file":".*script\.json"/);
});

/** The jobs for clusters, each run on this machine: their parts give what one machine prints. */

import { execFile, spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { environment, project, temporaryFolder } from "./program.ts";

const cluster = join(project, "config", "cluster");
const words = ["experiment", "double-spend", "--runs", "600"];

/** A folder with a program `powlab` that runs this project's. */
function folderWithPowlab(): string {
  const folder = temporaryFolder();
  const path = join(folder, "powlab");
  writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" --import tsx bin/powlab.ts "$@"\n`);
  chmodSync(path, 0o755);
  return folder;
}

const bin = folderWithPowlab();

async function run(
  program: string,
  parameters: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<string> {
  const path = `${bin}:${process.env["PATH"] ?? ""}`;
  const env = { ...environment(), PATH: path, ...variables };
  const { stdout } = await promisify(execFile)(program, parameters, { cwd: project, env });
  return stdout;
}

const powlab = (...parameters: readonly string[]) => run("powlab", parameters);
const whole = powlab(...words, "--quiet");

const hasParallel = spawnSync("parallel", ["--version"]).stdout?.toString().startsWith("GNU");
const where = hasParallel ? "" : " (skipped: GNU parallel is not installed)";

test.skipIf(!hasParallel)(`GNU parallel${where}`, async () => {
  expect(await run("sh", [join(cluster, "parallel.sh"), "2", ...words])).toBe(await whole);
});

test("the array of Slurm", async () => {
  const folder = join(temporaryFolder(), "shards");
  const tasks = ["1", "2"].map((task) => {
    const variables = { SLURM_ARRAY_TASK_ID: task, SLURM_ARRAY_TASK_COUNT: "2" };
    return run("sh", [join(cluster, "slurm-array.sh"), folder, ...words], variables);
  });
  await Promise.all(tasks);
  const files = [join(folder, "shard-1.json"), join(folder, "shard-2.json")];
  expect(await powlab("experiment", "merge", ...files)).toBe(await whole);
});

describe("the jobs of Kubernetes", () => {
  const shards = readFileSync(join(cluster, "kubernetes-shards.yaml"), "utf8");
  const merge = readFileSync(join(cluster, "kubernetes-merge.yaml"), "utf8");
  /** What the container runs: the block after `- |`. */
  const scriptOf = (yaml: string) => /- \|\n((?: {14}.*\n)+)/.exec(yaml)?.[1] ?? "";

  test("the number of parts is the same in all places", () => {
    const count = /completions: (\d+)/.exec(shards)?.[1];
    expect(count).toBe("16");
    expect(shards).toContain(`parallelism: ${count}`);
    expect(shards).toContain(`$part/${count}"`);
  });

  test("their scripts", async () => {
    const folder = temporaryFolder();
    const here = (script: string) => {
      return script.replaceAll("/shards", folder).replace("$part/16", "$part/2");
    };
    const script = here(scriptOf(shards)).replace("--runs 14400", "--runs 600");
    const pods = ["0", "1"].map((index) => {
      return run("sh", ["-c", script], { JOB_COMPLETION_INDEX: index });
    });
    await Promise.all(pods);
    expect(await run("sh", ["-c", here(scriptOf(merge))])).toBe(await whole);
  });
});

/** How long a node takes from its start until it answers. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { median, round, type Row } from "./measure.ts";

const starts = 3;

export async function benchStart(): Promise<Row[]> {
  const nodes: number[] = [];
  const bare: number[] = [];
  for (let i = 0; i < starts; i++) {
    nodes.push(await timeNode());
    bare.push(await timeBareProcess());
  }
  const value = median(nodes);
  const ratio = round(median(bare) / value);
  const versus = "an empty Node.js process";
  return [{ name: "start of a node", value: round(value), unit: "ms", versus, ratio }];
}

/** Milliseconds from the start of the process until it says that it is ready. */
async function timeNode(): Promise<number> {
  const data = await mkdtemp(join(tmpdir(), "powlab-bench-"));
  const startedAt = performance.now();
  const parameters = ["node", "--json", "--network", "regtest", "--data", data, "--api-port", "0"];
  const child = spawn(process.execPath, [...program(), ...parameters], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const event = JSON.parse(line) as { readonly type?: unknown };
      if (event.type === "ready") return performance.now() - startedAt;
    }
    throw new Error("the node ended before it was ready");
  } finally {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
    await rm(data, { recursive: true, force: true });
  }
}

/** The program as this file runs: compiled, or from its sources. */
function program(): string[] {
  const isSource = import.meta.url.endsWith(".ts");
  const path = new URL(`../../bin/powlab${isSource ? ".ts" : ".js"}`, import.meta.url);
  return isSource ? ["--import", "tsx", fileURLToPath(path)] : [fileURLToPath(path)];
}

async function timeBareProcess(): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ["-e", "0"], { stdio: "ignore" });
  await once(child, "exit");
  return performance.now() - startedAt;
}

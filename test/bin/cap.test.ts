/** `powlab cap`: how it refuses what is not there; its tables are tested where they are made. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createProgram } from "../../bin/program.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "powlab-cap-"));
  vi.spyOn(process.stderr, "write").mockImplementation(() => true);
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function powlab(...words: readonly string[]): Promise<void> {
  const program = await createProgram(words[0] ?? "");
  program.exitOverride().configureOutput({ writeErr: () => undefined });
  await program.parseAsync([...words], { from: "user" });
}

function fileWith(value: unknown): string {
  const path = join(folder, "faults.json");
  writeFileSync(path, JSON.stringify(value));
  return path;
}

test.each([
  [
    ["--protocols", "raf"],
    "There is no protocol for cap raf (did you mean raft?). There are: single-copy,",
  ],
  [
    ["--protocols", "paxos"],
    "paxos decides one value once, and has no keys to ask for: take multi-paxos",
  ],
  [["--faults", "ca"], "ca is no preset (there are cap, "],
  [["--graph", "rign"], "rign is none of complete, line, ring,"],
])("%s is refused in a sentence with the way out", async (words, sentence) => {
  const run = powlab("cap", ...words);
  await expect(run).rejects.toMatchObject({ exitCode: 2 });
  await expect(run).rejects.toThrow(sentence);
});

test.each([
  [
    "a lie of a node that is not there",
    [{ verb: "lie", node: "n9", atMs: 1, lastsMs: 1 }],
    "there is no node n9",
  ],
  ["a lie without an end", [{ verb: "lie", node: "n1", atMs: 1 }], "lastsMs"],
  ["another verb", [{ verb: "fib", node: "n1", atMs: 1 }], "[0].verb: must be "],
])("a schedule with %s is refused with its place", async (_, faults, sentence) => {
  const run = powlab("cap", "--faults", fileWith(faults));
  await expect(run).rejects.toMatchObject({ exitCode: 2 });
  await expect(run).rejects.toThrow(sentence);
});

test("so few nodes that no schedule parts them are refused", async () => {
  await expect(powlab("cap", "--nodes", "3")).rejects.toThrow("from 4 to 15");
});

test("the preset with a lie is for cap, and powlab protocol says so", async () => {
  const run = powlab("protocol", "raft", "--nodes", "7", "--faults", "cap");
  await expect(run).rejects.toThrow("has a node that lies, which powlab cap knows");
});

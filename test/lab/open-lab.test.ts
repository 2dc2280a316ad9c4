/** Opening a lab again in its folder: with its own seed, with another one, with more nodes. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type LabOptions, openLab } from "../../src/lab/open-lab.ts";

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function openAndClose(data: string, changes: Partial<LabOptions>): Promise<string[]> {
  const warnings: string[] = [];
  const { close } = await openLab({
    ...{ nodes: 6, seed: "1", shares: {}, hashrate: 1, latencyMs: 0, traffic: 0, apiPort: 0 },
    ...{ data, processes: "one", isAnnounced: false },
    onEvent: () => undefined,
    onWarning: ({ message }) => void warnings.push(message),
    ...changes,
  });
  await close(0);
  return warnings;
}

test("a folder of another seed is refused, and one with fewer nodes is told", async () => {
  const data = await mkdtemp(join(tmpdir(), "powlab-test-"));
  folders.push(data);
  expect(await openAndClose(data, {})).toEqual([]);
  await expect(openAndClose(data, { seed: "2" })).rejects.toThrow(
    `The lab in ${data} was opened with another seed than "2"`,
  );
  expect(await openAndClose(data, { nodes: 7 })).toEqual([
    expect.stringMatching(/^\w+ cannot pay, because they have no coins: .* fewer than 7 nodes\.$/),
  ]);
}, 120_000);

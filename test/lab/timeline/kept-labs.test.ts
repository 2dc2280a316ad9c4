/** What labs leave in the temporary directory: the last ten timelines, and nothing of a lab that runs. */

import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimFolder } from "../../../src/io/disk/folder.ts";
import {
  keptLabs,
  keptMax,
  newLabFolder,
  removeOldLabs,
} from "../../../src/lab/timeline/kept-labs.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const usual = process.env["TMPDIR"];
let root: string;

beforeEach(() => {
  root = temporaryFolder();
  process.env["TMPDIR"] = root;
});

afterEach(() => {
  if (usual === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = usual;
});

/** A folder as a lab that began at this second has left it, an hour ago. */
function leftLab(name: string, lines: readonly string[]): string {
  const folder = join(root, `powlab-lab-${name}`);
  mkdirSync(folder);
  writeFileSync(join(folder, "token"), "");
  if (lines.length > 0) writeFileSync(join(folder, "timeline.jsonl"), lines.join("\n"));
  const anHourAgo = Date.now() / 1_000 - 3_600;
  utimesSync(folder, anHourAgo, anHourAgo);
  return folder;
}

function opening(second: number): string {
  return `{"at":${second}000,"type":"opening","seed":"s${second}","nodes":[{"name":"a"},{"name":"b"}]}`;
}

const block = '{"at":9,"type":"block","hash":"00"}';
const verdict = '{"at":9,"type":"verdict","attack":"double-spend","outcome":"reversed"}';

test("each kept lab is told with its seed, its blocks and its verdict, the newest first", async () => {
  const plain = leftLab("plain", [
    opening(1),
    block,
    '{"at":9,"type":"news","news":{"type":"block"}}',
  ]);
  const attacked = leftLab("attacked", [opening(2), block, block, verdict, '{"at":9,"ty']);
  leftLab("silent", []);
  mkdirSync(join(root, "other"));
  const claimed = await claimFolder(plain);
  expect(await keptLabs()).toEqual([
    {
      folder: attacked,
      timeline: join(attacked, "timeline.jsonl"),
      startedAt: 2_000,
      seed: "s2",
      nodes: 2,
      blocks: 2,
      attack: { name: "double-spend", outcome: "reversed" },
      isRunning: false,
    },
    expect.objectContaining({ seed: "s1", blocks: 1, attack: null, isRunning: true }),
  ]);
  await claimed.release();
});

test("a cluster of live processes is told with its protocol and its verdict", async () => {
  const begun = `{"at":3000,"type":"opening","kind":"protocol","protocol":"raft","seed":"1","nodes":[{"name":"n1"}]}`;
  const judged = '{"at":9,"type":"verdict","outcome":"holds","promises":["linearizability"]}';
  leftLab("judged", [begun, judged]);
  leftLab("killed", [begun.replace("3000", "2000")]);
  expect(await keptLabs()).toMatchObject([
    { nodes: 1, attack: null, protocol: { name: "raft", outcome: "holds" } },
    { nodes: 1, attack: null, protocol: { name: "raft", outcome: null } },
  ]);
});

test("older ones are removed, and never a lab that runs or a folder that was just made", async () => {
  const folders = Array.from({ length: keptMax + 3 }, (_, i) => leftLab(String(i), [opening(i)]));
  const [running, ...rest] = folders;
  const silent = leftLab("silent", []);
  const claimed = await claimFolder(running!);
  const young = await newLabFolder();
  await removeOldLabs();
  const removed = [silent, ...rest.slice(0, 2)];
  expect(removed.filter((folder) => existsSync(folder))).toEqual([]);
  expect(readdirSync(root)).toHaveLength(keptMax + 2);
  expect([running!, young].every((folder) => existsSync(folder))).toBe(true);
  await claimed.release();
});

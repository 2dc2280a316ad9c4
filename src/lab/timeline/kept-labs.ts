/** What labs and clusters without a folder of their own leave in the temporary directory: their timelines. */

import { createReadStream } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import type { AttackName, AttackVerdict } from "../../attacks/catalogue.ts";
import type { ClusterEvent, ClusterVerdict } from "../../contract/cluster.ts";
import type { LabEvent } from "../../contract/timeline.ts";
import { isHeld } from "../../io/disk/folder.ts";
import type { Milliseconds } from "../../primitives/brand.ts";

export const timelineName = "timeline.jsonl";
/** So many timelines stay when a further lab starts. */
export const keptMax = 10;
const prefix = "powlab-lab-";
/** In that time a lab has taken the folder that it has made. */
const youngMs = 60_000;

export type KeptLab = {
  readonly folder: string;
  readonly timeline: string;
  readonly startedAt: Milliseconds;
  readonly seed: string;
  readonly nodes: number;
  /** Found while it ran, on all branches. */
  readonly blocks: number;
  /** The latest attack that came to a verdict. */
  readonly attack: { readonly name: AttackName; readonly outcome: string } | null;
  /** Of a cluster of live processes only; the outcome is null if none was reached. */
  readonly protocol?: { readonly name: string; readonly outcome: string | null };
  readonly isRunning: boolean;
};

/** What commands call a lab or a cluster: its folder's own name. */
export function labNameOf(folder: string): string {
  return basename(folder).replace(/^powlab-/, "");
}

/** Makes an empty folder for a lab or a cluster. */
export function newLabFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), prefix));
}

/** The labs of this user that left a timeline, the newest first. */
export async function keptLabs(): Promise<readonly KeptLab[]> {
  const labs = await Promise.all((await labFolders()).map(readKept));
  return labs.flatMap((lab) => lab ?? []).sort((a, b) => b.startedAt - a.startedAt);
}

/** Removes all but the newest timelines, and never the folder of a lab that runs. */
export async function removeOldLabs(): Promise<void> {
  const kept = (await keptLabs()).slice(0, keptMax).map(({ folder }) => folder);
  for (const folder of await labFolders()) {
    if (kept.includes(folder) || (await isHeld(folder)) || (await isYoung(folder))) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined); // another lab may do so
  }
}

async function labFolders(): Promise<readonly string[]> {
  const names = await readdir(tmpdir()).catch(() => []);
  const folders = names
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(tmpdir(), name));
  const own = await Promise.all(folders.map(isOwn));
  return folders.filter((_, i) => own[i]);
}

/** Where there are no users, the temporary directory is a user's own. */
async function isOwn(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === (process.getuid?.() ?? found.uid);
}

async function isYoung(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs < youngMs;
}

async function readKept(folder: string): Promise<KeptLab | undefined> {
  const timeline = join(folder, timelineName);
  let opening: Opening | undefined;
  let verdict: AttackVerdict | ClusterVerdict | undefined;
  let blocks = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(timeline) })) {
      const type = typeOf(line);
      if (type === "block") blocks += 1;
      if (type === "opening") opening ??= JSON.parse(line) as Opening;
      if (type === "verdict") verdict = JSON.parse(line) as AttackVerdict | ClusterVerdict;
    }
  } catch {
    // What can be read tells enough: a lab that was killed may leave half a line.
  }
  if (opening === undefined) return undefined;
  const { at: startedAt, seed, nodes } = opening;
  const isRunning = await isHeld(folder);
  const facts = { folder, timeline, startedAt, seed, nodes: nodes.length, blocks, isRunning };
  if ("kind" in opening) {
    const protocol = { name: opening.protocol, outcome: verdict?.outcome ?? null };
    return { ...facts, attack: null, protocol };
  }
  const attack =
    verdict !== undefined && "attack" in verdict
      ? { name: verdict.attack, outcome: verdict.outcome }
      : null;
  return { ...facts, attack };
}

type Opening =
  | Extract<LabEvent, { readonly type: "opening" }>
  | Extract<ClusterEvent, { readonly type: "opening" }>;

/** Without reading the rest of the line: most of them are news of a node. */
function typeOf(line: string): string | undefined {
  return /^\{"at":\d+,"type":"([a-z-]+)"/.exec(line)?.[1];
}

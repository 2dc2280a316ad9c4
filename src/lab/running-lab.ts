/** The file by which a running lab is found: each lab writes it, and removes it at its end. */

import { mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { z } from "zod";

const shape = z.object({
  url: z.url(),
  /** Who can read this file may use the lab's levers. */
  tokenFile: z.string(),
  pid: z.int().positive(),
});

export type RunningLab = Readonly<z.infer<typeof shape>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** A busy machine may let a running lab wait; where none listens any more, that is told at once. */
const answerTimeoutMs = 5_000;

/** @see XDG Base Directory Specification: a relative XDG_STATE_HOME counts as none. */
export function runningLabFile(env: Environment): string {
  const chosen = env["XDG_STATE_HOME"];
  const isUsable = chosen !== undefined && isAbsolute(chosen);
  const base = isUsable ? chosen : join(env["HOME"] ?? homedir(), ".local", "state");
  return join(base, "powlab", "lab.json");
}

/** The newest lab is the one that is found. */
export async function announceLab(lab: RunningLab, env: Environment): Promise<void> {
  const file = runningLabFile(env);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${JSON.stringify(lab)}\n`, { mode: 0o600 });
}

/** Removes what this lab wrote, unless a newer one has written since. */
export async function withdrawLab(lab: RunningLab, env: Environment): Promise<void> {
  const current = await readRunningLab(env);
  if (current?.url !== lab.url || current.pid !== lab.pid) return;
  await unlink(runningLabFile(env)).catch(() => undefined);
}

/** The lab that answers where the file says; undefined if there is none. */
export async function findLab(env: Environment): Promise<RunningLab | undefined> {
  const lab = await readRunningLab(env);
  if (lab === undefined) return undefined;
  try {
    const answer = await fetch(`${lab.url}/lab`, { signal: AbortSignal.timeout(answerTimeoutMs) });
    return answer.ok ? lab : undefined;
  } catch {
    return undefined; // it ended without time to remove its file
  }
}

export async function readToken(lab: RunningLab): Promise<string> {
  return (await readFile(lab.tokenFile, "utf8")).trim();
}

async function readRunningLab(env: Environment): Promise<RunningLab | undefined> {
  try {
    return shape.parse(JSON.parse(await readFile(runningLabFile(env), "utf8")));
  } catch {
    return undefined;
  }
}

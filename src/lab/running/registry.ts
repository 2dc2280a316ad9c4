/** The folder with one entry for each lab, each node and each cluster that runs on this machine. */

import { mkdir, readdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isRunning } from "../../io/platform/running-process.ts";
import { unreachable } from "../../primitives/verdict.ts";
import {
  decodeEntry,
  type Running,
  type RunningCluster,
  type RunningLab,
  type RunningNode,
} from "./entry.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A busy machine may let what runs wait; where none listens any more, that is told at once. */
const answerTimeoutMs = 5_000;
const lookIntervalMs = 100;
const draftEnd = ".draft";

export class Registry {
  readonly folder: string;
  /** Entries are written and removed in the order in which that was asked for. */
  #written: Promise<void> = Promise.resolve();

  /** @see XDG Base Directory Specification: a relative XDG_STATE_HOME counts as none. */
  constructor(env: Environment) {
    const chosen = env["XDG_STATE_HOME"];
    const isUsable = chosen !== undefined && isAbsolute(chosen);
    const base = isUsable ? chosen : join(env["HOME"] ?? homedir(), ".local", "state");
    this.folder = join(base, "powlab", "running");
  }

  /** Writes an entry, in place of an earlier one of the same process and port. */
  announce(entry: Running): Promise<void> {
    return this.#inTurn(() => this.#write(entry));
  }

  withdraw(entry: Running): Promise<void> {
    return this.#inTurn(() => remove(this.#fileOf(entry)));
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#written.then(work);
    this.#written = done.catch(() => undefined); // who asked is told
    return done;
  }

  async #write(entry: Running): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const file = this.#fileOf(entry);
    const draft = `${file}${draftEnd}`;
    await writeFile(draft, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
    await rename(draft, file); // so that no reader finds half of it
  }

  /** What runs, the newest first. Entries of what has ended are removed. */
  async list(): Promise<readonly Running[]> {
    const names = await readdir(this.folder).catch(() => []); // there is none yet
    await Promise.all(names.filter((name) => name.endsWith(draftEnd)).map(this.#clearDraft));
    const files = names.filter((name) => name.endsWith(".json"));
    const entries = await Promise.all(files.map((name) => this.#read(join(this.folder, name))));
    return entries.flatMap((entry) => entry ?? []).sort((a, b) => b.startedAt - a.startedAt);
  }

  async labs(): Promise<readonly RunningLab[]> {
    return (await this.list()).filter((entry) => entry.kind === "lab");
  }

  async nodes(): Promise<readonly RunningNode[]> {
    return (await this.list()).filter((entry) => entry.kind === "node");
  }

  async clusters(): Promise<readonly RunningCluster[]> {
    return (await this.list()).filter((entry) => entry.kind === "cluster");
  }

  /** Waits until it is ready; undefined if it ends before. */
  async untilReady<Entry extends Running>(entry: Entry): Promise<Entry | undefined> {
    const file = this.#fileOf(entry);
    for (;;) {
      const current = await this.#read(file);
      if (current?.kind !== entry.kind) return undefined;
      if (current.state === "ready") return current as Entry; // of the same kind
      await pause(lookIntervalMs);
    }
  }

  #fileOf({ kind, pid, url }: Running): string {
    return join(this.folder, `${kind}-${pid}-${new URL(url).port}.json`);
  }

  /** One stays behind where a process is killed while it writes. */
  readonly #clearDraft = async (name: string): Promise<void> => {
    const [, pid] = name.split("-").map(Number);
    if (pid === undefined || !(await isRunning({ pid }))) await remove(join(this.folder, name));
  };

  async #read(file: string): Promise<Running | undefined> {
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined) return undefined; // withdrawn meanwhile
    const entry = decodeEntry(text);
    if (entry !== undefined && (await isThere(entry))) return entry;
    await remove(file);
    return undefined;
  }
}

/** Where the system does not tell when a process began, what listens at its address tells. */
async function isThere(entry: Running): Promise<boolean> {
  const { pid, birth } = entry;
  if (!(await isRunning(birth === undefined ? { pid } : { pid, birth }))) return false;
  return birth !== undefined || (await answersAs(entry));
}

/** Whether it is what the entry says that answers at its address; one that is late counts as there. */
async function answersAs(entry: Running): Promise<boolean> {
  try {
    const answer = await fetch(addressOf(entry), { signal: AbortSignal.timeout(answerTimeoutMs) });
    if (!answer.ok) return entry.state === "starting";
    const said: unknown = await answer.json();
    if (typeof said !== "object" || said === null) return false;
    if (entry.kind !== "node") return "timeline" in said && said.timeline === entry.timeline;
    return "peer_id" in said && said.peer_id === entry.peerId;
  } catch (error) {
    return error instanceof Error && error.name === "TimeoutError";
  }
}

function addressOf(entry: Running): string {
  switch (entry.kind) {
    case "lab":
      return `${entry.url}/lab`;
    case "node":
      return `${entry.api}/v1/node`;
    case "cluster":
      return `${entry.url}/`;
    default:
      return unreachable(entry);
  }
}

async function remove(file: string): Promise<void> {
  await unlink(file).catch(() => undefined); // another process may have removed it
}

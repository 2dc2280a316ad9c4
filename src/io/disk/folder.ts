/** A node's own folder: where it is, which process holds it, and the small secret files in it. */

import { link, mkdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, isAbsolute, join } from "node:path";
import { z } from "zod";
import { messageOf } from "../../primitives/error-message.ts";
import { isRunning, thisProcess } from "../platform/running-process.ts";

const lockName = "powlab.lock";
/** How often a lock that changes hands while we look at it is looked at again. */
const claimAttemptsMax = 5;
/** Where modes mean nothing, as on Windows, files are as private as the user's own folder is. */
const privateFolderMode = 0o700;
const privateFileMode = 0o600;

/** What the lock file says about the process that holds the folder. */
export type Holder = Readonly<z.infer<typeof holderShape>>;

const holderShape = z.object({
  process: z.int().positive(),
  /** ISO 8601. */
  since: z.string(),
  command: z.string(),
  /** @see RunningProcess */
  birth: z.string().exactOptional(),
  /** Where its API listens, once it does. */
  api: z.string().exactOptional(),
});

/** The folder belongs to a process that is running. */
export class FolderInUseError extends Error {
  readonly folder: string;
  readonly holder: Holder;

  constructor(folder: string, holder: Holder) {
    const address = holder.api === undefined ? "" : ` at ${holder.api}`;
    super(
      `The folder ${folder} is in use by powlab${address} ` +
        `(process ${holder.process}, since ${holder.since}). ` +
        `Stop it, or choose another folder with --data.${adviceOnDoubt(folder, holder)}`,
    );
    this.name = "FolderInUseError";
    this.folder = folder;
    this.holder = holder;
  }
}

/** A small file of the folder is not what was written there. */
export class DamagedFileError extends Error {
  readonly file: string;

  constructor(file: string) {
    super(
      `The file ${file} is damaged: put a copy of it back, or delete it, and the next start makes ` +
        "a new one.",
    );
    this.name = "DamagedFileError";
    this.file = file;
  }
}

/** A lock may outlive its process; where that cannot be seen, the user has to judge. */
function adviceOnDoubt(folder: string, { birth, process: id }: Holder): string {
  if (birth !== undefined) return "";
  return ` If process ${id} is another program, delete ${join(folder, lockName)}.`;
}

/**
 * Where a node keeps its data by default: the same place on every system, which on Windows is below
 * the user's folder, too.
 *
 * @see XDG Base Directory Specification: a relative XDG_DATA_HOME counts as none.
 */
export function dataFolder(
  network: string,
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const chosen = env["XDG_DATA_HOME"];
  const isUsable = chosen !== undefined && isAbsolute(chosen);
  const base = isUsable ? chosen : join(env["HOME"] ?? homedir(), ".local", "share");
  return join(base, "powlab", network, name);
}

/**
 * Makes the folder if need be and takes it for this process alone. The lock of a process that no
 * longer runs is taken over. Two processes that do not see each other, say in two containers, are
 * kept apart only by LevelDB's own lock.
 *
 * @throws FolderInUseError naming the process that holds it.
 */
export async function claimFolder(folder: string): Promise<ClaimedFolder> {
  const lock = join(folder, lockName);
  try {
    await mkdir(folder, { recursive: true, mode: privateFolderMode });
    const holder = await describeThisProcess();
    for (let attempt = 0; attempt < claimAttemptsMax; attempt += 1) {
      if (await createFile(lock, encodeHolder(holder), privateFileMode)) {
        return new ClaimedFolder(folder, holder);
      }
      await removeStaleLock(folder, lock);
    }
  } catch (error) {
    if (error instanceof FolderInUseError) throw error;
    throw new Error(`Cannot take the folder ${folder}: ${messageOf(error)}`, { cause: error });
  }
  throw new Error(`Cannot take the folder ${folder}: other processes keep taking it`);
}

/** A folder that is ours until `release`. */
export class ClaimedFolder {
  readonly path: string;
  #holder: Holder;

  constructor(path: string, holder: Holder) {
    this.path = path;
    this.#holder = holder;
  }

  /** Writes into the lock file where our API listens, for people and for other commands. */
  async announceApi(api: string): Promise<void> {
    this.#holder = { ...this.#holder, api };
    const lock = join(this.path, lockName);
    const draft = draftOf(lock);
    await writeFile(draft, encodeHolder(this.#holder), { mode: privateFileMode });
    await rename(draft, lock);
  }

  /**
   * The content of a file in this folder, which is made on first use and is there as a whole or
   * not at all. Errors of the disk come as they are: they name the file.
   *
   * @param isWhole whether `make` could have made this.
   * @throws DamagedFileError if it could not.
   */
  async readOrCreate(
    name: string,
    make: () => Uint8Array,
    isWhole: (content: Uint8Array) => boolean,
  ): Promise<Uint8Array> {
    const file = join(this.path, name);
    const existing = await readIfPresent(file);
    if (existing !== undefined) {
      const content = new Uint8Array(existing);
      if (!isWhole(content)) throw new DamagedFileError(file);
      return content;
    }
    const content = make();
    await createFile(file, content, privateFileMode);
    return content;
  }

  /** Lets others have the folder. Does nothing if it is no longer ours. */
  async release(): Promise<void> {
    const lock = join(this.path, lockName);
    const content = await readIfPresent(lock);
    if (content?.toString() === encodeHolder(this.#holder)) await unlink(lock);
  }
}

/** The holder that a folder's lock file names, whether or not it still runs. */
export async function readHolder(folder: string): Promise<Holder | undefined> {
  const content = await readIfPresent(join(folder, lockName));
  return content === undefined ? undefined : decodeHolder(content.toString());
}

/** Whether a process that runs holds this folder. */
export async function isHeld(folder: string): Promise<boolean> {
  const holder = await readHolder(folder);
  return holder !== undefined && isHeldBy(holder);
}

function isHeldBy({ process: pid, birth }: Holder): Promise<boolean> {
  return isRunning(birth === undefined ? { pid } : { pid, birth });
}

/**
 * Moves the lock away before it is deleted: if another process has taken it over in the meantime,
 * then what we moved is not what we judged, and it is put back.
 */
async function removeStaleLock(folder: string, lock: string): Promise<void> {
  const judged = await readIfPresent(lock);
  if (judged === undefined) return;
  const holder = decodeHolder(judged.toString());
  if (holder !== undefined && (await isHeldBy(holder))) throw new FolderInUseError(folder, holder);

  const aside = draftOf(lock);
  try {
    await rename(lock, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return; // another process was faster
    throw error;
  }
  const moved = await readFile(aside);
  if (!moved.equals(judged)) await linkUnlessPresent(aside, lock);
  await unlink(aside);
}

function encodeHolder(holder: Holder): string {
  return `${JSON.stringify(holder, undefined, 2)}\n`;
}

/** Undefined for what no powlab wrote, such as the empty file that a power cut can leave. */
function decodeHolder(text: string): Holder | undefined {
  try {
    return holderShape.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function describeThisProcess(): Promise<Holder> {
  const { pid, birth } = await thisProcess();
  return {
    process: pid,
    since: new Date().toISOString(),
    command: process.argv.map((part, i) => (i < 2 ? basename(part) : part)).join(" "),
    ...(birth === undefined ? {} : { birth }),
  };
}

// --- Files -----------------------------------------------------------------------------------

/**
 * Makes a file that has its whole content from its first moment on.
 *
 * @returns false if there is one already; it then stays as it is.
 */
async function createFile(
  file: string,
  content: string | Uint8Array,
  mode: number,
): Promise<boolean> {
  const draft = draftOf(file);
  await writeFile(draft, content, { mode, flush: true });
  try {
    return await linkUnlessPresent(draft, file);
  } finally {
    await unlink(draft);
  }
}

async function linkUnlessPresent(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

async function readIfPresent(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

let draftCount = 0;

/** A name beside the file that no other process uses. */
function draftOf(file: string): string {
  draftCount += 1;
  return `${file}.${process.pid}-${draftCount}`;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

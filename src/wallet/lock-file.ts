/**
 * A lock between processes: the process that makes the file holds it, until the file is deleted.
 */

import { randomBytes } from "node:crypto";
import { link, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** What is done under a lock takes milliseconds. */
const waitMaxMs = 10_000;
const retryMs = 20;

export class LockFile {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Does something while no other process holds the lock. One that a dead process left is taken
   * over.
   *
   * @throws Error that names the file if another process holds it for too long.
   */
  async hold<Answer>(use: () => Promise<Answer>): Promise<Answer> {
    const mark = `${process.pid} ${randomBytes(8).toString("hex")}`;
    const deadlineMs = performance.now() + waitMaxMs;
    while (!(await this.#take(mark))) {
      await this.#clearIfDead();
      if (performance.now() > deadlineMs) {
        const advice = "If no powlab command runs, delete it.";
        throw new Error(`Another program holds ${this.#file}. ${advice}`);
      }
      await sleep(retryMs);
    }
    try {
      return await use();
    } finally {
      await unlink(this.#file);
    }
  }

  /** A link, unlike a file that is opened, has its whole content at once. */
  async #take(mark: string): Promise<boolean> {
    const draft = `${this.#file}.${mark.replace(" ", "-")}`;
    await writeFile(draft, mark, { flag: "wx" });
    try {
      await link(draft, this.#file);
      return true;
    } catch (error) {
      if (hasCode(error, "EEXIST")) return false;
      throw error;
    } finally {
      await unlink(draft);
    }
  }

  async #clearIfDead(): Promise<void> {
    const mark = await readIfThere(this.#file);
    if (mark === undefined || isAlive(Number(mark.split(" ", 1)[0]))) return;
    const grave = `${this.#file}.dead-${randomBytes(8).toString("hex")}`;
    try {
      await rename(this.#file, grave);
    } catch (error) {
      if (hasCode(error, "ENOENT")) return; // another process cleared it
      throw error;
    }
    // Another process may have cleared it and taken the lock since we read it: then it is restored.
    if ((await readFile(grave, "utf8")) !== mark) await link(grave, this.#file);
    await unlink(grave);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, "ESRCH"); // it may be another user's process
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

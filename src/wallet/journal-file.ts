/** A journal in a file, which several processes may change at once. */

import { readFile, rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import type { BlockHash, Txid } from "../primitives/brand.ts";
import { emptyJournal, type Journal, type JournalChange, type JournalContent } from "./journal.ts";
import { LockFile } from "./lock-file.ts";

const fileMode = 0o600;

const shape = z.object({
  payments: z.array(
    z.object({ id: z.string(), coins: z.array(z.string()), heldUntil: z.number() }),
  ),
  addresses: z.array(z.int()),
  sent: z.array(
    z.object({
      txid: z.custom<Txid>((value) => typeof value === "string"),
      hex: z.string(),
      sentAt: z.number(),
    }),
  ),
  // Absent in journals of former versions.
  confirmed: z
    .array(
      z.object({
        txid: z.custom<Txid>((value) => typeof value === "string"),
        net: z.number(),
        height: z.int(),
        block: z.custom<BlockHash>((value) => typeof value === "string").nullable(),
      }),
    )
    .default([]),
  gapLimit: z.int().exactOptional(),
});

export class JournalFile implements Journal {
  readonly #file: string;
  readonly #lock: LockFile;

  /** @param file is made when something is first written; its folder must be there. */
  constructor(file: string) {
    this.#file = file;
    this.#lock = new LockFile(`${file}.lock`);
  }

  /** @throws Error that names the file if it is damaged. */
  async read(): Promise<JournalContent> {
    const text = await this.#readText();
    if (text === undefined) return emptyJournal;
    try {
      return shape.parse(JSON.parse(text));
    } catch (error) {
      const advice =
        "it holds no keys, only notes on payments and on addresses beyond the gap limit: " +
        "delete it if you need neither.";
      throw new Error(`${this.#file} is damaged; ${advice}`, { cause: error });
    }
  }

  change<Answer>(change: (content: JournalContent) => JournalChange<Answer>): Promise<Answer> {
    return this.#lock.hold(async () => {
      const before = await this.read();
      const { content, answer } = change(before);
      if (content !== before) await this.#write(content);
      return answer;
    });
  }

  /** A reader gets the old content or the new one meanwhile, never a part. */
  async #write(content: JournalContent): Promise<void> {
    const draft = `${this.#file}.draft`;
    await writeFile(draft, JSON.stringify(content), { mode: fileMode, flush: true });
    await rename(draft, this.#file);
  }

  async #readText(): Promise<string | undefined> {
    try {
      return await readFile(this.#file, "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  }
}

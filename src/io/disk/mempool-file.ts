/** What waited when a node was last stopped, in a file of its folder. */

import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  decodeMempool,
  describeSavedMempoolProblem,
  encodeMempool,
  type SavedEntry,
} from "../../mempool/saved-mempool.ts";
import type { BlockHash } from "../../primitives/brand.ts";
import { messageOf } from "../../primitives/error-message.ts";

const fileName = "mempool";
const fileMode = 0o600;
/** More than the largest mempool takes: 100,000,000 virtual bytes, most of them witnesses. */
const sizeBytesMax = 500_000_000;

export class MempoolFile {
  readonly path: string;
  readonly #genesis: BlockHash;

  /** @param folder belongs to this process alone. */
  constructor(folder: string, genesis: BlockHash) {
    this.path = join(folder, fileName);
    this.#genesis = genesis;
  }

  /**
   * The saved transactions, parents before children; none if nothing was saved. A file that is no
   * mempool of this network is put aside, so that the next one does not take its place.
   *
   * @param onWarning is called with one sentence if there is a file and it is not read.
   */
  async read(onWarning: (warning: Error) => void): Promise<readonly SavedEntry[]> {
    try {
      const { size } = await stat(this.path);
      if (size > sizeBytesMax) {
        onWarning(await this.#putAside(`has ${size} bytes, which no mempool needs`));
        return [];
      }
      const decoded = decodeMempool(new Uint8Array(await readFile(this.path)), this.#genesis);
      if (decoded.ok) return decoded.value;
      onWarning(await this.#putAside(describeSavedMempoolProblem(decoded.problem)));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
      const message = `What waited is not read again from ${this.path}: ${messageOf(error)}.`;
      onWarning(new Error(message, { cause: error }));
    }
    return [];
  }

  /** The file has the old content or the new one at any time, never a part. */
  async write(entries: Iterable<SavedEntry>): Promise<void> {
    const draft = `${this.path}.draft`;
    await writeFile(draft, encodeMempool(entries, this.#genesis), { mode: fileMode, flush: true });
    await rename(draft, this.path);
  }

  async #putAside(fault: string): Promise<Error> {
    const aside = `${this.path}.aside`;
    await rename(this.path, aside);
    return new Error(
      `The saved mempool ${this.path} ${fault}: what it holds does not wait again, ` +
        `and it is kept as ${aside}.`,
    );
  }
}

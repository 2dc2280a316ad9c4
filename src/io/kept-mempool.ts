/** Lets what waited when a node was stopped wait again when it starts. */

import { savedEntriesOf, type SavedEntry } from "../mempool/saved-mempool.ts";
import type { Node } from "../node/node.ts";
import { messageOf } from "../primitives/error-message.ts";
import { MempoolFile } from "./disk/mempool-file.ts";
import { readClocks } from "./platform/clocks.ts";
import type { NodeRunner } from "./runner.ts";

/** As many as a node judges in one turn without keeping others waiting. */
const entriesAtOnceMin = 100;
/** Half of what a runner takes. */
const commandsMax = 500;

type Served = { readonly node: Node; readonly runner: Pick<NodeRunner, "command"> };
type OnWarning = (warning: Error) => void;

export class KeptMempool {
  /** How many transactions wait again; undefined if the node stopped before all were judged. */
  readonly restored: Promise<number | undefined>;
  readonly #node: Node;
  readonly #file: MempoolFile;
  readonly #onWarning: OnWarning;
  /** Until all of it was judged, the file holds more than the mempool. */
  #isRestored = false;

  /**
   * To be called before the runner starts: then the node judges what is saved before anything that
   * peers send, and no peer asks for a part of its mempool.
   *
   * @param folder belongs to this process alone.
   * @param onWarning is called if the file cannot be read or, later, be written.
   */
  static async open(served: Served, folder: string, onWarning: OnWarning): Promise<KeptMempool> {
    const file = new MempoolFile(folder, served.node.params.genesisHash);
    return new KeptMempool(served, file, await file.read(onWarning), onWarning);
  }

  private constructor(
    { node, runner }: Served,
    file: MempoolFile,
    saved: readonly SavedEntry[],
    onWarning: OnWarning,
  ) {
    this.#node = node;
    this.#file = file;
    this.#onWarning = onWarning;
    const size = Math.max(entriesAtOnceMin, Math.ceil(saved.length / commandsMax));
    const counts = Array.from({ length: Math.ceil(saved.length / size) }, async (_, i) => {
      const entries = saved.slice(i * size, (i + 1) * size);
      const answer = await runner.command({ type: "restore-mempool", entries });
      return answer.type === "restored" ? answer.count : 0;
    });
    this.restored = Promise.all(counts).then(
      (all) => {
        this.#isRestored = true;
        return all.reduce((sum, count) => sum + count, 0);
      },
      () => undefined, // the node stops, or has told already why it failed
    );
  }

  /** Where it is written. */
  get path(): string {
    return this.#file.path;
  }

  /** Whether all that was saved has been judged; before that, nothing is written. */
  get isRestored(): boolean {
    return this.#isRestored;
  }

  /** @throws Error of the disk. */
  async write(): Promise<void> {
    if (!this.#isRestored) return;
    await this.#file.write(savedEntriesOf(this.#node.mempool.entries(), readClocks()));
  }

  /** Writes what waits now; a node that stops without it loses what came since it started. */
  async save(): Promise<void> {
    try {
      await this.write();
    } catch (error) {
      const message = `What waits could not be saved: ${messageOf(error)}.`;
      this.#onWarning(new Error(message, { cause: error }));
    }
  }
}

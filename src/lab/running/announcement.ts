/** What commands find of a lab or a cluster that runs: it starts, it is ready, and it ends. */

import { thisProcess } from "../../io/platform/running-process.ts";
import type { RunningCluster, RunningLab } from "./entry.ts";
import { Registry } from "./registry.ts";

type Known = "kind" | "name" | "url" | "data" | "tokenFile" | "timeline";

/** Where it is, and which network or protocol runs there. */
export type Place = Pick<RunningLab, Known | "network"> | Pick<RunningCluster, Known | "protocol">;

export class Announcement {
  readonly #registry = new Registry(process.env);
  /** Undefined before it is opened, and when it ends. */
  #entry: RunningLab | RunningCluster | undefined;

  /** Commands find it from now on, and wait until it is ready. */
  async open(place: Place): Promise<void> {
    const [startedAt, own] = [Date.now(), await thisProcess()];
    this.#entry = { ...own, ...place, startedAt, state: "starting", nodes: {} };
    await this.#registry.announce(this.#entry);
  }

  /** @param nodes where each can be asked, by its name. */
  async ready(nodes: RunningLab["nodes"]): Promise<void> {
    if (this.#entry === undefined) return;
    this.#entry = { ...this.#entry, state: "ready", nodes };
    await this.#registry.announce(this.#entry);
  }

  /** One that becomes ready while it ends is not announced again. */
  async withdraw(): Promise<void> {
    const entry = this.#entry;
    this.#entry = undefined;
    if (entry !== undefined) await this.#registry.withdraw(entry);
  }
}

/** What commands find of a lab that runs: it starts, it is ready, and it ends. */

import { thisProcess } from "../../io/platform/running-process.ts";
import type { RunningLab } from "./entry.ts";
import { Registry } from "./registry.ts";

export type LabPlace = Pick<
  RunningLab,
  "name" | "network" | "url" | "data" | "tokenFile" | "timeline"
>;

export class LabAnnouncement {
  readonly #registry = new Registry(process.env);
  /** Undefined before it is opened, and when it ends. */
  #entry: RunningLab | undefined;

  /** Commands find it from now on, and wait until it is ready. */
  async open(place: LabPlace): Promise<void> {
    const [startedAt, own] = [Date.now(), await thisProcess()];
    this.#entry = { kind: "lab", ...own, ...place, startedAt, state: "starting", nodes: {} };
    await this.#registry.announce(this.#entry);
  }

  /** @param nodes where the REST API of each is, by its name. */
  async ready(nodes: RunningLab["nodes"]): Promise<void> {
    if (this.#entry === undefined) return;
    this.#entry = { ...this.#entry, state: "ready", nodes };
    await this.#registry.announce(this.#entry);
  }

  /** A lab that becomes ready while it ends is not announced again. */
  async withdraw(): Promise<void> {
    const entry = this.#entry;
    this.#entry = undefined;
    if (entry !== undefined) await this.#registry.withdraw(entry);
  }
}

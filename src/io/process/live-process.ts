/** One process of a protocol that runs: its disk, its links, its machine, its door for clients. */

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Router } from "express";
import { processRoutes } from "../../contract/process-api.ts";
import type { PeerId } from "../../primitives/brand.ts";
import { createRandom } from "../../primitives/random.ts";
import type { Workload } from "../../protocols/catalogue.ts";
import type { Setting } from "../../protocols/process/process.ts";
import { ProcessMachine } from "../../protocols/process/process-machine.ts";
import type { News, ProcessView, Protocol } from "../../protocols/process/protocol.ts";
import { type ClaimedFolder, claimFolder } from "../disk/folder.ts";
import { type LevelStore, openLevelStore } from "../disk/level-store.ts";
import { answerProblem, noSuchRoute } from "../http/problem.ts";
import { isIdentity, newIdentity } from "../p2p/identity.ts";
import { decisionRoutes, keyValueRoutes } from "./key-value-routes.ts";
import { processJson } from "./process-json.ts";
import {
  type LinkState,
  openProcessLinks,
  type PeerPlace,
  type ProcessLinks,
} from "./process-links.ts";
import { ProcessRunner } from "./process-runner.ts";
import { RequestDesk } from "./request-desk.ts";

export type LiveProcessOptions = {
  readonly protocol: Protocol;
  /** What its clients may ask. */
  readonly workload: Workload;
  /** All that the protocol is told; a protocol that signs finds its signer there. */
  readonly setting: Setting;
  readonly folder: string;
  /** A multiaddr. */
  readonly listen: string;
  readonly onNews: (news: News) => void;
  /** It has stopped by then. */
  readonly onFailure: (error: Error) => void;
};

/** Below the folder of a process: what the protocol wrote. */
export const recordsName = "records";

/**
 * Opens the disk and listens; the machine waits for `begin`.
 *
 * @throws Error that says what is wrong and what to do; the folder is free again then.
 */
export async function openLiveProcess(options: LiveProcessOptions): Promise<LiveProcess> {
  const folder = await claimFolder(options.folder);
  let store: LevelStore | undefined;
  try {
    const identity = await folder.readOrCreate("identity", newIdentity, isIdentity);
    store = await openLevelStore(join(folder.path, recordsName), { sync: true });
    const { protocol, setting, listen } = options;
    const links = await openProcessLinks({
      ...{ identity, listen, name: setting.name },
      protocol: `/powlab/process/${protocol.name}/1`,
      onMessage: (from, message) => live.receive(from, message),
    });
    const live = new LiveProcess(options, folder, store, links);
    return live;
  } catch (error) {
    await store?.close();
    await folder.release();
    throw error;
  }
}

export class LiveProcess {
  readonly #options: LiveProcessOptions;
  readonly #folder: ClaimedFolder;
  readonly #store: LevelStore;
  readonly #links: ProcessLinks;
  readonly #machine: ProcessMachine;
  readonly #runner: ProcessRunner;
  readonly #desk: RequestDesk;
  #urls: Readonly<Record<string, string>> = {};
  #onWrite: (() => void) | undefined;

  constructor(
    options: LiveProcessOptions,
    folder: ClaimedFolder,
    store: LevelStore,
    links: ProcessLinks,
  ) {
    const { protocol, setting, onNews, onFailure } = options;
    this.#options = options;
    this.#folder = folder;
    this.#store = store;
    this.#links = links;
    const random = createRandom(randomBytes(16).toString("hex"), setting.name);
    this.#machine = new ProcessMachine({ protocol, setting, store, random });
    this.#runner = new ProcessRunner({
      machine: this.#machine,
      store: { persist: (batch) => this.#persist(batch) },
      send: (to, message) => links.send(to, message),
      onAnswer: (id, answer) => this.#desk.answer(id, answer),
      onNews,
      onFailure,
    });
    this.#desk = new RequestDesk({
      name: setting.name,
      submit: (id, command) => this.#runner.request(id, command),
      nameClient: () => `${setting.name}-${randomBytes(8).toString("hex")}`,
    });
  }

  get peerId(): PeerId {
    return this.#links.peerId;
  }

  /** Where the others reach it: a multiaddr with its peer id. */
  get address(): string {
    return this.#links.address;
  }

  get view(): ProcessView {
    return this.#machine.view;
  }

  /**
   * Connects with the others, and begins the life of the machine.
   *
   * @param urls where each process answers clients, by its name.
   * @param states of links that are not as they should be, by the names of the others.
   */
  begin(
    peers: readonly PeerPlace[],
    urls: Readonly<Record<string, string>>,
    states: Readonly<Record<string, LinkState>>,
  ): void {
    this.#urls = urls;
    this.#links.connect(peers);
    this.setLinks(states);
    this.#runner.start();
  }

  setLinks(states: Readonly<Record<string, LinkState>>): void {
    for (const [name, state] of Object.entries(states)) this.#links.setLink(name, state);
  }

  /** Calls back when the next write has been handed to the disk, and is not yet there. */
  atNextWrite(act: (() => void) | undefined): void {
    this.#onWrite = act;
  }

  receive(from: string, message: Uint8Array): void {
    this.#runner.receive(from as PeerId, message);
  }

  /** What clients ask it over HTTP. */
  routes(): Router {
    const { workload, protocol, setting } = this.#options;
    const router = Router();
    const urlOf = (name: string) => this.#urls[name];
    const door = { desk: this.#desk, urlOf };
    router.use(
      workload === "key-value"
        ? keyValueRoutes(door)
        : decisionRoutes({ ...door, decided: () => Object.values(this.view.decisions)[0] }),
    );
    router.get(processRoutes.process, (_request, response) => {
      response.json(processJson(protocol.name, setting, this.view));
    });
    router.use(noSuchRoute);
    router.use(answerProblem);
    return router;
  }

  async stop(): Promise<void> {
    await this.#runner.stop();
    await this.#links.stop();
    try {
      await this.#store.close();
    } finally {
      await this.#folder.release();
    }
  }

  #persist(batch: Parameters<LevelStore["persist"]>[0]): Promise<void> {
    const written = this.#store.persist(batch);
    this.#onWrite?.();
    return written;
  }
}

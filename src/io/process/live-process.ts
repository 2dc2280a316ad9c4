/** One process of a protocol that runs: its disk, its links, its machine, its door for clients. */

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Router } from "express";
import { processRoutes } from "../../contract/process-api.ts";
import type { PeerId } from "../../primitives/brand.ts";
import { bytesToHex } from "../../primitives/bytes.ts";
import { createRandom } from "../../primitives/random.ts";
import type { Workload } from "../../protocols/catalogue.ts";
import { keySignatures } from "../../protocols/process/key-signatures.ts";
import type { Setting } from "../../protocols/process/process.ts";
import { ProcessMachine } from "../../protocols/process/process-machine.ts";
import type { News, ProcessView, Protocol } from "../../protocols/process/protocol.ts";
import { requestText, type Signatures } from "../../protocols/process/signatures.ts";
import { type ClaimedFolder, claimFolder } from "../disk/folder.ts";
import { type LevelStore, openLevelStore } from "../disk/level-store.ts";
import { answerProblem, noSuchRoute } from "../http/problem.ts";
import { isIdentity, newIdentity } from "../p2p/identity.ts";
import { createCachingVerifier, createTinyVerifier } from "../verifying/signature-verifier.ts";
import { decisionRoutes, keyValueRoutes, type KeyValueRoutesOptions } from "./key-value-routes.ts";
import { processJson } from "./process-json.ts";
import {
  type LinkState,
  openProcessLinks,
  type PeerPlace,
  type ProcessLinks,
} from "./process-links.ts";
import { ProcessRunner } from "./process-runner.ts";
import { RequestDesk } from "./request-desk.ts";
import { isSecretKey, newSecretKey, publicKeyOf, PublicKeys, signerWith } from "./signing-keys.ts";

export type LiveProcessOptions = {
  readonly protocol: Protocol;
  /** What its clients may ask. */
  readonly workload: Workload;
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
    const secretKey = await folder.readOrCreate("signing-key", newSecretKey, isSecretKey);
    store = await openLevelStore(join(folder.path, recordsName), { sync: true });
    const { protocol, setting, listen } = options;
    const links = await openProcessLinks({
      ...{ identity, listen, name: setting.name },
      protocol: `/powlab/process/${protocol.name}/1`,
      onMessage: (from, message) => live.receive(from, message),
    });
    const live = new LiveProcess(options, { folder, store, links, secretKey });
    return live;
  } catch (error) {
    await store?.close();
    await folder.release();
    throw error;
  }
}

type Parts = {
  readonly folder: ClaimedFolder;
  readonly store: LevelStore;
  readonly links: ProcessLinks;
  readonly secretKey: Uint8Array;
};

/** Where all takes part: by the names of all processes, this one among them. */
export type Directory = {
  /** Where each answers clients. */
  readonly urls: Readonly<Record<string, string>>;
  /** 64 hex digits each. */
  readonly publicKeys: Readonly<Record<string, string>>;
};

/** What was signed and found right is not computed again: a client's request is seen several times. */
const knownSignaturesMax = 10_000;

export class LiveProcess {
  readonly #options: LiveProcessOptions;
  readonly #parts: Parts;
  readonly #publicKeys = new PublicKeys();
  readonly #signatures: Signatures;
  readonly #machine: ProcessMachine;
  readonly #runner: ProcessRunner;
  readonly #desk: RequestDesk;
  #urls: Readonly<Record<string, string>> = {};
  #onWrite: (() => void) | undefined;

  constructor(options: LiveProcessOptions, parts: Parts) {
    const { protocol, setting, onNews, onFailure } = options;
    const { store, links, secretKey } = parts;
    this.#options = options;
    this.#parts = parts;
    const random = createRandom(randomBytes(16).toString("hex"), setting.name);
    const signatures = keySignatures({
      ...{ sign: signerWith(secretKey), publicKeys: this.#publicKeys },
      verifier: createCachingVerifier(createTinyVerifier(), knownSignaturesMax),
    });
    this.#signatures = signatures;
    this.#machine = new ProcessMachine({ protocol, setting, store, random, signatures });
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
      submit: (id, command, signature) => this.#runner.request(id, command, signature),
      nameClient: () => `${setting.name}-${randomBytes(8).toString("hex")}`,
    });
  }

  get peerId(): PeerId {
    return this.#parts.links.peerId;
  }

  /** Where the others reach it: a multiaddr with its peer id. */
  get address(): string {
    return this.#parts.links.address;
  }

  /** 64 hex digits: what it signs can be checked with it. */
  get publicKey(): string {
    return bytesToHex(publicKeyOf(this.#parts.secretKey));
  }

  get view(): ProcessView {
    return this.#machine.view;
  }

  /**
   * Connects with the others, and begins the life of the machine.
   *
   * @param states of links that are not as they should be, by the names of the others.
   */
  begin(
    peers: readonly PeerPlace[],
    { urls, publicKeys }: Directory,
    states: Readonly<Record<string, LinkState>>,
  ): void {
    this.#urls = urls;
    this.#publicKeys.learn(publicKeys);
    this.#parts.links.connect(peers);
    this.setLinks(states);
    this.#runner.start();
  }

  setLinks(states: Readonly<Record<string, LinkState>>): void {
    for (const [name, state] of Object.entries(states)) this.#parts.links.setLink(name, state);
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
    const isSigned: KeyValueRoutesOptions["isSigned"] = ({ id, signature }, command) => {
      return this.#signatures.verify(id.client, requestText(id, command), signature);
    };
    const door = { desk: this.#desk, urlOf, ...(protocol.answersNeeded && { isSigned }) };
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
    await this.#parts.links.stop();
    try {
      await this.#parts.store.close();
    } finally {
      await this.#parts.folder.release();
    }
  }

  #persist(batch: Parameters<LevelStore["persist"]>[0]): Promise<void> {
    const written = this.#parts.store.persist(batch);
    this.#onWrite?.();
    return written;
  }
}

/** A whole node of the real world: folder, store, network, miners, and the node that they serve. */

import "./platform/polyfill.ts";
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { WrongChainError } from "../chain/log.ts";
import type { Params } from "../consensus/params.ts";
import { lookupIndex } from "../indexes/lookup-index.ts";
import { Node } from "../node/node.ts";
import type { Milliseconds } from "../primitives/brand.ts";
import type { HasherName } from "../primitives/hashing.ts";
import { createRandom } from "../primitives/random.ts";
import { openChainStore } from "./disk/chain-store.ts";
import { removeCookie, writeCookie } from "./disk/cookie.ts";
import { type ClaimedFolder, claimFolder } from "./disk/folder.ts";
import type { LevelStore } from "./disk/level-store.ts";
import { readToken } from "./disk/token.ts";
import type { UpgradeProgress } from "./disk/upgrade.ts";
import { KeptMempool } from "./kept-mempool.ts";
import type { SolvedHeader } from "./mining/miner-pool.ts";
import { OwnPool, type SharedPool } from "./mining/own-pool.ts";
import type { Gate } from "./p2p/gate.ts";
import {
  isIdentity,
  type Network,
  type NetworkOptions,
  newIdentity,
  startNetwork,
} from "./p2p/network.ts";
import { NodeRunner } from "./runner.ts";
import { createCachingVerifier, createTinyVerifier } from "./verifying/signature-verifier.ts";

export type FullNodeOptions = {
  readonly params: Params;
  /** No other process may use it meanwhile. */
  readonly folder: string;
  /** What logs and its pool call it. */
  readonly name: string;
  /** Multiaddrs; port 0 takes a free one. */
  readonly listen: readonly string[];
  /** Multiaddrs that are redialled for ever. */
  readonly connect: readonly string[];
  /** The output script that it mines for from the start. */
  readonly payTo?: Uint8Array;
  /** Shared with other nodes; its owner routes solutions to `runner.solved` by their miner. */
  readonly pool?: SharedPool;
  /** Without a shared pool: threads of its own, which begin when it first mines. */
  readonly threads?: number;
  /** What those threads search with; the fastest that proves itself if it is missing. */
  readonly hasher?: HasherName;
  /** Hashes per second; all that the threads can do if it is missing. */
  readonly hashrate?: number;
  readonly exchangeAddresses?: boolean;
  readonly gate?: Gate;
  /** Makes its random choices repeatable. */
  readonly seed?: string;
  /** A name to leave in the coinbases it mines. */
  readonly tag?: string;
  /** Called with each failure that was mended, or that costs no more than what waited. */
  readonly onWarning?: (warning: Error) => void;
  /** Called while a folder of an older version is brought up to date. */
  readonly onUpgrade?: (progress: UpgradeProgress) => void;
  /** Ends that after a batch; the next start goes on with it. */
  readonly signal?: AbortSignal;
  /** Called when an address of `connect` cannot be joined, and again when the cause changes. */
  readonly onUnreachable?: (problem: string) => void;
};

/** About 5 MB: more than the transactions of a few full blocks. */
const signaturesRememberedMax = 20_000;
/** Three seconds for the whole program, less what the API needs to close. */
const stopTimeoutMs = 2_500;

/**
 * Starts a node. A listener that is added to its runner at once misses no news.
 *
 * @throws Error that says what is wrong and what to do, such as FolderInUseError or
 *   DamagedStoreError or NewerFormatError; the folder is free again then.
 */
export async function startFullNode(options: FullNodeOptions): Promise<FullNode> {
  const folder = await claimFolder(options.folder);
  let store: LevelStore | undefined;
  try {
    const identity = await folder.readOrCreate("identity", newIdentity, isIdentity);
    const token = await readToken(folder);
    const cookie = await writeCookie(folder.path);
    store = await openStore(folder.path, options);
    const node = createNode(options, store);
    const { name, pool = ownPool(options, (solved) => runner.solved(solved)) } = options;
    const runner = new NodeRunner({ node, store, minerName: name, ...(pool && { pool }) });
    const { onWarning = () => undefined } = options;
    const waiting = await KeptMempool.open({ node, runner }, folder.path, onWarning);
    if (options.hashrate !== undefined) pool?.setHashrate(name, options.hashrate);
    const network = await startNetwork(networkOptions(options, identity), runner);
    runner.start(network);
    const secrets = { token, cookie };
    return new FullNode({ name, folder, ...secrets, store, node, runner, pool, network, waiting });
  } catch (error) {
    await store?.close();
    await removeCookie(folder.path);
    await folder.release();
    throw error instanceof WrongChainError ? wrongFolderError(options, error) : error;
  }
}

function openStore(
  folder: string,
  { params, onUpgrade = () => undefined, signal }: FullNodeOptions,
): Promise<LevelStore> {
  return openChainStore(folder, { params, onProgress: onUpgrade, signal });
}

function wrongFolderError({ folder, params }: FullNodeOptions, cause: WrongChainError): Error {
  const message = params.formerGenesisHashes.includes(cause.found)
    ? `The folder ${folder} holds a ${params.name} chain of former rules (it begins with block ` +
      `${cause.found}), which this version cannot continue. Choose another folder with --data, or ` +
      "delete this one: its coins belong to the former network only."
    : `The folder ${folder} holds another network's chain than ${params.name}: ${cause.message}. ` +
      "Choose another folder with --data, or the network with --network.";
  return new Error(message, { cause });
}

function createNode(options: FullNodeOptions, store: LevelStore): Node {
  const { params, name, seed = randomBytes(16).toString("hex"), payTo, tag } = options;
  return new Node({
    params,
    store,
    verifier: createCachingVerifier(createTinyVerifier(), signaturesRememberedMax),
    random: createRandom(seed, `node/${name}`),
    companions: [lookupIndex],
    ...(payTo && { payTo }),
    ...(tag !== undefined && { tag }),
  });
}

function ownPool(
  { threads = 0, hasher, onWarning }: FullNodeOptions,
  onSolved: (solved: SolvedHeader) => void,
): OwnPool | undefined {
  if (threads === 0) return undefined;
  return new OwnPool({
    threads,
    onSolved,
    ...(hasher && { hasher }),
    ...(onWarning && { onError: onWarning }),
  });
}

function networkOptions(options: FullNodeOptions, privateKey: Uint8Array): NetworkOptions {
  const { params, listen, connect, exchangeAddresses, gate, onUnreachable } = options;
  const prefix = `/powlab/${params.name}`;
  return {
    topicPrefix: `${prefix}/${params.genesisHash.slice(0, 8)}`,
    syncProtocol: `${prefix}/sync/1`,
    addressProtocol: `${prefix}/address/1`,
    listen,
    bootstrap: connect,
    privateKey,
    ...(exchangeAddresses !== undefined && { exchangeAddresses }),
    ...(gate && { gate }),
    ...(onUnreachable && { onUnreachable }),
  };
}

type Parts = {
  readonly name: string;
  readonly folder: ClaimedFolder;
  readonly token: string;
  readonly cookie: string;
  readonly store: LevelStore;
  readonly node: Node;
  readonly runner: NodeRunner;
  readonly pool: SharedPool | undefined;
  readonly network: Network;
  readonly waiting: KeptMempool;
};

/** A node that runs. When it fails it stops by itself; `runner.onFailure` gives the reason. */
export class FullNode {
  readonly name: string;
  readonly node: Node;
  readonly runner: NodeRunner;
  readonly network: Network;
  readonly store: LevelStore;
  /** Undefined if it cannot mine. */
  readonly pool: SharedPool | undefined;
  /** A request with this token may change the node by its API. */
  readonly token: string;
  /** `user:password`, for calls of its JSON-RPC in this run. */
  readonly cookie: string;
  /** What waited when it was last stopped. */
  readonly waiting: KeptMempool;
  readonly startedAt = Date.now() as Milliseconds;
  readonly #folder: ClaimedFolder;
  #stopped: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.name = parts.name;
    this.node = parts.node;
    this.runner = parts.runner;
    this.network = parts.network;
    this.store = parts.store;
    this.pool = parts.pool;
    this.token = parts.token;
    this.cookie = parts.cookie;
    this.waiting = parts.waiting;
    this.#folder = parts.folder;
    this.runner.onFailure(() => {
      this.stop().catch(() => {
        // The failure is reported already; errors while closing after it are not.
      });
    });
  }

  get folder(): string {
    return this.#folder.path;
  }

  /** Lets other programs find the API by the data folder. */
  async announceApi(url: string): Promise<void> {
    await this.#folder.announceApi(url);
  }

  /** Ends within three seconds; the caller stops its API before. */
  async stop(): Promise<void> {
    return this.#stopWith(() => this.waiting.save());
  }

  /** Ends as soon, and as a power cut does: what waits is not saved. */
  async crash(): Promise<void> {
    return this.#stopWith(() => undefined);
  }

  #stopWith(save: () => Promise<void> | undefined): Promise<void> {
    const late = pause(stopTimeoutMs, undefined, { ref: false });
    this.#stopped ??= Promise.race([this.#stopInOrder(save), late]);
    return this.#stopped;
  }

  /** From the outside in: nothing may ask for what is closed already. */
  async #stopInOrder(save: () => Promise<void> | undefined): Promise<void> {
    const flushed = this.runner.stop().then(save); // also stops the miners
    if (this.pool instanceof OwnPool) await this.pool.stop();
    await this.network.stop();
    await flushed;
    try {
      await removeCookie(this.folder);
      await this.store.close();
    } finally {
      await this.#folder.release();
    }
  }
}

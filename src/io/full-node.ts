/** A whole node of the real world: folder, store, network, miners, and the node that they serve. */

import "./polyfill.ts";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Params } from "../consensus/params.ts";
import { Node } from "../node/node.ts";
import type { Milliseconds } from "../primitives/brand.ts";
import { createRandom } from "../primitives/random.ts";
import { claimFolder, type ClaimedFolder } from "./folder.ts";
import type { Gate } from "./gate.ts";
import { openLevelStore, type LevelStore } from "./level-store.ts";
import { MinerPool } from "./miner-pool.ts";
import { newIdentity, startNetwork, type Network, type NetworkOptions } from "./network.ts";
import { NodeRunner, type Miners } from "./runner.ts";
import { createCachingVerifier, createTinyVerifier } from "./signature-verifier.ts";

export type FullNodeOptions = {
  readonly params: Params;
  /** Nobody else may use it meanwhile. */
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
  readonly pool?: MinerPool;
  /** Makes a pool of its own as soon as it mines. */
  readonly threads?: number;
  /** Hashes per second; all that the threads can do if it is missing. */
  readonly hashrate?: number;
  readonly exchangeAddresses?: boolean;
  readonly gate?: Gate;
  /** Makes its random choices repeatable. */
  readonly seed?: string;
  /** A name to leave in the coinbases it mines. */
  readonly tag?: string;
};

/** About 5 MB: more than the transactions of a few full blocks. */
const signaturesRememberedMax = 20_000;
/** How long a stop may take; whoever waits longer is killed by what supervises it. */
const stopTimeoutMs = 3_000;
const tokenSizeBytes = 32;

/**
 * Starts a node; its news can be heard from the moment this resolves.
 *
 * @throws FolderInUseError, DamagedStoreError, WrongChainError, or an Error that says what is wrong
 *   and what to do; the folder is free again then.
 */
export async function startFullNode(options: FullNodeOptions): Promise<FullNode> {
  const folder = await claimFolder(options.folder);
  let store: LevelStore | undefined;
  try {
    const identity = await folder.readOrCreate("identity", newIdentity);
    const token = await folder.readOrCreate("token", newToken);
    store = await openLevelStore(join(folder.path, "chain"));
    const parts = composeNode(options, store);
    const network = await startNetwork(networkOptions(options, identity), parts.runner);
    const full = new FullNode({
      name: options.name,
      ...parts,
      store,
      network,
      folder,
      token: new TextDecoder().decode(token).trim(),
    });
    parts.runner.start(network);
    return full;
  } catch (error) {
    await store?.close();
    await folder.release();
    throw error;
  }
}

function newToken(): Uint8Array {
  return new TextEncoder().encode(`${randomBytes(tokenSizeBytes).toString("hex")}\n`);
}

type Composed = { readonly node: Node; readonly miners: OwnMiners; readonly runner: NodeRunner };

function composeNode(options: FullNodeOptions, store: LevelStore): Composed {
  const { params, name, payTo, tag } = options;
  const node = new Node({
    params,
    store,
    verifier: createCachingVerifier(createTinyVerifier(), signaturesRememberedMax),
    random: createRandom(options.seed ?? randomBytes(16).toString("hex"), `node/${name}`),
    indexes: "kept",
    ...(payTo && { payTo }),
    ...(tag !== undefined && { tag }),
  });
  const miners = new OwnMiners(options, (solved) => runner.solved(solved));
  const runner = new NodeRunner({ node, store, pool: miners, minerName: name });
  return { node, miners, runner };
}

function networkOptions(options: FullNodeOptions, privateKey: Uint8Array): NetworkOptions {
  const { params, listen, connect, exchangeAddresses, gate } = options;
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
  };
}

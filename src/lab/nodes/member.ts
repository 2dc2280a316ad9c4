/** A node of a lab, as the lab drives it: in this process, or by messages in one of its own. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Response, Router } from "express";
import { type NetworkName, paramsOf } from "../../consensus/params.ts";
import type { EventJson } from "../../contract/node-api.ts";
import type { Measurement } from "../../contract/timeline.ts";
import { type FullNode, startFullNode } from "../../io/full-node.ts";
import type { Access } from "../../io/http/access.ts";
import { nodeRoutes } from "../../io/http/api/node-routes.ts";
import { eventJson, workHex } from "../../io/http/v1/event-json.ts";
import type { SharedPool } from "../../io/mining/own-pool.ts";
import { inOrder } from "../../mempool/entry.ts";
import { decodeBlock, encodeBlock } from "../../primitives/block.ts";
import type { BlockHash, PeerId } from "../../primitives/brand.ts";
import { bytesToHex, hexToBytes } from "../../primitives/bytes.ts";
import type { HasherName } from "../../primitives/hashing.ts";
import { encodeTransaction } from "../../primitives/transaction.ts";
import { Attacker, type AttackOrder, type AttackState } from "./attacker.ts";
import { type BlocksOrder, makeBlocks } from "./block-maker.ts";
import { identityOf } from "./keys.ts";
import { decoded } from "./trusted-data.ts";

export type MemberOptions = {
  readonly network: NetworkName;
  readonly name: string;
  readonly seed: string;
  readonly folder: string;
  /** Multiaddrs; any free port of this machine if they are missing. */
  readonly listen?: readonly string[];
  /** Of a process of its own. */
  readonly hasher?: HasherName;
  /** Of a process of its own; any free one if it is missing. */
  readonly apiPort?: number;
  /** Of a process of its own: who may ask its API beside programs and pages of this machine. */
  readonly access?: Access;
};

export type MemberStatus = {
  readonly height: number;
  readonly tip: BlockHash;
  /** From genesis to its tip: 64 hex digits. */
  readonly work: string;
  /** In the last seconds. */
  readonly hashesPerSecond: number;
  readonly peers: readonly PeerId[];
};

/** What a node measures of itself; it knows its peers by their ids only. */
export type MemberMeasurement = Omit<Measurement, "peers"> & { readonly peers: readonly PeerId[] };

/** What can be asked of a node from another process: arguments and answers are plain data. */
export interface MemberActions {
  status(): Promise<MemberStatus>;
  measure(): Promise<MemberMeasurement>;
  dial(address: string): Promise<void>;
  /** Cuts the links with these peers until they are healed. */
  cut(peers: readonly PeerId[]): Promise<void>;
  heal(peers: readonly PeerId[]): Promise<void>;
  /** Delays everything that this node sends to a peer; 0 ends that. */
  slowDown(peer: PeerId, delayMs: number): Promise<void>;
  /** @param payTo an output script as hex. */
  mine(payTo: string | null): Promise<void>;
  setHashrate(hashesPerSecond: number): Promise<void>;
  /** @param blocks as hex, parents first. */
  acceptBlocks(blocks: readonly string[]): Promise<void>;
  /** Makes blocks at once, on a network whose proof of work costs next to nothing. */
  makeBlocks(order: BlocksOrder): Promise<readonly BlockHash[]>;
  /** @returns the active blocks above a height as hex, the lowest first. */
  activeBlocks(aboveHeight: number): Promise<readonly string[]>;
  /** @returns what waits as hex, parents first. */
  waiting(): Promise<readonly string[]>;
  attack(order: AttackOrder): Promise<void>;
  /** Null if it has never attacked. */
  attackState(): Promise<AttackState | null>;
  /** Notifies an attacker that the shop has delivered. */
  noteDelivery(): Promise<void>;
  /** From now on it is honest; withheld blocks are published if that helps it. */
  endAttack(): Promise<void>;
}

/** `isSecret`: it is about a block that only an attacker knows. */
export type MemberListener = (news: EventJson, isSecret: boolean) => void;

export interface Member extends MemberActions {
  readonly name: string;
  readonly peerId: PeerId;
  /** Multiaddrs. */
  readonly listen: readonly string[];
  /** Its REST API: routes to mount, or where it is already. */
  readonly api: Router | string;
  onNews(listener: MemberListener): void;
  /** Called once, with the reason why the node has stopped. */
  onFailure(listener: (reason: string) => void): void;
  /** Ends it as a power cut does: its peers get no last message, and what is on disk stays. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

const listenAnywhere = "/ip4/127.0.0.1/tcp/0";

/**
 * Starts a node in this process. Its links are those that the lab has it dial.
 *
 * @param pool without one it cannot search for blocks.
 */
export async function startMember(
  options: MemberOptions,
  pool: SharedPool | undefined,
): Promise<LocalMember> {
  const { network, name, seed, folder } = options;
  await placeIdentity(folder, await identityOf(seed, name));
  const full = await startFullNode({
    params: paramsOf(network),
    folder,
    name,
    seed,
    listen: options.listen ?? [listenAnywhere],
    connect: [],
    ...(pool && { pool }),
    exchangeAddresses: false,
    tag: name,
  });
  return new LocalMember(full);
}

/** Where the node would store one that it made itself. */
async function placeIdentity(folder: string, identity: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, "identity"), identity, { mode: 0o600 });
}

export class LocalMember implements Member {
  readonly full: FullNode;
  /** Its addresses when it started; after a restart it listens there again. */
  readonly listen: readonly string[];
  readonly api: Router;
  /** Answers of its API that have not ended yet. */
  readonly #answers = new Set<Response>();
  #attacker: Attacker | undefined;
  #newsCount = 0;

  constructor(full: FullNode) {
    this.full = full;
    this.listen = full.network.addresses();
    this.api = Router().use((_request, response, next) => {
      this.#answers.add(response);
      response.once("close", () => this.#answers.delete(response));
      next();
    }, nodeRoutes(full));
  }

  get name(): string {
    return this.full.name;
  }

  get peerId(): PeerId {
    return this.full.network.peerId;
  }

  onNews(listener: MemberListener): void {
    this.full.runner.onNews((news, at) => {
      const json = eventJson(news, ++this.#newsCount, at);
      listener(
        json,
        news.type === "block-accepted" && this.#attacker?.isSecret(news.hash) === true,
      );
    });
  }

  onFailure(listener: (reason: string) => void): void {
    this.full.runner.onFailure(({ message }) => listener(message));
  }

  async status(): Promise<MemberStatus> {
    const { hash, height, work } = this.full.node.chain.tip;
    const { hashesPerSecond } = this.#hashing();
    return { height, tip: hash, work: workHex(work), hashesPerSecond, peers: this.#peers() };
  }

  async measure(): Promise<MemberMeasurement> {
    const { mempool, template } = this.full.node;
    const { count, virtualSizeBytes, totalFees: fees } = mempool;
    const histogram = mempool.feeHistogram();
    const nextBlock = template && {
      transactions: template.block.transactions.length - 1,
      fees: template.fees,
    };
    return {
      ...this.#hashing(),
      mempool: { count, virtualSizeBytes, fees, histogram },
      nextBlock: nextBlock ?? null,
      peers: this.#peers(),
    };
  }

  #hashing(): { readonly hashesPerSecond: number; readonly hashes: number } {
    const { pool, name } = this.full;
    const own = pool?.statistics().find(({ miner }) => miner === name);
    return { hashesPerSecond: Math.round(own?.hashesPerSecond ?? 0), hashes: own?.hashes ?? 0 };
  }

  #peers(): PeerId[] {
    return this.full.network.peers().map(({ peer }) => peer);
  }

  async dial(address: string): Promise<void> {
    await this.full.network.dial(address);
  }

  async cut(peers: readonly PeerId[]): Promise<void> {
    for (const peer of peers) this.full.network.gate.cut(peer);
  }

  async heal(peers: readonly PeerId[]): Promise<void> {
    for (const peer of peers) this.full.network.gate.heal(peer);
  }

  async slowDown(peer: PeerId, delayMs: number): Promise<void> {
    this.full.network.gate.setFault(peer, { delayMs, loss: 0 });
  }

  async mine(payTo: string | null): Promise<void> {
    const script = payTo === null ? undefined : decoded(hexToBytes(payTo));
    await this.full.runner.command({ type: "set-mining", payTo: script });
  }

  async setHashrate(hashesPerSecond: number): Promise<void> {
    this.full.pool?.setHashrate(this.name, hashesPerSecond);
  }

  async acceptBlocks(blocks: readonly string[]): Promise<void> {
    for (const hex of blocks) {
      const block = decoded(decodeBlock(decoded(hexToBytes(hex))));
      const answer = await this.full.runner.command({ type: "submit-block", block });
      if (answer.type !== "block" || answer.result.status !== "rejected") continue;
      throw new Error(`${this.name} rejects a block: ${answer.result.problem.rule}`);
    }
  }

  makeBlocks(order: BlocksOrder): Promise<readonly BlockHash[]> {
    return makeBlocks(this.full, order);
  }

  async activeBlocks(aboveHeight: number): Promise<readonly string[]> {
    const { chain } = this.full.node;
    const heights = Array.from({ length: chain.tip.height - aboveHeight }, (_, i) => {
      return aboveHeight + 1 + i;
    });
    return heights.flatMap((height) => {
      const entry = chain.entryAt(height);
      const block = entry && chain.blockOf(entry.hash);
      return block === undefined ? [] : [bytesToHex(encodeBlock(block))];
    });
  }

  async waiting(): Promise<readonly string[]> {
    const entries = inOrder(new Set(this.full.node.mempool.entries()));
    return entries.map(({ transaction }) => bytesToHex(encodeTransaction(transaction)));
  }

  async attack(order: AttackOrder): Promise<void> {
    this.#attacker = new Attacker(order, this.full.node);
    this.#wakeAttacker();
  }

  async attackState(): Promise<AttackState | null> {
    return this.#attacker?.state ?? null;
  }

  async noteDelivery(): Promise<void> {
    this.#attacker?.noteDelivery();
    this.#wakeAttacker();
  }

  async endAttack(): Promise<void> {
    this.#attacker?.end();
    this.#wakeAttacker();
  }

  /** Cuts its links before it stops, so that peers see nothing of its orderly end. */
  async crash(): Promise<void> {
    const { network } = this.full;
    for (const { peer } of network.peers()) network.gate.cut(peer);
    for (const answer of this.#answers) answer.destroy();
    await this.full.crash();
  }

  async stop(): Promise<void> {
    await this.full.stop();
  }

  #wakeAttacker(): void {
    this.full.runner.setBehaviour(this.#attacker?.behaviour);
  }
}

/** A node of a lab, as the lab drives it: in this process, or by messages in one of its own. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Router } from "express";
import type { EventJson } from "../api.ts";
import { DoubleSpend, type DoubleSpendState } from "../attacks/double-spend.ts";
import { paramsOf, type NetworkName } from "../consensus/params.ts";
import { startFullNode, type FullNode } from "../io/full-node.ts";
import { eventJson } from "../io/http/news-json.ts";
import { nodeRoutes } from "../io/http/node-routes.ts";
import type { SharedPool } from "../io/own-pool.ts";
import { decodeBlock } from "../primitives/block.ts";
import type { BlockHash, PeerId, Satoshi, Txid } from "../primitives/brand.ts";
import { hexToBytes } from "../primitives/bytes.ts";
import type { HasherName } from "../primitives/hashing.ts";
import { decodeTransaction } from "../primitives/transaction.ts";
import type { Verdict } from "../primitives/verdict.ts";
import { identityOf } from "./keys.ts";

export type MemberOptions = {
  readonly network: NetworkName;
  readonly name: string;
  readonly seed: string;
  readonly folder: string;
  /** Of a process of its own. */
  readonly hasher?: HasherName;
};

/** What an attacker is told; bytes are hex, so that it can be sent as it is. */
export type AttackOrder = {
  readonly payment: Txid;
  readonly conflict: string;
  readonly conflictFee: Satoshi;
  readonly payTo: string;
  readonly confirmations: number;
  readonly giveUpBehind: number;
};

export type MemberStatus = {
  readonly height: number;
  readonly tip: BlockHash;
  /** In the last seconds. */
  readonly hashesPerSecond: number;
  readonly peers: readonly PeerId[];
};

/** What can be asked of a node from another process: arguments and answers are plain data. */
export interface MemberActions {
  status(): Promise<MemberStatus>;
  dial(address: string): Promise<void>;
  /** Parts this node from these until it is healed. */
  cut(peers: readonly PeerId[]): Promise<void>;
  heal(): Promise<void>;
  /** Delays everything that this node sends to a peer; 0 ends that. */
  slowDown(peer: PeerId, delayMs: number): Promise<void>;
  /** @param payTo an output script as hex. */
  mine(payTo: string | null): Promise<void>;
  setHashrate(hashesPerSecond: number): Promise<void>;
  /** @param blocks as hex, parents first. */
  acceptBlocks(blocks: readonly string[]): Promise<void>;
  attack(order: AttackOrder): Promise<void>;
  /** Null if it has never attacked. */
  attackState(): Promise<DoubleSpendState | null>;
  /** From now on it is honest, whatever it holds. */
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
  /** Told once, with the reason why the node has stopped. */
  onFailure(listener: (reason: string) => void): void;
  stop(): Promise<void>;
}

const listenAnywhere = "/ip4/127.0.0.1/tcp/0";

/** Starts a node in this process. Its links are those that it is told to dial. */
export async function startMember(options: MemberOptions, pool: SharedPool): Promise<LocalMember> {
  const { network, name, seed, folder } = options;
  await placeIdentity(folder, await identityOf(seed, name));
  const full = await startFullNode({
    params: paramsOf(network),
    folder,
    name,
    seed,
    listen: [listenAnywhere],
    connect: [],
    pool,
    exchangeAddresses: false,
    tag: name,
  });
  return new LocalMember(full);
}

/** Where the node would put one that it drew by itself. */
async function placeIdentity(folder: string, identity: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, "identity"), identity, { mode: 0o600 });
}

export class LocalMember implements Member {
  readonly full: FullNode;
  readonly api: Router;
  #attack: DoubleSpend | undefined;
  #newsCount = 0;

  constructor(full: FullNode) {
    this.full = full;
    this.api = nodeRoutes(full);
  }

  get name(): string {
    return this.full.name;
  }

  get peerId(): PeerId {
    return this.full.network.peerId;
  }

  get listen(): readonly string[] {
    return this.full.network.addresses();
  }

  onNews(listener: MemberListener): void {
    this.full.runner.onNews((news, at) => {
      const json = eventJson(news, ++this.#newsCount, at);
      listener(json, news.type === "block-accepted" && this.#isSecret(news.hash));
    });
  }

  onFailure(listener: (reason: string) => void): void {
    this.full.runner.onFailure(({ message }) => listener(message));
  }

  async status(): Promise<MemberStatus> {
    const { node, network, pool, name } = this.full;
    const { hash, height } = node.chain.tip;
    const own = pool?.statistics().find(({ miner }) => miner === name);
    const peers = network.peers().map(({ peer }) => peer);
    return { height, tip: hash, hashesPerSecond: own?.hashesPerSecond ?? 0, peers };
  }

  async dial(address: string): Promise<void> {
    await this.full.network.dial(address);
  }

  async cut(peers: readonly PeerId[]): Promise<void> {
    for (const peer of peers) this.full.network.gate.cut(peer);
  }

  async heal(): Promise<void> {
    this.full.network.gate.heal();
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

  async attack(order: AttackOrder): Promise<void> {
    const { node, runner } = this.full;
    this.#attack = new DoubleSpend({
      node,
      payment: order.payment,
      conflict: decoded(decodeTransaction(decoded(hexToBytes(order.conflict)))),
      conflictFee: order.conflictFee,
      payTo: decoded(hexToBytes(order.payTo)),
      confirmations: order.confirmations,
      giveUpBehind: order.giveUpBehind,
    });
    runner.setBehaviour(this.#attack);
  }

  async attackState(): Promise<DoubleSpendState | null> {
    return this.#attack?.state ?? null;
  }

  async endAttack(): Promise<void> {
    this.full.runner.setBehaviour(undefined);
    this.#attack = undefined;
  }

  async stop(): Promise<void> {
    await this.full.stop();
  }

  #isSecret(hash: BlockHash): boolean {
    const state = this.#attack?.state;
    return state?.phase === "mining" && state.secret.includes(hash);
  }
}

/** What we made ourselves always decodes. */
function decoded<T>(verdict: Verdict<T, { readonly reason: string }>): T {
  if (!verdict.ok) throw new Error(`the lab sent something malformed: ${verdict.problem.reason}`);
  return verdict.value;
}

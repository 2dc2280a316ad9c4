/** Peers beside a chain, with short words for what peers do. */

import type { Now } from "../../src/machine/now.ts";
import { ClockComparison } from "../../src/peers/clock-comparison.ts";
import type { Request, RequestId, Response, Status } from "../../src/peers/message.ts";
import { type PeerAction, Peers } from "../../src/peers/peers.ts";
import { Sync } from "../../src/peers/sync.ts";
import { hashOfBlock } from "../../src/primitives/block.ts";
import type { BlockHash, Elapsed, Milliseconds, PeerId, Txid } from "../../src/primitives/brand.ts";
import type { Forest } from "../chain/forest.ts";
import { now, Scene } from "../chain/scene.ts";

type Asked = PeerAction & { readonly type: "request" };

export class PeersScene {
  readonly forest: Forest;
  readonly home: Scene;
  readonly peers = new Peers();
  readonly sync: Sync;
  /** What waits here. */
  waiting: { readonly txid: Txid }[] = [];
  wall = now;
  elapsed = 0 as Elapsed;
  /** Requests that were not answered. */
  #open: Asked[] = [];

  /** @param names the blocks that our chain has. */
  constructor(forest: Forest, ...names: string[]) {
    this.forest = forest;
    this.home = new Scene(forest, ...names);
    const [{ chain }, { peers }] = [this.home, this];
    const clocks = new ClockComparison(peers, forest.params);
    this.sync = new Sync({ chain, peers, clocks, waiting: () => this.waiting, announcer: 7 });
  }

  get now(): Now {
    return { wall: this.wall, elapsed: this.elapsed };
  }

  /** Lets peers join; what they are asked first is told by `does`. */
  joins(...names: string[]): this {
    for (const name of names) this.sync.greet(peer(name), this.now);
    return this;
  }

  /** A peer joins and claims that this block is its tip. */
  joinsAt(name: string, tip: string, claim: Partial<Status> = {}): this {
    this.joins(name).does();
    return this.answers(name, { type: "status", status: this.claims(tip, claim) });
  }

  /** What an honest node at this block says. */
  claims(tip: string, claim: Partial<Status> = {}): Status {
    const { params } = this.forest;
    const hash = this.forest.hash(tip);
    const height = this.forest.heightOf(tip);
    // Every block of the practice network is worth two hashes.
    return {
      genesis: params.genesisHash,
      tip: hash,
      height,
      work: 2n * BigInt(height + 1),
      ...claim,
    };
  }

  /** What is done now, one line an action. */
  does(): string[] {
    this.sync.schedule(this.elapsed);
    return this.peers.takeActions().map((action) => {
      if (action.type === "disconnect") {
        return `${action.peer} ${action.banMs > 0 ? "banned" : "dropped"}: ${action.reason}`;
      }
      this.#open.push(action);
      return `${action.to} ${this.#describe(action.request)}`;
    });
  }

  passes(ms: number): this {
    this.wall = (this.wall + ms) as Milliseconds;
    this.elapsed = (this.elapsed + ms) as Elapsed;
    return this;
  }

  /** A peer answers its oldest open request of the fitting kind. */
  answers(name: string, response: Response): this {
    this.receives(name, response);
    return this;
  }

  /** The same; returns the blocks that the chain must judge. */
  receives(name: string, response: Response): string[] {
    const { id } = this.#take(name, questionOf(response));
    const blocks = this.sync.receive(peer(name), id, response, this.now);
    return blocks.map((block) => this.forest.nameOf(hashOfBlock(block)));
  }

  /** A peer sends these blocks, and our chain takes them. */
  sendsBlocks(name: string, ...blocks: string[]): this {
    this.receives(name, { type: "blocks", blocks: this.forest.blocks(...blocks) });
    this.home.receives(...blocks);
    return this;
  }

  sendsHeaders(name: string, ...blocks: string[]): this {
    return this.answers(name, { type: "headers", headers: this.forest.headers(...blocks) });
  }

  fails(name: string, type: Request["type"]): this {
    this.sync.failed(peer(name), this.#take(name, type).id, this.elapsed);
    return this;
  }

  /** The oldest open request of this kind to a peer; it counts as answered from now on. */
  takeId(name: string, type: Request["type"]): RequestId {
    return this.#take(name, type).id;
  }

  penaltyOf(name: string): number | undefined {
    return this.peers.list(this.elapsed).find((each) => each.peer === name)?.penalty;
  }

  #take(name: string, type: Request["type"]): Asked {
    const at = this.#open.findIndex(({ to, request }) => to === name && request.type === type);
    const [asked] = at < 0 ? [] : this.#open.splice(at, 1);
    if (asked === undefined) throw new Error(`${name} was not asked ${type}`);
    return asked;
  }

  #describe(request: Request): string {
    const names = (hashes: readonly BlockHash[]) => {
      return hashes.map((hash) => this.forest.nameOf(hash)).join(" ");
    };
    switch (request.type) {
      case "get-headers":
        return `get-headers after ${names(request.locator.slice(0, 1))}`;
      case "get-blocks":
        return `get-blocks ${names(request.hashes)}`;
      case "get-mempool":
        return `get-mempool${request.known.length === 0 ? "" : ` except ${request.known.length}`}`;
      case "get-status":
        return request.type;
    }
  }
}

export function peer(name: string): PeerId {
  return name as PeerId;
}

function questionOf(response: Response): Request["type"] {
  switch (response.type) {
    case "status":
      return "get-status";
    case "headers":
      return "get-headers";
    case "blocks":
      return "get-blocks";
    case "transactions":
      return "get-mempool";
  }
}

/** One node, with short words for what happens to it and what it wants done. */

import { expect } from "vitest";
import { checkProofOfWork } from "../../src/consensus/header.ts";
import type { Params } from "../../src/consensus/params.ts";
import { lookupIndex } from "../../src/indexes/lookup-index.ts";
import type { BlockTemplate } from "../../src/mempool/template.ts";
import type { Answer, Effect, GossipVerdict } from "../../src/node/effect.ts";
import type { Command, CommandId, NodeEvent } from "../../src/node/event.ts";
import type { News } from "../../src/node/news.ts";
import { Node } from "../../src/node/node.ts";
import { type NodeOptions } from "../../src/node/options.ts";
import type { Gossip } from "../../src/peers/message.ts";
import type { Block } from "../../src/primitives/block.ts";
import type { Elapsed, Milliseconds, PeerId } from "../../src/primitives/brand.ts";
import { createRandom } from "../../src/primitives/random.ts";
import { MemoryStore } from "../../src/sim/engine/memory-store.ts";
import { trustingVerifier } from "../builders.ts";
import type { Forest } from "../chain/forest.ts";
import { now } from "../chain/scene.ts";

export type EffectOf<T extends Effect["type"]> = Effect & { readonly type: T };
export type NewsOf<T extends News["type"]> = News & { readonly type: T };

/** Who relays what a scene hears. */
export const relayer = "relayer" as PeerId;

export class NodeScene {
  readonly forest: Forest;
  readonly store: MemoryStore;
  readonly node: Node;
  /** What its wall clock shows. */
  now: Milliseconds = now;
  elapsed = 0 as Elapsed;
  /** Of the last event. */
  effects: readonly Effect[] = [];
  /** What the miners have. */
  template: BlockTemplate | undefined;
  #commands = 0;

  constructor(forest: Forest, options: Partial<NodeOptions> = {}, store = new MemoryStore()) {
    this.forest = forest;
    this.store = store;
    this.node = new Node({
      params: forest.params,
      store,
      verifier: trustingVerifier,
      random: createRandom(1),
      companions: [lookupIndex],
      ...options,
    });
    this.handles({ type: "woken" });
  }

  /** Makes durable what must be, and checks that nobody hears of it before. */
  handles(event: NodeEvent): this {
    this.effects = this.node.handle(event, { wall: this.now, elapsed: this.elapsed });
    const lastPersist = this.effects.findLastIndex(({ type }) => type === "persist");
    const firstOutside = this.effects.findIndex(({ type }) => isHeardOutside(type));
    if (firstOutside >= 0) expect(firstOutside).toBeGreaterThan(lastPersist);
    for (const { template } of this.all("mine")) this.template = template;
    expect(this.node.template).toBe(this.template);
    for (const { batch } of this.all("persist")) this.store.persist(batch);
    expect(this.store.waitingCount).toBe(0);
    for (const { at } of this.all("wake")) expect(at).toBeGreaterThan(this.elapsed);
    return this;
  }

  passes(ms: number): this {
    this.setsClock(ms);
    this.elapsed = (this.elapsed + ms) as Elapsed;
    return this.handles({ type: "woken" });
  }

  /** Sets its wall clock forward, or back if negative; no time passes. */
  setsClock(byMs: number): this {
    this.now = (this.now + byMs) as Milliseconds;
    return this;
  }

  joins(...names: string[]): this {
    for (const name of names) this.handles({ type: "peer-joined", peer: name as PeerId });
    return this;
  }

  hears(message: Gossip): GossipVerdict {
    this.handles({ type: "gossip", from: relayer, message });
    const verdicts = this.all("judge-gossip");
    expect(verdicts).toHaveLength(1);
    return verdicts[0]!.verdict;
  }

  /** Blocks that are gossiped one after the other. */
  receives(...names: string[]): this {
    for (const block of this.forest.blocks(...names)) this.hears({ type: "block", block });
    return this;
  }

  obeys(command: Command): Answer {
    const id = ++this.#commands as CommandId;
    this.handles({ type: "command", id, command });
    const answers = this.all("answer");
    expect(answers).toHaveLength(1);
    expect(answers[0]!.id).toBe(id);
    return answers[0]!.answer;
  }

  keepsTip(name: string): this {
    expect(this.tip).toBe(name);
    expect(this.effects.some((effect) => isMove(effect))).toBe(false);
    return this;
  }

  movesTip(way: { readonly back: readonly string[]; readonly forth: readonly string[] }): this {
    const [news] = this.news("reorganised");
    const named = (hashes: readonly NewsOf<"reorganised">["tip"][] = []) => {
      return hashes.map((hash) => this.forest.nameOf(hash));
    };
    expect({ back: named(news?.back), forth: named(news?.forth) }).toEqual(way);
    expect(this.tip).toBe(way.forth.at(-1));
    return this;
  }

  hasWaiting(...payments: string[]): this {
    const waiting = Array.from(this.node.mempool.entries(), ({ txid }) => txid);
    expect(waiting.sort()).toEqual(payments.map((name) => this.forest.txid(name)).sort());
    return this;
  }

  get tip(): string {
    return this.forest.nameOf(this.node.chain.tip.hash);
  }

  /** The effects of one kind. */
  all<T extends Effect["type"]>(type: T): EffectOf<T>[] {
    return this.effects.filter((effect): effect is EffectOf<T> => effect.type === type);
  }

  /** The news of one kind. */
  news<T extends News["type"]>(type: T): NewsOf<T>[] {
    return this.all("news")
      .map(({ news }) => news)
      .filter((news): news is NewsOf<T> => news.type === type);
  }
}

/** A node that has heard of these blocks. */
export function nodeWith(forest: Forest, ...names: string[]): NodeScene {
  return new NodeScene(forest).joins(relayer).receives(...names);
}

function isHeardOutside(type: Effect["type"]): boolean {
  return ["answer", "gossip", "judge-gossip", "respond", "request"].includes(type);
}

function isMove(effect: Effect): boolean {
  if (effect.type !== "news") return false;
  return effect.news.type === "reorganised" || effect.news.type === "tip-extended";
}

/** The block with the first nonce that proves its work. */
export function solve({ header, transactions }: Block, params: Params): Block {
  let nonce = 0;
  while (!checkProofOfWork({ ...header, nonce }, params).ok) nonce += 1;
  return { header: { ...header, nonce }, transactions };
}

/** Runs a node in the real world: hands it events one by one and carries out their effects. */

import type { Filter } from "../machine/filter.ts";
import type { Machine, Persist } from "../machine/machine.ts";
import type { BlockTemplate, TemplateId } from "../mempool/template.ts";
import type { Answer, Effect, GossipVerdict } from "../node/effect.ts";
import type { Command, CommandId, NodeEvent } from "../node/event.ts";
import type { News } from "../node/news.ts";
import type { Node } from "../node/node.ts";
import { limits } from "../peers/limits.ts";
import {
  encodeMessage,
  type Gossip,
  type Request,
  type RequestId,
  type Response,
} from "../peers/message.ts";
import type { Block } from "../primitives/block.ts";
import type { Milliseconds, PeerId } from "../primitives/brand.ts";
import { messageOf } from "../primitives/error-message.ts";
import { decodeHeader, encodeHeader } from "../primitives/header.ts";
import { targetBytes } from "../primitives/target.ts";
import { unreachable } from "../primitives/verdict.ts";
import type { LevelStore } from "./disk/level-store.ts";
import { EffectLine } from "./effect-line.ts";
import { GossipCounts } from "./gossip-counts.ts";
import type { SolvedHeader } from "./mining/miner-pool.ts";
import type { SharedPool } from "./mining/own-pool.ts";
import type { GossipTopic, Network, NetworkHandler } from "./p2p/network.ts";
import { decodeGossip, decodeRequest, decodeResponse, topicOf } from "./p2p/wire.ts";
import { AlarmClock } from "./platform/alarm-clock.ts";
import { SettableClock } from "./platform/settable-clock.ts";

export type RunnerOptions<M extends NodeMachine = Node> = {
  readonly node: M;
  readonly store: Pick<LevelStore, "persist">;
  /** Without one, templates go nowhere. */
  readonly pool?: Pick<SharedPool, "work" | "rest">;
  /** What the pool calls this node; unique in its pool. */
  readonly minerName?: string;
};

/** A node, or a twin of one. */
type NodeMachine = Machine<NodeEvent, Effect>;

export type NewsListener = (news: News, at: Milliseconds) => void;

/** While so many effects wait for the disk, no event is handled: the events wait, too. */
export const effectsMax = 10_000;
/** While so many events wait, requests are refused and gossip is ignored. */
export const eventsMax = 5_000;
/** Commands under way; more are refused. */
export const commandsMax = 1_000;
/** A solution for a template older than this many comes too late. */
const templatesMax = 8;

/** The part of a network that effects need. */
type Wires = Pick<Network, "gate" | "request" | "publish" | "disconnect">;
type Judge = (verdict: GossipVerdict) => void;
type Arrival = { readonly event: NodeEvent; readonly judge?: Judge | undefined };
/** `at` is when the event behind the effect was handled. */
type Departure = {
  readonly effect: Effect;
  readonly at: Milliseconds;
  readonly judge: Judge | undefined;
};

/**
 * Each event is handled in a turn of its own, so that disk and network get theirs between two.
 */
export class NodeRunner<M extends NodeMachine = Node> implements NetworkHandler {
  readonly node: M;
  /** The time by which the node acts. */
  readonly clock = new SettableClock();
  readonly gossipCounts = new GossipCounts();
  readonly #options: RunnerOptions<M>;
  readonly #inbox: Arrival[] = [];
  readonly #line: EffectLine<Effect, Departure>;
  readonly #alarm = new AlarmClock(() => this.#receive({ type: "woken" }));
  readonly #commands = new Map<CommandId, PromiseWithResolvers<Answer>>();
  /** Requests of peers that wait for our response. */
  readonly #asked = new Map<RequestId, PromiseWithResolvers<Uint8Array>>();
  /** The newest last. */
  readonly #templates = new Map<TemplateId, Block>();
  readonly #newsListeners = new Set<NewsListener>();
  readonly #failureListeners = new Set<(error: Error) => void>();
  readonly #drained: PromiseWithResolvers<void> = Promise.withResolvers();
  #network: Wires | undefined;
  #behaviour: Filter<M, Effect> | undefined;
  #lastId = 0;
  #hasTurn = false;
  #isClosed = false;
  #failure: Error | undefined;

  constructor(options: RunnerOptions<M>) {
    this.node = options.node;
    this.#options = options;
    this.#line = new EffectLine({
      persist: (batch) => options.store.persist(batch),
      execute: ({ at, judge }, effect) => this.#execute(effect, at, judge),
      onFailure: (effect, cause) => this.#fail(faultOf(effect), cause),
      onMoved: () => this.#goOn(),
    });
  }

  /** Begins with `woken`; the network's handler must be this runner. */
  start(network: Wires): void {
    this.#network = network;
    this.#inbox.unshift({ event: { type: "woken" } });
    this.#takeTurn();
  }

  /**
   * Asks the node to do something, and waits until that is on disk.
   *
   * @throws Error if the node stops first, or is too busy.
   */
  async command(command: Command): Promise<Answer> {
    if (this.#isClosed) throw this.#failure ?? new Error("the node is stopping");
    if (this.#commands.size >= commandsMax) throw new Error("the node is busy; try again later");
    const id = ++this.#lastId as CommandId;
    const answered = Promise.withResolvers<Answer>();
    this.#commands.set(id, answered);
    this.#receive({ type: "command", id, command });
    return answered.promise;
  }

  /** Returns what ends the subscription. */
  onNews(listener: NewsListener): () => void {
    this.#newsListeners.add(listener);
    return () => this.#newsListeners.delete(listener);
  }

  /** Reports the one failure that stops the node, also if it has happened already. */
  onFailure(listener: (error: Error) => void): void {
    this.#failureListeners.add(listener);
    if (this.#failure) listener(this.#failure);
  }

  /** From now on effects pass through this filter; undefined makes the node honest again. */
  setBehaviour(behaviour: Filter<M, Effect> | undefined): void {
    this.#behaviour = behaviour;
    this.#receive({ type: "woken" });
  }

  /** Handles no event any more; resolves when what was decided before has been carried out. */
  async stop(): Promise<void> {
    this.#close();
    if (this.#line.isIdle) this.#drained.resolve();
    await this.#drained.promise;
    this.#abandon(new Error("the node is stopping"));
  }

  // --- What comes in -------------------------------------------------------------------------

  /** A pool found the proof for one of our templates. */
  solved(solved: SolvedHeader): void {
    const template = this.#templates.get(solved.template as TemplateId);
    const header = decodeHeader(solved.header);
    if (template === undefined || !header.ok) return;
    const block = { header: header.value, transactions: template.transactions };
    this.#receive({ type: "block-solved", block });
  }

  peerJoined(peer: PeerId): void {
    this.#receive({ type: "peer-joined", peer });
  }

  peerLeft(peer: PeerId): void {
    this.#receive({ type: "peer-left", peer });
  }

  async request(from: PeerId, bytes: Uint8Array): Promise<Uint8Array> {
    if (!this.#hasRoom) throw new Error("the node is busy");
    const request = decodeRequest(bytes);
    if (request === undefined) {
      this.#receive({ type: "malformed", from });
      throw new Error("this is no request");
    }
    const id = ++this.#lastId as RequestId;
    const answered = Promise.withResolvers<Uint8Array>();
    this.#asked.set(id, answered);
    this.#receive({ type: "request", from, id, request });
    return answered.promise;
  }

  async gossip(from: PeerId, topic: GossipTopic, bytes: Uint8Array): Promise<GossipVerdict> {
    const verdict = await this.#judge(from, topic, bytes);
    this.gossipCounts.addReceived(topic, verdict, bytes.length);
    return verdict;
  }

  async #judge(from: PeerId, topic: GossipTopic, bytes: Uint8Array): Promise<GossipVerdict> {
    if (!this.#hasRoom) return "ignore";
    const message = decodeGossip(bytes, topic);
    if (message === undefined) {
      this.#receive({ type: "malformed", from });
      return "reject";
    }
    const judged = Promise.withResolvers<GossipVerdict>();
    this.#receive({ type: "gossip", from, message }, judged.resolve);
    return judged.promise;
  }

  get #hasRoom(): boolean {
    return !this.#isClosed && this.#inbox.length < eventsMax;
  }

  #receive(event: NodeEvent, judge?: Judge): void {
    if (this.#isClosed) return;
    this.#inbox.push({ event, judge });
    this.#takeTurn();
  }

  /** One event a turn; none before `start`, and none while the disk is too far behind. */
  #takeTurn(): void {
    const canHandle = this.#network !== undefined && this.#line.length < effectsMax;
    if (this.#hasTurn || this.#isClosed || !canHandle || this.#inbox.length === 0) return;
    this.#hasTurn = true;
    setImmediate(() => {
      this.#hasTurn = false;
      const arrival = this.#isClosed ? undefined : this.#inbox.shift();
      if (arrival) this.#handle(arrival);
      this.#takeTurn();
    });
  }

  #handle({ event, judge }: Arrival): void {
    const now = this.clock.read();
    let effects: readonly Effect[];
    try {
      effects = this.node.handle(event, now);
      if (this.#behaviour) effects = this.#behaviour.filter(effects, this.node, now);
    } catch (error) {
      judge?.("ignore");
      this.#fail(`could not handle ${event.type}`, error);
      return;
    }
    this.#releaseUnanswered(event, effects, judge);
    this.#line.add(effects.map((effect) => ({ effect, at: now.wall, judge })));
  }

  /** A behaviour may drop the answer: the caller must not wait for ever. */
  #releaseUnanswered(event: NodeEvent, effects: readonly Effect[], judge?: Judge): void {
    if (event.type === "gossip" && !effects.some(({ type }) => type === "judge-gossip")) {
      judge?.("ignore");
    }
    if (event.type !== "request") return;
    const { id } = event;
    if (effects.some((effect) => effect.type === "respond" && effect.id === id)) return;
    this.#asked.get(id)?.reject(new Error("the node does not answer"));
    this.#asked.delete(id);
  }

  // --- What goes out -------------------------------------------------------------------------

  #goOn(): void {
    if (this.#isClosed && this.#line.isIdle) this.#drained.resolve();
    this.#takeTurn();
  }

  #execute(effect: Exclude<Effect, Persist>, at: Milliseconds, judge: Judge | undefined): void {
    switch (effect.type) {
      case "respond":
        this.#asked.get(effect.id)?.resolve(encodeMessage(effect.response));
        this.#asked.delete(effect.id);
        return;
      case "request":
        void this.#request(effect.to, effect.id, effect.request);
        return;
      case "gossip":
        void this.#publish(effect.message);
        return;
      case "judge-gossip":
        judge?.(effect.verdict);
        return;
      case "disconnect":
        if (effect.banMs > 0) this.#network?.gate.ban(effect.peer, effect.banMs);
        void this.#network?.disconnect(effect.peer);
        return;
      case "mine":
        this.#mine(effect.template);
        return;
      case "wake":
        if (!this.#isClosed) this.#alarm.set(effect.at);
        return;
      case "answer":
        this.#commands.get(effect.id)?.resolve(effect.answer);
        this.#commands.delete(effect.id);
        return;
      case "news":
        for (const listener of this.#newsListeners) listener(effect.news, at);
        return;
      default:
        unreachable(effect);
    }
  }

  async #request(to: PeerId, id: RequestId, request: Request): Promise<void> {
    const response = await this.#ask(to, request);
    if (response === undefined) this.#receive({ type: "request-failed", from: to, id });
    else this.#receive({ type: "response", from: to, id, response });
  }

  /** The node has a shorter time-out of its own; this bound only frees what the request holds. */
  async #ask(to: PeerId, request: Request): Promise<Response | undefined> {
    const bytes = encodeMessage(request);
    try {
      const answer = await this.#network?.request(to, bytes, limits.responseTimeoutMaxMs);
      return answer && decodeResponse(answer, request);
    } catch {
      return undefined; // the peer left, refused or was late: the node only wants to know that
    }
  }

  async #publish(message: Gossip): Promise<void> {
    const [topic, bytes] = [topicOf(message), encodeMessage(message)];
    try {
      await this.#network?.publish(topic, bytes);
      this.gossipCounts.addPublished(topic, bytes.length);
    } catch (error) {
      // Peers also learn of our tip by its status; but one that is too large never gets through.
      if (error instanceof RangeError) this.#fail("could not gossip", error);
    }
  }

  #mine(template: BlockTemplate | undefined): void {
    const { pool, minerName: miner = "miner" } = this.#options;
    if (template === undefined || this.#isClosed) {
      pool?.rest(miner);
      return;
    }
    const { id, block, target, timeMaxSeconds } = template;
    this.#templates.set(id, block);
    for (const oldest of this.#templates.keys()) {
      if (this.#templates.size <= templatesMax) break;
      this.#templates.delete(oldest);
    }
    const header = encodeHeader(block.header);
    const job = {
      miner,
      template: id,
      header,
      target: targetBytes(target),
      timeMaxSeconds,
    };
    pool?.work(job);
  }

  // --- The end -------------------------------------------------------------------------------

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#alarm.stop();
    this.#mine(undefined);
    for (const { judge } of this.#inbox.splice(0)) judge?.("ignore");
  }

  /** Ends every wait for an event that will not come. */
  #abandon(reason: Error): void {
    for (const { judge } of this.#line.drop()) judge?.("ignore");
    for (const { reject } of [...this.#commands.values(), ...this.#asked.values()]) reject(reason);
    this.#commands.clear();
    this.#asked.clear();
  }

  /** Nothing that stands behind the failure is carried out. */
  #fail(fault: string, cause: unknown): void {
    if (this.#failure) return;
    this.#failure = new Error(`the node ${fault}: ${messageOf(cause)}`, { cause });
    this.#close();
    this.#abandon(this.#failure);
    this.#drained.resolve();
    for (const listener of this.#failureListeners) listener(this.#failure);
  }
}

function faultOf(effect: string): string {
  return effect === "persist"
    ? "could not write its chain to the disk"
    : `could not carry out ${effect}`;
}

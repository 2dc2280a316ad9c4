/** One node in the simulated world: carries out its effects, crashes, and starts again. */

import { Behaving, type Behaviour } from "../../attacks/behaviour.ts";
import type { Answer, Effect } from "../../node/effect.ts";
import type { Command, CommandId, NodeEvent } from "../../node/event.ts";
import type { News } from "../../node/news.ts";
import type { Node } from "../../node/node.ts";
import type { Milliseconds, PeerId } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Alarm, Clock } from "../engine/clock.ts";
import { DamagedRecordError, type MemoryStore } from "../engine/memory-store.ts";
import { Miner } from "./miner.ts";
import type { Frame, Network } from "./network.ts";

export type HostOptions = {
  readonly name: PeerId;
  readonly clock: Clock;
  readonly network: Network;
  readonly random: Random;
  readonly store: MemoryStore;
  /** Hashes a second. */
  readonly hashrate: number;
  /** Makes the node from what the store holds. @param life which of its lives begins, from 1. */
  readonly createNode: (store: MemoryStore, life: number) => Node;
  readonly onNews: (news: News) => void;
  /** Called when the node has handled an event and nothing of what follows is carried out yet. */
  readonly afterStep: () => void;
  /** Called before an effect is carried out. */
  readonly beforeEffect: (effect: Effect) => void;
};

type Pending = { readonly effect: Effect; readonly frame: Frame | undefined };

/** A write takes from one to this many milliseconds. */
const persistMsMax = 5;

export class Host {
  readonly name: PeerId;
  readonly store: MemoryStore;
  readonly #options: HostOptions;
  readonly #miner: Miner;
  readonly #answers = new Map<CommandId, Answer>();
  #machine: Behaving | undefined;
  #lives = 0;
  /** What is to be done, in order; it waits while something is written. */
  #pending: Pending[] = [];
  #isWriting = false;
  #wake: Alarm | undefined;
  #commands = 0;
  /** How much this node's clock is ahead of the world's. */
  #skewMs = 0;

  constructor(options: HostOptions) {
    const { name, store, clock, random, hashrate } = options;
    this.name = name;
    this.store = store;
    this.#options = options;
    this.#miner = new Miner({
      clock,
      now: () => this.now,
      random: random.fork("mining"),
      hashrate,
      onSolved: (block) => this.#receive({ type: "block-solved", block }),
    });
  }

  get isRunning(): boolean {
    return this.#machine !== undefined;
  }

  get isHonest(): boolean {
    return this.#machine?.behaviour === undefined;
  }

  /** What this node's clock shows. */
  get now(): Milliseconds {
    return (this.#options.clock.now + this.#skewMs) as Milliseconds;
  }

  /** True if nothing waits to be carried out. */
  get isQuiet(): boolean {
    return this.#pending.length === 0 && !this.#isWriting;
  }

  /** @throws Error if it is not running. */
  get node(): Node {
    return this.#running.node;
  }

  get #running(): Behaving {
    if (this.#machine === undefined) throw new Error(`${this.name} is not running`);
    return this.#machine;
  }

  /** Starts from what its store holds; with a damaged one, anew from genesis. */
  start(): void {
    if (this.#machine !== undefined) throw new Error(`${this.name} is running already`);
    if (this.store.isDamaged) this.store.wipe();
    const { network, createNode } = this.#options;
    this.#machine = new Behaving(createNode(this.store, ++this.#lives));
    network.attach(this.name, (event, frame) => this.#receive(event, frame));
    this.#receive({ type: "woken" });
  }

  /** Ends at once: what was not written, and what was still to be done, is lost. */
  crash(): void {
    this.#machine = undefined;
    this.#pending = [];
    this.#isWriting = false;
    if (this.#wake) this.#options.clock.cancel(this.#wake);
    this.#wake = undefined;
    this.#miner.mine(undefined);
    this.store.crash();
    this.#options.network.detach(this.name);
  }

  /** Lets the node behave otherwise from now on, or honestly. */
  setBehaviour(behaviour: Behaviour | undefined): void {
    this.#running.behaviour = behaviour;
    this.#receive({ type: "woken" });
  }

  /** Sets its clock so much ahead of the world's, or behind it if negative. */
  skew(skewMs: number): void {
    this.#skewMs = skewMs;
    if (this.isRunning) this.#receive({ type: "woken" });
  }

  command(command: Command): CommandId {
    const id = ++this.#commands as CommandId;
    this.#receive({ type: "command", id, command });
    return id;
  }

  /** The answer to a command, once it has come; it is handed out once. */
  takeAnswer(id: CommandId): Answer | undefined {
    const answer = this.#answers.get(id);
    this.#answers.delete(id);
    return answer;
  }

  #receive(event: NodeEvent, frame?: Frame): void {
    const effects = this.#handle(event);
    if (effects === undefined) return;
    for (const effect of effects) this.#pending.push({ effect, frame });
    this.#options.afterStep();
    this.#carryOutPending();
  }

  /** Undefined if it met a damaged record: then it stops, and believes nothing. */
  #handle(event: NodeEvent): readonly Effect[] | undefined {
    try {
      return this.#running.handle(event, this.now);
    } catch (error) {
      if (!(error instanceof DamagedRecordError)) throw error;
      this.crash();
      return undefined;
    }
  }

  #carryOutPending(): void {
    while (!this.#isWriting) {
      const next = this.#pending.shift();
      if (next === undefined) return;
      this.#carryOut(next);
    }
  }

  #carryOut({ effect, frame }: Pending): void {
    const { network, onNews } = this.#options;
    this.#options.beforeEffect(effect);
    switch (effect.type) {
      case "persist":
        this.#write(effect);
        return;
      case "respond":
        network.respond(this.name, effect.to, effect.id, effect.response);
        return;
      case "request":
        network.request(this.name, effect.to, effect.id, effect.request);
        return;
      case "gossip":
        network.gossip(this.name, effect.message);
        return;
      case "judge-gossip":
        if (frame === undefined) throw new Error("a verdict without gossip");
        network.judge(this.name, frame, effect.verdict);
        return;
      case "disconnect":
        network.disconnect(this.name, effect.peer, effect.banMs);
        return;
      case "mine":
        this.#miner.mine(effect.template);
        return;
      case "wake":
        this.#wakeAt(effect.at);
        return;
      case "answer":
        this.#answers.set(effect.id, effect.answer);
        return;
      case "news":
        onNews(effect.news);
        return;
      default:
        unreachable(effect);
    }
  }

  #write({ batch }: Effect & { readonly type: "persist" }): void {
    const { clock, random } = this.#options;
    const life = this.#lives;
    this.#isWriting = true;
    clock.after(1 + random.nextBelow(persistMsMax), () => {
      if (life !== this.#lives || !this.isRunning) return;
      this.store.persist(batch);
      this.#isWriting = false;
      this.#carryOutPending();
    });
  }

  #wakeAt(at: Milliseconds): void {
    const { clock } = this.#options;
    if (this.#wake) clock.cancel(this.#wake);
    this.#wake = clock.after(at - this.now, () => {
      this.#wake = undefined;
      // Its clock may have been set back since: it is never woken too early.
      if (this.now < at) this.#wakeAt(at);
      else this.#receive({ type: "woken" });
    });
  }
}

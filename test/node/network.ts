/** Nodes joined in memory: the effects of one are events of another, in order, until all is quiet. */

import type { Effect } from "../../src/node/effect.ts";
import type { Command, CommandId, NodeEvent } from "../../src/node/event.ts";
import type { NodeOptions } from "../../src/node/node.ts";
import { decodeMessage, encodeMessage, type Message } from "../../src/peers/message.ts";
import type { Milliseconds, PeerId } from "../../src/primitives/brand.ts";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import { createRandom } from "../../src/primitives/random.ts";
import { MemoryStore, type Records } from "../../src/sim/engine/memory-store.ts";
import type { Forest } from "../chain/forest.ts";
import { now } from "../chain/scene.ts";
import { NodeScene, solve } from "./scene.ts";

/** Far more than any test needs: a network that never gets quiet has a bug. */
const stepsMax = 100_000;

export class TestNetwork {
  readonly #forest: Forest;
  readonly #members = new Map<string, Member>();
  /** Both directions of every open link: `from to`. */
  readonly #links = new Set<string>();
  #queue: (() => void)[] = [];
  now: Milliseconds = now;
  /** Every message that crossed a link: `from to type`. */
  readonly log: string[] = [];

  constructor(forest: Forest) {
    this.#forest = forest;
  }

  /** @param records what is on its disk. */
  add(name: string, options: Partial<NodeOptions> = {}, records?: Records): Member {
    const random = createRandom(name);
    const store = new MemoryStore(records);
    const scene = new NodeScene(this.#forest, { random, ...options }, store);
    const member = new Member(this, name, scene);
    this.#members.set(name, member);
    return member;
  }

  /** Links two nodes, and lets them talk. */
  connect(a: string, b: string): this {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      this.#links.add(`${from} ${to}`);
      this.at(from).handle({ type: "peer-joined", peer: to as PeerId });
    }
    return this.settles();
  }

  cut(a: string, b: string): this {
    this.unlink(a, b);
    return this.settles();
  }

  /** Cuts without waiting for what follows. */
  unlink(a: string, b: string): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      if (!this.#links.delete(`${from} ${to}`)) continue;
      this.at(from).handle({ type: "peer-left", peer: to as PeerId });
    }
  }

  /** Delivers messages until there are none; no time passes. */
  settles(): this {
    for (let step = 0; this.#queue.length > 0; step++) {
      if (step > stepsMax) throw new Error("the network does not get quiet");
      const [first, ...rest] = this.#queue;
      this.#queue = rest;
      first!();
    }
    return this;
  }

  /** Lets time pass from one wish to be woken to the next. */
  passes(ms: number): this {
    const end = this.now + ms;
    for (;;) {
      this.settles();
      const next = [...this.#members.values()].reduce((a, b) => (b.wakeAt < a.wakeAt ? b : a));
      if (next.wakeAt > end) break;
      this.now = Math.max(next.wakeAt, this.now) as Milliseconds;
      next.wakes();
    }
    this.now = end as Milliseconds;
    return this;
  }

  neighboursOf(name: string): string[] {
    return [...this.#members.keys()].filter((other) => this.#links.has(`${name} ${other}`));
  }

  /** Sends bytes and lets them be read at the other end; `lost` happens if there is no link. */
  send(
    from: string,
    to: string,
    message: Message,
    arrive: (message: Message) => void,
    lost?: () => void,
  ) {
    const bytes = encodeMessage(message);
    this.#queue.push(() => {
      if (!this.#links.has(`${from} ${to}`)) return lost?.();
      const decoded = decodeMessage(bytes);
      if (!decoded.ok) throw new Error(decoded.problem.reason);
      this.log.push(`${from} ${to} ${message.type}`);
      arrive(decoded.value);
    });
  }

  at(name: string): Member {
    const member = this.#members.get(name);
    if (member === undefined) throw new Error(`there is no node ${name}`);
    return member;
  }
}

export class Member {
  readonly scene: NodeScene;
  readonly #network: TestNetwork;
  readonly #name: string;
  /** Gossip it has seen, as hex. */
  readonly #seen = new Set<string>();
  wakeAt = Infinity;
  #commands = 0;

  constructor(network: TestNetwork, name: string, scene: NodeScene) {
    this.#network = network;
    this.#name = name;
    this.scene = scene;
    this.#carryOut(scene.effects);
  }

  get tip(): string {
    return this.scene.node.chain.tip.hash;
  }

  get height(): number {
    return this.scene.node.chain.tip.height;
  }

  handle(event: NodeEvent): readonly Effect[] {
    this.scene.now = this.#network.now;
    this.scene.handles(event);
    const { effects } = this.scene;
    this.#carryOut(effects);
    return effects;
  }

  wakes(): void {
    this.wakeAt = Infinity;
    this.handle({ type: "woken" });
  }

  obeys(command: Command): this {
    this.handle({ type: "command", id: ++this.#commands as CommandId, command });
    this.#network.settles();
    return this;
  }

  /** Finds and tells as many blocks, a second apart. */
  mines(count: number): this {
    for (let mined = 0; mined < count; mined++) {
      const { template } = this.scene;
      if (template === undefined) throw new Error(`${this.#name} does not mine`);
      this.handle({ type: "block-solved", block: solve(template.block, this.scene.node.params) });
      this.#network.passes(1000);
    }
    return this;
  }

  #carryOut(effects: readonly Effect[]): void {
    for (const effect of effects) this.#carryOutOne(effect);
  }

  #carryOutOne(effect: Effect): void {
    const from = this.#name;
    const network = this.#network;
    switch (effect.type) {
      case "request": {
        const { to, id, request } = effect;
        const arrive = () => {
          network.at(to).handle({ type: "request", from: from as PeerId, id, request });
        };
        const lost = () => this.handle({ type: "request-failed", from: to, id });
        network.send(from, to, request, arrive, lost);
        return;
      }
      case "respond": {
        const { to, id, response } = effect;
        const arrive = () => {
          network.at(to).handle({ type: "response", from: from as PeerId, id, response });
        };
        network.send(from, to, response, arrive);
        return;
      }
      case "gossip":
        this.#relay(effect.message, undefined);
        return;
      case "disconnect":
        network.unlink(from, effect.peer);
        return;
      case "wake":
        this.wakeAt = Math.min(this.wakeAt, effect.at);
        return;
      case "mine":
      case "persist":
      case "judge-gossip":
      case "answer":
      case "news":
        return;
    }
  }

  /** Tells all neighbours but the one it comes from; each passes it on if it accepts. */
  #relay(message: Message, source: string | undefined): void {
    this.#seen.add(bytesToHex(encodeMessage(message)));
    for (const to of this.#network.neighboursOf(this.#name)) {
      if (to === source) continue;
      this.#network.send(this.#name, to, message, (arrived) => {
        this.#network.at(to).#hear(this.#name, arrived);
      });
    }
  }

  #hear(from: string, message: Message): void {
    if (message.type !== "block" && message.type !== "header" && message.type !== "transactions") {
      throw new Error(`${message.type} is no gossip`);
    }
    const name = bytesToHex(encodeMessage(message));
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    const effects = this.handle({ type: "gossip", from: from as PeerId, message });
    const isAccepted = effects.some(
      (effect) => effect.type === "judge-gossip" && effect.verdict === "accept",
    );
    if (isAccepted) this.#relay(message, from);
  }
}

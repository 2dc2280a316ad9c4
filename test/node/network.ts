/** Nodes joined in memory by links that take no time: all is said and done before the next event. */

import type { Effect } from "../../src/node/effect.ts";
import type { Command, CommandId, NodeEvent } from "../../src/node/event.ts";
import type { NodeOptions } from "../../src/node/options.ts";
import type { Elapsed, PeerId } from "../../src/primitives/brand.ts";
import { createRandom } from "../../src/primitives/random.ts";
import { unreachable } from "../../src/primitives/verdict.ts";
import { type Frame, Network } from "../../src/sim/chain-world/network.ts";
import { type Alarm, Clock } from "../../src/sim/engine/clock.ts";
import type { Link, LinkConditions } from "../../src/sim/engine/link.ts";
import type { Cut } from "../../src/sim/engine/links.ts";
import { MemoryStore, type Records } from "../../src/sim/engine/memory-store.ts";
import type { Forest } from "../chain/forest.ts";
import { now } from "../chain/scene.ts";
import { NodeScene, solve } from "./scene.ts";

/** Far more than any test needs: a network that never gets quiet has a bug. */
const stepsMax = 100_000;

const noDelay: LinkConditions = { latencyMinMs: 0, jitterMs: 0, loss: 0 };

export class TestNetwork {
  readonly clock = new Clock(now);
  readonly wires = new Network(this.clock, createRandom("test network"));
  readonly #forest: Forest;
  readonly #members = new Map<string, Member>();
  readonly #cuts = new Map<Link, Cut>();
  /** Every message that reached a node: `from to type`. */
  readonly log: string[] = [];

  constructor(forest: Forest) {
    this.#forest = forest;
  }

  /** @param records what is on its disk. */
  add(name: string, options: Partial<NodeOptions> = {}, records?: Records): Member {
    const random = createRandom(name);
    const store = new MemoryStore(records);
    const scene = new NodeScene(this.#forest, { random, ...options }, store);
    const member = new Member(this, name as PeerId, scene);
    this.#members.set(name, member);
    return member;
  }

  /** Links two nodes, or mends their link, and lets them talk. */
  connect(a: string, b: string): this {
    const { links } = this.wires;
    const [one, other] = [this.at(a).name, this.at(b).name];
    const link = links.between(one, other) ?? links.connect(one, other, noDelay);
    const cut = this.#cuts.get(link);
    if (cut) links.mend(cut);
    return this.settles();
  }

  cut(a: string, b: string): this {
    const { links } = this.wires;
    const link = links.between(this.at(a).name, this.at(b).name);
    if (link === undefined) throw new Error(`${a} and ${b} are not linked`);
    this.#cuts.set(link, links.cut([link]));
    return this.settles();
  }

  /** Lets everything happen that is due now; no time passes. */
  settles(): this {
    const { elapsedMs } = this.clock;
    for (let step = 0; this.clock.step(elapsedMs); step++) {
      if (step > stepsMax) throw new Error("the network does not get quiet");
    }
    return this;
  }

  passes(ms: number): this {
    this.clock.pass(ms);
    return this;
  }

  at(name: string): Member {
    const member = this.#members.get(name);
    if (member === undefined) throw new Error(`there is no node ${name}`);
    return member;
  }
}

export class Member {
  readonly name: PeerId;
  readonly scene: NodeScene;
  readonly #network: TestNetwork;
  #wake: Alarm | undefined;
  #commands = 0;

  constructor(network: TestNetwork, name: PeerId, scene: NodeScene) {
    this.#network = network;
    this.name = name;
    this.scene = scene;
    network.wires.attach(name, (event, frame) => {
      this.#log(event);
      this.handle(event, frame);
    });
    for (const effect of scene.effects) this.#carryOut(effect);
  }

  get tip(): string {
    return this.scene.node.chain.tip.hash;
  }

  get height(): number {
    return this.scene.node.chain.tip.height;
  }

  handle(event: NodeEvent, frame?: Frame): void {
    this.scene.now = this.#network.clock.now;
    this.scene.elapsed = this.#network.clock.elapsedMs as Elapsed;
    this.scene.handles(event);
    for (const effect of this.scene.effects) this.#carryOut(effect, frame);
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
      if (template === undefined) throw new Error(`${this.name} does not mine`);
      this.handle({ type: "block-solved", block: solve(template.block, this.scene.node.params) });
      this.#network.passes(1000);
    }
    return this;
  }

  #carryOut(effect: Effect, frame?: Frame): void {
    const { wires } = this.#network;
    switch (effect.type) {
      case "request":
        wires.request(this.name, effect.to, effect.id, effect.request);
        return;
      case "respond":
        wires.respond(this.name, effect.to, effect.id, effect.response);
        return;
      case "gossip":
        wires.gossip(this.name, effect.message);
        return;
      case "judge-gossip":
        if (frame) wires.judge(this.name, frame, effect.verdict);
        return;
      case "disconnect":
        wires.links.hangUp(this.name, effect.peer, effect.banMs);
        return;
      case "wake":
        this.#wakeAt(effect.at);
        return;
      case "mine":
      case "persist":
      case "answer":
      case "news":
        return;
      default:
        unreachable(effect);
    }
  }

  #wakeAt(at: Elapsed): void {
    const { clock } = this.#network;
    if (this.#wake) clock.cancel(this.#wake);
    this.#wake = clock.after(at - clock.elapsedMs, () => {
      this.#wake = undefined;
      this.handle({ type: "woken" });
    });
  }

  #log(event: NodeEvent): void {
    switch (event.type) {
      case "request":
        this.#network.log.push(`${event.from} ${this.name} ${event.request.type}`);
        return;
      case "response":
        this.#network.log.push(`${event.from} ${this.name} ${event.response.type}`);
        return;
      case "gossip":
        this.#network.log.push(`${event.from} ${this.name} ${event.message.type}`);
        return;
      case "peer-joined":
      case "peer-left":
      case "request-failed":
      case "malformed":
      case "block-solved":
      case "command":
      case "woken":
        return;
      default:
        unreachable(event);
    }
  }
}

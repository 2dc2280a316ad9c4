/** The simulated world: named nodes, links and a clock, all from one seed. */

import type { Behaviour } from "../../attacks/behaviour.ts";
import { regtest, type Params } from "../../consensus/params.ts";
import type { Answer, Effect } from "../../node/effect.ts";
import type { Command } from "../../node/event.ts";
import type { News } from "../../node/news.ts";
import { Node } from "../../node/node.ts";
import type { Milliseconds, PeerId } from "../../primitives/brand.ts";
import { createRandom, type Random } from "../../primitives/random.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";
import { decodeCompact } from "../../primitives/target.ts";
import { haveOneTip } from "./checks/agreement.ts";
import type { Check, Subject } from "./checks/check.ts";
import { Clock } from "../engine/clock.ts";
import { Host } from "./chain-host.ts";
import type { LinkLaw } from "../engine/link.ts";
import { MemoryStore, type Records } from "../engine/memory-store.ts";
import { hashesFor } from "./miner.ts";
import { Network } from "./network.ts";

export type WorldOptions = {
  /** Everything that chance decides follows from it. */
  readonly seed: number | string;
  readonly verifier: SignatureVerifier;
  readonly params?: Params;
  /** What the clock shows at first; some time of 2026 if it is left out. */
  readonly start?: Milliseconds;
  /** What must always hold. */
  readonly checks?: readonly Check[];
  /** How long miners keep a template: each one costs the simulator a step. */
  readonly templateRenewalMs?: number;
};

export type NodeSpec = {
  /** Hashes a second; zero if left out. */
  readonly hashrate?: number;
  /** The script it mines for. */
  readonly payTo?: Uint8Array;
  /** What its store holds at first. */
  readonly records?: Records;
};

export type StepListener = (host: Host) => void;
export type NewsListener = (name: PeerId, news: News, elapsedMs: number) => void;

/** 2026-01-01, for no reason but that all worlds begin alike. */
export const defaultStart = 1_767_225_600_000 as Milliseconds;
const templateRenewalMsDefault = 5_000;

/** Something that must always hold did not: a bug, found by simulation. */
export class InvariantError extends Error {
  readonly check: string;

  constructor(check: string, name: PeerId, elapsedMs: number, violation: string) {
    super(`${check} is violated at ${name} after ${elapsedMs} ms: ${violation}`);
    this.name = "InvariantError";
    this.check = check;
  }
}

export class World {
  readonly clock: Clock;
  readonly params: Params;
  readonly network: Network;
  readonly #options: WorldOptions;
  readonly #random: Random;
  readonly #hosts = new Map<PeerId, Host>();
  readonly #listeners: NewsListener[] = [];
  readonly #stepListeners: StepListener[] = [];
  #steps = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed);
    this.params = options.params ?? regtest;
    this.clock = new Clock(options.start ?? defaultStart);
    this.network = new Network(this.clock, this.#random.fork("links"));
  }

  /** Events that nodes have handled. */
  get steps(): number {
    return this.#steps;
  }

  get names(): readonly PeerId[] {
    return [...this.#hosts.keys()];
  }

  /** Starts a node of this name. */
  add(text: string, spec: NodeSpec = {}): Host {
    const name = peerName(text);
    if (this.#hosts.has(name)) throw new Error(`there is a node ${name} already`);
    const random = this.#random.fork(`node ${name}`);
    const host: Host = new Host({
      name,
      random,
      clock: this.clock,
      network: this.network,
      store: new MemoryStore(spec.records),
      hashrate: spec.hashrate ?? 0,
      createNode: (store, life) => this.#createNode(store, random.fork(`life ${life}`), spec),
      onNews: (news) => {
        for (const listener of this.#listeners) listener(name, news, this.clock.elapsedMs);
      },
      afterStep: () => this.#check(host),
      beforeEffect: (effect) => this.#checkEffect(host, effect),
    });
    this.#hosts.set(name, host);
    host.start();
    return host;
  }

  #createNode(store: MemoryStore, random: Random, { payTo }: NodeSpec): Node {
    return new Node({
      params: this.params,
      verifier: this.#options.verifier,
      templateRenewalMs: this.#options.templateRenewalMs ?? templateRenewalMsDefault,
      indexes: "none",
      store,
      random,
      ...(payTo && { payTo }),
    });
  }

  host(name: string): Host {
    const host = this.#hosts.get(peerName(name));
    if (host === undefined) throw new Error(`there is no node ${name}`);
    return host;
  }

  node(name: string): Node {
    return this.host(name).node;
  }

  connect(a: string, b: string, law?: LinkLaw): void {
    this.network.connect(this.host(a).name, this.host(b).name, law);
  }

  /** Links every node with every other. */
  connectAll(law?: LinkLaw): void {
    for (const [position, a] of this.names.entries()) {
      for (const b of this.names.slice(position + 1)) this.connect(a, b, law);
    }
  }

  /** Cuts every link between nodes of different groups. */
  split(...groups: readonly (readonly string[])[]): void {
    this.network.split(groups.map((group) => group.map((name) => this.host(name).name)));
  }

  heal(): void {
    this.network.heal();
  }

  crash(name: string): void {
    this.host(name).crash();
  }

  restart(name: string): void {
    this.host(name).start();
  }

  setBehaviour(name: string, behaviour: Behaviour | undefined): void {
    this.host(name).setBehaviour(behaviour);
  }

  onNews(listener: NewsListener): void {
    this.#listeners.push(listener);
  }

  /** Tells when a node has handled an event, before what follows from it is done. */
  onStep(listener: StepListener): void {
    this.#stepListeners.push(listener);
  }

  /** Asks a node to do something, and lets the world go on until it has answered. */
  command(name: string, command: Command): Answer {
    const host = this.host(name);
    const id = host.command(command);
    for (;;) {
      const answer = host.takeAnswer(id);
      if (answer !== undefined) return answer;
      if (!this.clock.step()) throw new Error(`${name} does not answer`);
    }
  }

  runFor(durationMs: number): void {
    this.clock.pass(durationMs);
  }

  /** Lets the world go on until something is so; false if it is not within the duration. */
  runUntil(isSo: () => boolean, durationMs: number): boolean {
    const limitMs = this.clock.elapsedMs + durationMs;
    while (!isSo()) if (!this.clock.step(limitMs)) return false;
    return true;
  }

  /** True if these nodes have one tip, and each has done all that came with it. */
  haveAgreed(names: readonly string[] = this.names): boolean {
    const areQuiet = names.every((name) => this.host(name).isQuiet);
    return areQuiet && haveOneTip(names.map((name) => this.subject(name)));
  }

  /** A node as the checks see it. */
  subject(name: string): Subject {
    const { store, node } = this.host(name);
    return { name: peerName(name), chain: node.chain, store, node };
  }

  /** Makes every check of every running node now. */
  checkAll(): void {
    for (const host of this.#hosts.values()) {
      for (const check of this.#checksFor(host)) {
        this.#require(check, host, check.findViolation(this.subject(host.name)));
      }
    }
  }

  #check(host: Host): void {
    this.#steps += 1;
    for (const check of this.#checksFor(host)) {
      if (this.#steps % check.everySteps !== 0) continue;
      this.#require(check, host, check.findViolation(this.subject(host.name)));
    }
    for (const listener of this.#stepListeners) listener(host);
  }

  /** An attacker may do what it likes. */
  #checkEffect(host: Host, effect: Effect): void {
    if (!host.isHonest) return;
    for (const check of this.#checksFor(host)) {
      if (check.findBreach === undefined) continue;
      this.#require(check, host, check.findBreach(this.subject(host.name), effect));
    }
  }

  /** None where a record is damaged: a check would meet it before the node does. */
  #checksFor({ isRunning, store }: Host): readonly Check[] {
    return isRunning && !store.isDamaged ? (this.#options.checks ?? []) : [];
  }

  #require(check: Check, { name }: Host, violation: string | undefined): void {
    if (violation === undefined) return;
    throw new InvariantError(check.name, name, this.clock.elapsedMs, violation);
  }
}

/** Hashes a second of a miner with this share of a network that takes so long for a block. */
export function hashrateOf(share: number, intervalMs: number, params: Params): number {
  const { target } = decodeCompact(params.genesis.header.bits);
  return (share * hashesFor(target) * 1000) / intervalMs;
}

/** In the simulator any name will do. */
function peerName(name: string): PeerId {
  return name as PeerId;
}

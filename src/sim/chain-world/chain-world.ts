/** The chain's world: full nodes that mine and talk, links and a clock, all from one seed. */

import type { Behaviour } from "../../attacks/behaviour/behaviour.ts";
import { type Params, regtest } from "../../consensus/params.ts";
import type { Answer } from "../../node/effect.ts";
import type { Command } from "../../node/event.ts";
import { Node } from "../../node/node.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";
import { decodeCompact } from "../../primitives/target.ts";
import type { LinkConditions } from "../engine/link.ts";
import type { Links } from "../engine/links.ts";
import { MemoryStore, type Records } from "../engine/memory-store.ts";
import { type Roles, World, type WorldSetting } from "../engine/world.ts";
import { ChainHost, type ChainKind } from "./chain-host.ts";
import { haveOneTip } from "./checks/agreement.ts";
import type { Subject } from "./checks/check.ts";
import { hashesFor } from "./miner.ts";
import { Network } from "./network.ts";

export type ChainWorldOptions = Omit<WorldSetting<ChainKind>, "start"> & {
  readonly verifier: SignatureVerifier;
  readonly params?: Params;
  /** What the clock shows at first; some time of 2026 if it is left out. */
  readonly start?: Milliseconds;
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

/** 2026-01-01, for no reason but that all worlds begin alike. */
export const defaultStart = 1_767_225_600_000 as Milliseconds;
const templateRenewalMsDefault = 5_000;

/** The names of the roles that a fault may strike. */
export const chainRoles = ["richest-miner"] as const;

export class ChainWorld extends World<ChainKind, ChainHost> {
  readonly params: Params;
  readonly network: Network;
  readonly roles: Record<(typeof chainRoles)[number], Roles[string]> = {
    "richest-miner": () => this.#richestMiner(),
  };
  readonly #options: ChainWorldOptions;

  constructor(options: ChainWorldOptions) {
    super({ ...options, start: options.start ?? defaultStart });
    this.#options = options;
    this.params = options.params ?? regtest;
    this.network = new Network(this.clock, this.random.fork("links"));
  }

  get links(): Links {
    return this.network.links;
  }

  /** Starts a node of this name. */
  add(name: string, spec: NodeSpec = {}): ChainHost {
    return this.addHost(name, (place) => {
      return new ChainHost({
        ...place,
        network: this.network,
        store: new MemoryStore(spec.records),
        hashrate: spec.hashrate ?? 0,
        boot: (store, life) => this.#createNode(store, place.random.fork(`life ${life}`), spec),
        onNews: (news) => this.tellNews(place.name, news),
      });
    });
  }

  #createNode(store: MemoryStore, random: Random, { payTo }: NodeSpec): Node {
    return new Node({
      params: this.params,
      verifier: this.#options.verifier,
      templateRenewalMs: this.#options.templateRenewalMs ?? templateRenewalMsDefault,
      companions: [],
      store,
      random,
      ...(payTo && { payTo }),
    });
  }

  node(name: string): Node {
    return this.host(name).node;
  }

  connect(a: string, b: string, conditions?: LinkConditions): void {
    this.links.connect(this.host(a).name, this.host(b).name, conditions);
  }

  /** Links every node with every other. */
  connectAll(conditions?: LinkConditions): void {
    for (const [position, a] of this.names.entries()) {
      for (const b of this.names.slice(position + 1)) this.connect(a, b, conditions);
    }
  }

  /** Cuts every link between nodes of different groups. */
  split(...groups: readonly (readonly string[])[]): void {
    this.links.split(groups.map((group) => group.map((name) => this.host(name).name)));
  }

  heal(): void {
    this.links.heal();
  }

  setBehaviour(name: string, behaviour: Behaviour | undefined): void {
    this.host(name).setBehaviour(behaviour);
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

  /** True if these nodes have one tip, and each has done all that came with it. */
  haveAgreed(names: readonly string[] = this.names): boolean {
    const areQuiet = names.every((name) => this.host(name).isQuiet);
    return areQuiet && haveOneTip(names.map((name) => this.subject(name)));
  }

  protected subjectOf({ name, store, node }: ChainHost): Subject {
    return { name, chain: node.chain, store, node };
  }

  /**
   * The running node with the most hashes a second, the first among equals; none without a miner.
   */
  #richestMiner(): string | undefined {
    const miners = this.hosts.filter(({ isRunning, hashrate }) => isRunning && hashrate > 0);
    const [first, ...others] = miners;
    if (first === undefined) return undefined;
    return others.reduce((a, b) => (b.hashrate > a.hashrate ? b : a), first).name;
  }
}

/** Hashes a second of a miner with this share of a network that takes so long for a block. */
export function hashrateOf(share: number, intervalMs: number, params: Params): number {
  const { target } = decodeCompact(params.genesis.header.bits);
  return (share * hashesFor(target) * 1000) / intervalMs;
}

/** SimBlock's default model on our chain code: how fast blocks spread through a large network. */

import { regtest } from "../consensus/params.ts";
import { createRandom, type Random } from "../primitives/random.ts";
import { requireCount } from "../theory/statistics.ts";
import { short } from "./chain-world/transcript.ts";
import { Crowd } from "./crowd/crowd.ts";
import { Graph } from "./crowd/graph.ts";
import { Ledger } from "./crowd/ledger.ts";
import { simblockLimits } from "./crowd/limits.ts";
import { MiningRace } from "./crowd/mining-race.ts";
import { RegionalRelay } from "./crowd/regional-relay.ts";
import { drawCalls } from "./crowd/regions.ts";
import { Relay } from "./crowd/relay.ts";
import { Spread } from "./crowd/spread.ts";
import { Wheel } from "./crowd/wheel.ts";

export type SimblockRun = {
  readonly seed: number | string;
  readonly nodes: number;
  /** How many blocks are found, those that become stale among them. */
  readonly blocks: number;
  /** Called for each block when every node has it. */
  readonly onLine?: (line: string) => void;
};

/** Until so many percent of the nodes have a block, on average over all blocks. */
export type SpreadTime = { readonly percent: number; readonly ms: number };

export type SimblockOutcome = {
  readonly seed: string;
  readonly nodes: number;
  /** Those that all nodes have. */
  readonly blocks: number;
  readonly links: number;
  /** Messages that arrived, and blocks that were found. */
  readonly events: number;
  readonly staleBlocks: number;
  readonly elapsedMs: number;
  readonly spread: readonly SpreadTime[];
};

export type Reference = {
  readonly nodes: number;
  readonly blocks: number;
  /** `tolerance` is three standard errors of so many blocks, as a share. */
  readonly spread: readonly (SpreadTime & { readonly tolerance: number })[];
};

/** What SimBlock itself finds. */
export const references: readonly Reference[] = [
  {
    nodes: 600,
    blocks: 100,
    spread: [
      { percent: 50, ms: 926, tolerance: 0.11 },
      { percent: 90, ms: 2145, tolerance: 0.07 },
      { percent: 95, ms: 2632, tolerance: 0.07 },
      { percent: 99, ms: 3647, tolerance: 0.07 },
    ],
  },
  {
    nodes: 6_000,
    blocks: 100,
    spread: [
      { percent: 50, ms: 1048, tolerance: 0.11 },
      { percent: 90, ms: 2161, tolerance: 0.07 },
      { percent: 95, ms: 2621, tolerance: 0.07 },
      { percent: 99, ms: 3608, tolerance: 0.07 },
    ],
  },
];

const percents = [50, 90, 95, 99] as const;
const intervalMs = 600_000;

/** A node's hash power is normally distributed, in hashes a millisecond, but never nothing. */
const powerMean = 400_000;
const powerDeviation = 100_000;
const powerMin = 1;

/** An event that is no message: a miner finds a block. */
const foundWord = -1;
const timeWidth = 10;

/** Refuses numbers that are out of bounds. */
export function runSimblock(run: SimblockRun): SimblockOutcome {
  const simulation = new SimblockSimulation(run);
  simulation.advance(Infinity);
  return simulation.outcome;
}

/** The same in pieces, for those who want to do other things meanwhile. */
export class SimblockSimulation {
  readonly #run: SimblockRun;
  readonly #wheel = new Wheel();
  readonly #ledger = new Ledger(regtest);
  readonly #graph: Graph;
  readonly #crowd: Crowd;
  readonly #relay: Relay;
  readonly #race: MiningRace;
  /** Of blocks that some nodes do not have yet, by number. */
  readonly #spreads = new Map<number, Spread>();
  readonly #sumsMs = percents.map(() => 0);
  #spreadBlocks = 0;
  #events = 0;

  constructor(run: SimblockRun) {
    const { nodesMin, nodesMax, blocksMax } = simblockLimits;
    const { nodes, blocks } = run;
    requireCount("nodes", nodes, nodesMin, nodesMax);
    requireCount("blocks", blocks, 1, blocksMax);
    const random = createRandom(run.seed);
    this.#run = run;
    this.#graph = Graph.byCalls(drawCalls(nodes, random.fork("calls")), random.fork("links"));
    if (!this.#graph.isConnected) {
      throw new Error(`with seed ${run.seed} the network is in pieces: take another seed`);
    }
    this.#crowd = new Crowd(nodes, blocks, this.#ledger, (node, block) =>
      this.#receive(node, block),
    );
    this.#relay = new Relay({
      crowd: this.#crowd,
      graph: this.#graph,
      wheel: this.#wheel,
      model: new RegionalRelay(nodes, random),
      randoms: Array.from({ length: nodes }, (_, node) => random.fork(`node ${node}/relay`)),
    });
    const powers = random.fork("powers");
    const drawn = Array.from({ length: nodes }, () => drawPower(powers));
    this.#race = new MiningRace(drawn, intervalMs, random.fork("mining"));
    this.#wheel.add(this.#race.drawDelayMs(), foundWord, 0, 0);
  }

  /** From 0 to 1. */
  get progress(): number {
    return this.#spreadBlocks / this.#run.blocks;
  }

  /** Answers whether something is left to happen. */
  advance(eventsMax: number): boolean {
    return this.#wheel.run((word, from, to) => {
      this.#events += 1;
      if (word === foundWord) this.#find();
      else this.#relay.deliver(word, from, to);
    }, eventsMax);
  }

  /** As far as it has come. */
  get outcome(): SimblockOutcome {
    const { seed, nodes } = this.#run;
    const blocks = this.#spreadBlocks;
    return {
      seed: String(seed),
      nodes,
      blocks,
      links: this.#graph.linkCount,
      events: this.#events,
      staleBlocks: this.#ledger.staleCount(this.#crowd.tipOf(0)),
      elapsedMs: this.#wheel.now,
      spread: percents.map((percent, i) => {
        return { percent, ms: Math.round((this.#sumsMs[i] as number) / blocks) };
      }),
    };
  }

  #find(): void {
    const { nodes, blocks } = this.#run;
    const miner = this.#race.drawWinner();
    const block = this.#ledger.mine(this.#crowd.tipOf(miner), this.#wheel.now);
    this.#spreads.set(block, new Spread(nodes, this.#wheel.now));
    this.#crowd.accept(miner, block);
    if (block < blocks) this.#wheel.add(this.#race.drawDelayMs(), foundWord, 0, 0);
  }

  /** A node has a block, and announces it to its neighbours. */
  #receive(node: number, block: number): void {
    const spread = this.#spreads.get(block) as Spread;
    spread.reach(this.#wheel.now);
    this.#relay.announce(node, block);
    if (!spread.isComplete) return;
    for (const [i, percent] of percents.entries()) {
      this.#sumsMs[i] = (this.#sumsMs[i] as number) + spread.delayMs(percent);
    }
    this.#spreads.delete(block);
    this.#spreadBlocks += 1;
    this.#report(block, spread);
  }

  #report(block: number, spread: Spread): void {
    const { hash, height, header } = this.#ledger.entryOf(block);
    const seconds = (this.#wheel.now / 1000).toFixed(3).padStart(timeWidth);
    const place = `block ${height} ${short(hash)} on ${short(header.previous)}`;
    const [half, all] = [spread.delayMs(50), spread.delayMs(100)];
    this.#run.onLine?.(
      `${seconds} s  ${place}: half have it after ${half} ms, all after ${all} ms`,
    );
  }
}

/** By Box and Muller's transform. */
function drawPower(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.nextFloat()));
  const normal = radius * Math.cos(2 * Math.PI * random.nextFloat());
  return Math.max(powerMean + powerDeviation * normal, powerMin);
}

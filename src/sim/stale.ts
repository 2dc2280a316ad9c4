/** Blocks that become stale because of delay: equal miners, the same delay for all. */

import { regtest } from "../consensus/params.ts";
import { createRandom } from "../primitives/random.ts";
import { requireCount, requireWithin } from "../theory/statistics.ts";
import { Crowd } from "./crowd/crowd.ts";
import { Ledger } from "./crowd/ledger.ts";
import { staleLimits } from "./crowd/limits.ts";
import { MiningRace } from "./crowd/mining-race.ts";
import { Wheel } from "./crowd/wheel.ts";

export type StaleRun = {
  readonly miners: number;
  /** The delay from a miner to all others, in block intervals. */
  readonly x: number;
  /** How many blocks are found, those that become stale among them. */
  readonly blocks: number;
  readonly seed: number | string;
};

export type StaleOutcome = {
  /** So many were found. */
  readonly blocks: number;
  readonly staleBlocks: number;
  /** The share of blocks that became stale. */
  readonly estimate: number;
  /** Of the estimate. */
  readonly standardError: number;
};

const intervalMs = 600_000;

/** An event's kinds. */
const found = 0;
const heard = 1;

/**
 * What share of blocks should become stale: a rival of a block is one that another miner finds
 * while the block is under way. The first factor is nearly exact, the second exact: with few miners
 * the truth is up to half a percent of the share lower.
 */
export function staleTheory(miners: number, x: number): number {
  return ((1 - 1 / miners) * x) / (1 + x);
}

/** Refuses numbers that are out of bounds. */
export function runStale(run: StaleRun): StaleOutcome {
  const simulation = new StaleSimulation(run);
  simulation.advance(Infinity);
  return simulation.outcome;
}

/** The same in pieces, for those who want to do other things meanwhile. */
export class StaleSimulation {
  readonly #run: StaleRun;
  /** Few events are to come at any time, and they are far apart: they need no ring. */
  readonly #wheel = new Wheel(1);
  readonly #ledger = new Ledger(regtest);
  readonly #crowd: Crowd;
  readonly #race: MiningRace;

  constructor(run: StaleRun) {
    const { miners, x, blocks } = run;
    requireCount("miners", miners, staleLimits.minersMin, staleLimits.minersMax);
    requireWithin("x", x, 0, staleLimits.delayMax);
    requireCount("blocks", blocks, 1, staleLimits.blocksMax);
    this.#run = run;
    this.#crowd = new Crowd(run.miners, run.blocks, this.#ledger, () => undefined);
    const powers = Array.from({ length: run.miners }, () => 1);
    this.#race = new MiningRace(powers, intervalMs, createRandom(run.seed).fork("mining"));
    this.#wheel.add(this.#race.drawDelayMs(), found, 0, 0);
  }

  /** From 0 to 1. */
  get progress(): number {
    return this.#blocks / this.#run.blocks;
  }

  /**
   * As far as it has come. The standard error is that of a renewal process whose cycle is
   * 1 + Poisson(x) blocks.
   */
  get outcome(): StaleOutcome {
    const { x } = this.#run;
    const blocks = this.#blocks;
    const staleBlocks = this.#ledger.staleCount(this.#crowd.tipOf(0));
    const standardError = Math.sqrt(x / (1 + x) ** 3 / blocks);
    return { blocks, staleBlocks, estimate: staleBlocks / blocks, standardError };
  }

  get #blocks(): number {
    return this.#ledger.size - 1;
  }

  /** Answers whether something is left to happen. */
  advance(eventsMax: number): boolean {
    return this.#wheel.run((kind, block) => {
      if (kind === found) this.#find();
      else this.#spread(block);
    }, eventsMax);
  }

  #find(): void {
    const miner = this.#race.drawWinner();
    const block = this.#ledger.mine(this.#crowd.tipOf(miner), this.#wheel.now);
    this.#crowd.accept(miner, block);
    this.#wheel.add(Math.round(this.#run.x * intervalMs), heard, block, 0);
    if (block < this.#run.blocks) this.#wheel.add(this.#race.drawDelayMs(), found, 0, 0);
  }

  #spread(block: number): void {
    for (let node = 0; node < this.#run.miners; node++) this.#crowd.accept(node, block);
  }
}

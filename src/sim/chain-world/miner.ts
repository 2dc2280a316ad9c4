/** A miner in virtual time: its next block comes at a random time, with a real proof of work. */

import type { BlockTemplate } from "../../mempool/template.ts";
import type { Block } from "../../primitives/block.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import { solveHeader } from "../../primitives/proof.ts";
import type { Random } from "../../primitives/random.ts";
import type { Alarm, Clock } from "../engine/clock.ts";

export type MinerOptions = {
  readonly clock: Clock;
  /** What the miner's own wall clock shows, right or wrong. */
  readonly wallClock: () => Milliseconds;
  readonly random: Random;
  /** Hashes a second; none at zero. */
  readonly hashrate: number;
  readonly onSolved: (block: Block) => void;
};

/** Hashes that a block of this target takes on average. */
export function hashesFor(target: bigint): number {
  return 2 ** 256 / (Number(target) + 1);
}

/**
 * Proof of work has no memory, so a miner who changes to another template loses nothing: each time
 * the wait for the next block is drawn anew.
 */
export class Miner {
  readonly #options: MinerOptions;
  /** What it searches, or would if it were not paused. */
  #template: BlockTemplate | undefined;
  #isPaused = false;
  #alarm: Alarm | undefined;

  constructor(options: MinerOptions) {
    this.#options = options;
  }

  /** Searches this template from now on, or rests. */
  mine(template: BlockTemplate | undefined): void {
    this.#template = template;
    this.#search();
  }

  pause(): void {
    this.#isPaused = true;
    this.#search();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#search();
  }

  #search(): void {
    const { clock, random, hashrate } = this.#options;
    const template = this.#template;
    if (this.#alarm) clock.cancel(this.#alarm);
    this.#alarm = undefined;
    if (template === undefined || hashrate === 0 || this.#isPaused) return;
    const meanMs = (hashesFor(template.target) / hashrate) * 1000;
    this.#alarm = clock.after(random.nextExponential(meanMs), () => {
      this.#alarm = undefined;
      this.#template = undefined;
      this.#options.onSolved(this.#solve(template));
    });
  }

  #solve({ block, timeMaxSeconds, target }: BlockTemplate): Block {
    const seconds = Math.floor(this.#options.wallClock() / 1000);
    const time = Math.min(Math.max(block.header.time, seconds), timeMaxSeconds);
    return solveBlock({ ...block, header: { ...block.header, time } }, target);
  }
}

/** Searches the nonce for real: the target must be an easy one. */
export function solveBlock(block: Block, target: bigint): Block {
  return { ...block, header: solveHeader(block.header, target) };
}

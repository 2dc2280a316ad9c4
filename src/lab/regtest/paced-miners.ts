/** The miners of a lab on regtest: proof of work costs nothing there, so the lab says when they find a block. */

import type { Shares } from "../../contract/network.ts";
import type { EventJson } from "../../contract/node-api.ts";
import type { RegtestMining } from "../../contract/regtest.ts";
import type { Random } from "../../primitives/random.ts";
import { LeverError } from "../nodes/lever-error.ts";
import type { LabMiners } from "../nodes/miners.ts";
import { changeShares, describeSharesProblem } from "../nodes/shares.ts";

export type PacedMinersOptions = {
  readonly shares: Shares;
  readonly mining: RegtestMining;
  /** Draws who finds a block. */
  readonly random: Random;
  readonly isUp: (name: string) => boolean;
  /** It may fail while the node goes down or the lab ends. */
  readonly makeBlock: (name: string) => Promise<unknown>;
};

export class PacedMiners implements LabMiners {
  readonly #options: PacedMinersOptions;
  #shares: Shares;
  #timer: NodeJS.Timeout | undefined;
  #isMining = false;
  /** Where a transaction waits for the block that is made for it. */
  readonly #wanted = new Set<string>();
  #underWay: Promise<unknown> | undefined;

  constructor(options: PacedMinersOptions) {
    this.#options = options;
    this.#shares = options.shares;
  }

  get shares(): Shares {
    return this.#shares;
  }

  /** Nothing is hashed. */
  hashrateOf(): null {
    return null;
  }

  /** @throws LeverError if these are no shares, or not those of miners. */
  async setShares(changes: Shares): Promise<void> {
    const changed = changeShares(this.#shares, changes);
    if (!changed.ok) throw new LeverError(describeSharesProblem(changed.problem));
    this.#shares = changed.value;
  }

  async start(): Promise<void> {
    this.#isMining = true;
    const { mining } = this.#options;
    if (mining.type !== "interval" || this.#timer !== undefined) return;
    this.#timer = setInterval(() => {
      const finder = this.#drawFinder();
      if (finder !== undefined) this.#want(finder);
    }, mining.seconds * 1000);
  }

  /** A node that is up again is drawn again. */
  async startAgain(): Promise<void> {}

  async stop(): Promise<void> {
    this.#isMining = false;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#wanted.clear();
    await this.#underWay;
  }

  /** A transaction that was submitted to a node gets a block, if the lab mines so. */
  noteNews(name: string, news: EventJson): void {
    const isSubmitted = news.type === "transaction-admitted" && news.from === null;
    if (isSubmitted && this.#options.mining.type === "on-transaction") this.#want(name);
  }

  /** What is wanted while a block is made gets the next one. */
  #want(name: string): void {
    if (!this.#isMining) return;
    this.#wanted.add(name);
    this.#underWay ??= this.#makeAll().finally(() => (this.#underWay = undefined));
  }

  async #makeAll(): Promise<void> {
    for (const name of this.#wanted) {
      this.#wanted.delete(name);
      await this.#options.makeBlock(name).catch(() => undefined);
    }
  }

  /** In proportion to the shares of those that are up. */
  #drawFinder(): string | undefined {
    const up = Object.entries(this.#shares).filter(([name]) => this.#options.isUp(name));
    const sum = up.reduce((total, [, share]) => total + share, 0);
    let rest = this.#options.random.nextFloat() * sum;
    for (const [name, share] of up) {
      rest -= share;
      if (rest < 0) return name;
    }
    return undefined;
  }
}

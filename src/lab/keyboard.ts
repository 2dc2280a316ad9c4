/** The keys of a lab's terminal: each does what a route of the lab does. */

import { emitKeypressEvents, type Key } from "node:readline";
import type { AttackOptions } from "../attacks/catalogue.ts";
import { doubleSpendTerms } from "../attacks/double-spend/terms.ts";
import { defaultsOf } from "../attacks/record/terms.ts";
import { selfishMiningTerms } from "../attacks/selfish-mining/terms.ts";
import type { Lab } from "./lab.ts";
import { LeverError } from "./nodes/lever-error.ts";

export const keyHelp = "h help · p partition or heal · a double spend · s selfish mining · q quit";

/** What the key `a` begins: it succeeds most of the time. */
const doubleSpend: AttackOptions = { type: "double-spend", ...defaultsOf(doubleSpendTerms) };
/** What the key `s` begins: less than half of the power, and more than its part of the blocks. */
const selfishMining: AttackOptions = { type: "selfish-mining", ...defaultsOf(selfishMiningTerms) };

export type KeyboardOptions = {
  readonly quit: () => void;
  /** Writes a line to the terminal. */
  readonly print: (line: string) => void;
};

export class Keyboard {
  readonly #lab: Lab;
  readonly #options: KeyboardOptions;

  constructor(lab: Lab, options: KeyboardOptions) {
    this.#lab = lab;
    this.#options = options;
  }

  /** Does nothing if stdin is no terminal. */
  start(): void {
    if (!process.stdin.isTTY) return;
    emitKeypressEvents(process.stdin);
    process.stdin.setRawMode(true).resume();
    process.stdin.on("keypress", this.#onKey);
    this.#options.print(`  ${keyHelp}`);
  }

  stop(): void {
    if (!process.stdin.isTTY) return;
    process.stdin.off("keypress", this.#onKey);
    process.stdin.setRawMode(false).pause();
  }

  readonly #onKey = (_text: string | undefined, key: Key): void => {
    // A raw terminal sends Ctrl-C as a key.
    if (key.name === "q" || (key.ctrl === true && key.name === "c")) this.#options.quit();
    else void this.#press(key.name);
  };

  async #press(name: string | undefined): Promise<void> {
    try {
      if (name === "h") this.#options.print(`  ${keyHelp}`);
      if (name === "p") await this.#togglePartition();
      if (name === "a") this.#lab.beginAttack(doubleSpend);
      if (name === "s") this.#lab.beginAttack(selfishMining);
    } catch (error) {
      if (!(error instanceof LeverError)) throw error;
      this.#options.print(`  ${error.message}`);
    }
  }

  /** Splits the network in two groups with miners in both. */
  async #togglePartition(): Promise<void> {
    if (this.#lab.isPartitioned) return this.#lab.heal();
    const names = this.#lab.members.map(({ name }) => name);
    return this.#lab.partition([names.filter((_, i) => i % 2 === 0)]);
  }
}

/** The keys of a lab's terminal: each does what a route of the lab does. */

import { emitKeypressEvents, type Key } from "node:readline";
import type { AttackOptions } from "../contract/attacks.ts";
import {
  defaultConfirmations,
  defaultGiveUpBehind,
  defaultSelfishBlocks,
} from "./attacks/attack-report.ts";
import type { Lab } from "./lab.ts";
import { LeverError } from "./nodes/lever-error.ts";

export const keyHelp = "h help · p partition or heal · a double spend · s selfish mining · q quit";

/** Of the key `a`: with this share the attack mostly succeeds. */
const doubleSpend: AttackOptions = {
  type: "double-spend",
  confirmations: defaultConfirmations,
  giveUpBehind: defaultGiveUpBehind,
  premine: 0,
  share: 0.6,
};
/** Of the key `s`: with less than half of the hash power, she gains more than her share of the blocks. */
const selfishMining: AttackOptions = {
  type: "selfish-mining",
  blocks: defaultSelfishBlocks,
  share: 0.4,
};

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

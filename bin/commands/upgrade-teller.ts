/** Tells how far the upgrade of a data folder is, a line at each tenth. */

import type { UpgradeProgress } from "../../src/io/disk/upgrade.ts";

const parts = 10;

export class UpgradeTeller {
  readonly #folder: string;
  readonly #say: (line: string) => void;
  #told = -1;

  constructor(folder: string, say: (line: string) => void) {
    this.#folder = folder;
    this.#say = say;
  }

  tell({ done, total }: UpgradeProgress): void {
    const part = total === 0 ? parts : Math.floor((parts * done) / total);
    if (part <= this.#told) return;
    if (this.#told < 0) {
      this.#say(`bringing ${this.#folder} up to date: an older powlab wrote it. This happens once`);
    }
    if (part === parts) this.#say(`${this.#folder} is up to date`);
    else if (part > 0) this.#say(`brought up to date: ${part * parts} %`);
    this.#told = part;
  }
}

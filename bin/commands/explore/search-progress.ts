/** How far a search is: a line on a terminal that is written over and over. No total is known. */

import type { Counts } from "../../../src/explorer/engine/explore.ts";
import { shortNumber } from "../output.ts";

/** More often is not readable. */
const redrawMs = 200;

export class SearchProgress {
  readonly #isShown: boolean;
  #drawnAtMs = performance.now();
  #drawnUnique = 0;

  /** @param isQuiet shows nothing, on a terminal either. */
  constructor(isQuiet: boolean) {
    this.#isShown = !isQuiet && process.stderr.isTTY === true && process.env["TERM"] !== "dumb";
  }

  show({ unique, depth }: Counts, memoryBytes: number): void {
    const spanMs = performance.now() - this.#drawnAtMs;
    if (!this.#isShown || spanMs < redrawMs) return;
    const rate = ((unique - this.#drawnUnique) * 1000) / spanMs;
    this.#drawnAtMs += spanMs;
    this.#drawnUnique = unique;
    const facts = [
      `${shortNumber(unique)} states`,
      `depth ${depth}`,
      `${shortNumber(Math.round(rate))} states/s`,
      `${Math.round(memoryBytes / 2 ** 20)} MB`,
    ];
    process.stderr.write(`\r\x1b[2K${facts.join(", ")}`);
  }

  /** Leaves no trace. */
  clear(): void {
    if (this.#isShown) process.stderr.write("\r\x1b[2K");
  }
}

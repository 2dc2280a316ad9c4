/** How far a long run is: one line on a terminal that is written over and over, else nothing. */

const barWidth = 30;
/** More often is not readable. */
const redrawMs = 100;

export class Progress {
  readonly #what: string;
  readonly #total: number;
  readonly #isShown: boolean;
  readonly #startedAtMs = performance.now();
  #drawnAtMs = -Infinity;

  /** @param isQuiet shows nothing, on a terminal either. */
  constructor(what: string, total: number, isQuiet: boolean) {
    this.#what = what;
    this.#total = total;
    this.#isShown = !isQuiet && process.stderr.isTTY === true && process.env["TERM"] !== "dumb";
  }

  show(done: number): void {
    const nowMs = performance.now();
    if (!this.#isShown || nowMs - this.#drawnAtMs < redrawMs) return;
    this.#drawnAtMs = nowMs;
    const part = done / this.#total;
    const full = Math.round(part * barWidth);
    const bar = "█".repeat(full) + "░".repeat(barWidth - full);
    const leftSeconds = Math.ceil(((nowMs - this.#startedAtMs) / 1000) * (1 / part - 1));
    const left = done === 0 ? "" : `, ${leftSeconds} s left`;
    process.stderr.write(`\r\x1b[2K${this.#what} ${bar} ${Math.floor(part * 100)} %${left}`);
  }

  /** Leaves no trace. */
  clear(): void {
    if (this.#isShown) process.stderr.write("\r\x1b[2K");
  }
}

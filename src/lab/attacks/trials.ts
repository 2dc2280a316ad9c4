/** Many attacks in the simulator while the lab goes on: what they come to, beside the closed form. */

import { setImmediate as breathe } from "node:timers/promises";
import type { TrialsJson, TrialsOrder } from "../../contract/attacks.ts";
import { batchesOf, BatchRunner } from "../../experiments/engine/batch.ts";
import { cellOf, resultOf } from "../../experiments/engine/experiment.ts";
import type { Tally } from "../../experiments/engine/tally.ts";
import { doubleSpend } from "../../experiments/proof-of-work/double-spend.ts";
import { createTinyVerifier } from "../../io/verifying/signature-verifier.ts";
import { LeverError } from "../nodes/lever-error.ts";

export const runsMax = 20_000;

export class Trials {
  readonly #runner = new BatchRunner([doubleSpend], createTinyVerifier());
  #isBusy = false;

  /**
   * Between two batches, each of a few milliseconds, the event loop runs.
   *
   * @throws LeverError while others are under way.
   */
  async run(order: TrialsOrder): Promise<TrialsJson> {
    if (this.#isBusy) throw new LeverError("Other trials are under way; try again when they end.");
    this.#isBusy = true;
    try {
      return await this.#runBatches(order);
    } finally {
      this.#isBusy = false;
    }
  }

  async #runBatches(order: TrialsOrder): Promise<TrialsJson> {
    const { seed, runs, share, confirmations, premine, giveUpBehind: giveUp } = order;
    const cell = cellOf(doubleSpend, { share, confirmations, premine, giveUp }, runs);
    const tallies: Tally[] = [];
    for (const batch of batchesOf(cell, seed)) {
      tallies.push(this.#runner.run(batch));
      await breathe();
    }
    const { estimate, interval, expected = NaN, z = NaN } = resultOf(cell, tallies);
    return { estimate, interval, theory: expected, z, runs, seed, command: commandOf(order) };
  }
}

/** The same experiment from the same seed, so the same estimate. */
function commandOf({ share, confirmations, giveUpBehind, premine, runs, seed }: TrialsOrder) {
  const flags = { share, confirmations, "give-up": giveUpBehind, premine, runs, seed };
  const words = Object.entries(flags).map(([name, value]) => `--${name} ${value}`);
  return ["powlab experiment double-spend", ...words, "--json"].join(" ");
}

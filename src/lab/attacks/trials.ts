/** Many attacks in the simulator while the lab goes on: what they come to, beside the closed form. */

import { setImmediate as breathe } from "node:timers/promises";
import { createTinyVerifier } from "../../io/verifying/signature-verifier.ts";
import type { TrialsJson, TrialsOrder } from "../../contract/attacks.ts";
import { doubleSpendExperiment, resultOf } from "../../experiments/experiment.ts";
import { batchesOf, TrialPlayer } from "../../experiments/trial.ts";
import type { Tally } from "../../experiments/tally.ts";
import { LeverError } from "../nodes/lever-error.ts";

export const runsMax = 20_000;

export class Trials {
  readonly #player = new TrialPlayer(createTinyVerifier());
  #isBusy = false;

  /**
   * Between two batches, each of a few milliseconds, everybody else has a turn.
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
    const { seed, runs } = order;
    const experiment = doubleSpendExperiment(order, runs);
    const tallies: Tally[] = [];
    for (const batch of batchesOf(experiment.trial, seed, runs)) {
      tallies.push(this.#player.play(batch));
      await breathe();
    }
    const { estimate, interval, theory = NaN, z = NaN } = resultOf(experiment, tallies);
    return { estimate, interval, theory, z, runs, seed, command: commandOf(order) };
  }
}

/** The same experiment from the same seed, so the same estimate. */
function commandOf({ share, confirmations, giveUpBehind, premine, runs, seed }: TrialsOrder) {
  const flags = { share, confirmations, "give-up": giveUpBehind, premine, runs, seed };
  const words = Object.entries(flags).map(([name, value]) => `--${name} ${value}`);
  return ["powlab experiment double-spend", ...words, "--json"].join(" ");
}

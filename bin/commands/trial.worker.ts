/** A thread that plays batches of trials. */

import {
  createCachingVerifier,
  createTinyVerifier,
} from "../../src/io/verifying/signature-verifier.ts";
import { serveTasks } from "../../src/io/threads/task-worker.ts";
import type { Tally } from "../../src/experiments/tally.ts";
import { TrialPlayer, type Batch } from "../../src/experiments/trial.ts";

const knownSignaturesMax = 10_000;
const verifier = createCachingVerifier(createTinyVerifier(), knownSignaturesMax);
const player = new TrialPlayer(verifier);

serveTasks<Batch, Tally>((batch) => player.play(batch));

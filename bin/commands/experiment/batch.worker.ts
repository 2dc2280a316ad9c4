/** A thread that runs batches of experiments. */

import { experiments } from "../../../src/experiments/catalogue.ts";
import { type Batch, BatchRunner } from "../../../src/experiments/engine/batch.ts";
import type { Tally } from "../../../src/experiments/engine/tally.ts";
import { serveTasks } from "../../../src/io/threads/task-worker.ts";
import {
  createCachingVerifier,
  createTinyVerifier,
} from "../../../src/io/verifying/signature-verifier.ts";

const knownSignaturesMax = 10_000;
const verifier = createCachingVerifier(createTinyVerifier(), knownSignaturesMax);
const runner = new BatchRunner(experiments, verifier);

serveTasks<Batch, Tally>((batch) => runner.run(batch));

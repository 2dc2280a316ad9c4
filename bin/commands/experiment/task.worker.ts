/** A thread that runs tasks of experiments. */

import { exactExperiments, experiments } from "../../../src/experiments/catalogue.ts";
import { type Task, type TaskResult, TaskRunner } from "../../../src/experiments/engine/task.ts";
import { adoptHasher } from "../../../src/io/hashing/hasher-choice.ts";
import { serveTasks } from "../../../src/io/threads/task-worker.ts";
import {
  createCachingVerifier,
  createTinyVerifier,
} from "../../../src/io/verifying/signature-verifier.ts";

adoptHasher();

const knownSignaturesMax = 10_000;
const verifier = createCachingVerifier(createTinyVerifier(), knownSignaturesMax);
const runner = new TaskRunner(experiments, exactExperiments, verifier);

serveTasks<Task, TaskResult>((task) => runner.run(task));

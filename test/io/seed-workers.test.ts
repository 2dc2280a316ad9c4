/** Shares seeds among threads: the answers are those of one thread, in the order of the seeds. */

import { expect, test } from "vitest";
import { runSeeds } from "../../src/io/seed-workers.ts";
import { investigate, type ChaosReport } from "../../src/sim/chaos/investigate.ts";
import { planChaos, stageChaos } from "../../src/sim/chaos/plan.ts";

const seeds = { first: 3, last: 6 };
const worker = "../../bin/commands/chaos.worker";
const run = { worker, workerData: {}, seeds, threads: 2 };

test("two threads answer what one would, one seed after the other", async () => {
  const answers: [number, ChaosReport][] = [];
  await runSeeds<ChaosReport>(run, (answer, seed) => answers.push([seed, answer]) > 0);
  const stage = stageChaos();
  const expected = [3, 4, 5, 6].map((seed) => [
    seed,
    investigate({ plan: planChaos(seed), stage }),
  ]);
  expect(answers).toEqual(expected);
});

test("who has heard enough ends it early", async () => {
  const heard: number[] = [];
  await runSeeds<ChaosReport>({ ...run, seeds: { first: 1, last: 1_000 } }, (_, seed) => {
    heard.push(seed);
    return seed < 2;
  });
  expect(heard.slice(0, 2)).toEqual([1, 2]);
  expect(heard.length).toBeLessThan(6);
});

test("a thread that cannot begin is an error", async () => {
  const missing = { ...run, worker: "../../bin/commands/nobody.worker" };
  await expect(runSeeds(missing, () => true)).rejects.toThrow("nobody.worker");
});

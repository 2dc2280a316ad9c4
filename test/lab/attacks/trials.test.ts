/** Many attacks in the simulator beside the closed form, while the lab goes on. */

import { expect, test } from "vitest";
import { trialsBody } from "../../../src/lab/attack-orders.ts";
import { Trials } from "../../../src/lab/attacks/trials.ts";
import { LeverError } from "../../../src/lab/nodes/lever-error.ts";

const order = {
  type: "double-spend",
  share: 0.3,
  confirmations: 3,
  giveUpBehind: 6,
  premine: 0,
  runs: 20_000,
  seed: "7",
} as const;

test("the estimate agrees with theory, and the same seed repeats it", async () => {
  const trials = new Trials();
  const first = await trials.run(order);
  expect(first).toMatchObject({ runs: 20_000, seed: "7" });
  expect(Math.abs(first.z)).toBeLessThan(4);
  expect(first.interval[0]).toBeLessThan(first.estimate);
  expect(first.interval[1]).toBeGreaterThan(first.estimate);
  expect(await trials.run(order)).toEqual(first);
  expect((await trials.run({ ...order, seed: "8" })).estimate).not.toBe(first.estimate);
});

test("others have their turns meanwhile, but no second trials", async () => {
  const trials = new Trials();
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 0);
  const running = trials.run(order);
  await expect(trials.run(order)).rejects.toThrow(LeverError);
  await running;
  clearInterval(turning);
  expect(turns).toBeGreaterThan(1);
  expect((await trials.run({ ...order, runs: 1 })).runs).toBe(1);
});

test("an order is refused if it is too large, or its seed is more than a word", () => {
  expect(trialsBody.safeParse(order).success).toBe(true);
  const wrong = [
    { runs: 0 },
    { runs: 20_001 },
    { share: 1.5 },
    { premine: 2 },
    { confirmations: 0 },
  ];
  const seeds = ["", "-1", "a b", "$(ls)", "x".repeat(65)].map((seed) => ({ seed }));
  for (const change of [...wrong, ...seeds]) {
    expect(trialsBody.safeParse({ ...order, ...change }).success).toBe(false);
  }
});

/** Plays seeds of chaos, and breaks promises on purpose to see that they are told. */

import { describe, expect, test } from "vitest";
import type { ChainStepCheck } from "../../../src/sim/chain-world/checks/check.ts";
import { runChaos } from "../../../src/sim/chaos/chaos.ts";
import { investigateChaos } from "../../../src/sim/chaos/investigate.ts";
import { planChaos, setUpChaos } from "../../../src/sim/chaos/plan.ts";
import { chaosNetworks } from "../../../src/sim/chaos/rules.ts";
import type { Verb } from "../../../src/sim/engine/faults.ts";

const setups = { regtest: setUpChaos("regtest"), lab: setUpChaos("lab") };
const setup = setups.regtest;
const seeds = Array.from({ length: 8 }, (_, position) => position + 1);

describe.each(chaosNetworks)("on the rules of %s", (network) => {
  const { headStart } = setups[network];

  test.each(seeds)("seed %i keeps every promise", (seed) => {
    const outcome = runChaos({ plan: planChaos(seed), setup: setups[network] });
    expect(outcome.failure).toBeUndefined();
    expect(outcome.height).toBeGreaterThan(headStart.height + 5);
    expect(outcome.elapsedMs).toBeGreaterThanOrEqual(60_000);
    expect(outcome.payments).toBeGreaterThan(0);
  });
});

test.each([
  [175, "regtest", "a block that comes too early is asked for again later"],
  [82, "regtest", "payments that could not be judged without missed blocks are asked for again"],
  [295, "lab", "blocks of a clock an hour ahead are waited for"],
  [374, "lab", "a lock that was closed at the first of several moves is no loss"],
] as const)("seed %i on %s keeps every promise: %s", (seed, network, _why) => {
  const { failure } = runChaos({ plan: planChaos(seed), setup: setups[network] });
  expect(failure).toBeUndefined();
});

test("two runs of one seed are the same, byte for byte, and those of two seeds are not", () => {
  const play = (seed: number) => {
    const lines: string[] = [];
    const outcome = runChaos({ plan: planChaos(seed), setup, onLine: (line) => lines.push(line) });
    return JSON.stringify({ lines, outcome });
  };
  const first = play(3);
  expect(play(3)).toBe(first);
  expect(play(4)).not.toBe(first);
  expect(first.length).toBeGreaterThan(2_000);
});

test("every drawn schedule has five faults or more", () => {
  const counts = Array.from({ length: 200 }, (_, seed) => planChaos(seed).faults.length);
  expect(Math.min(...counts)).toBe(5);
});

test("sixty plans together know every verb and every kind of byzantine node", () => {
  const faults = Array.from({ length: 60 }, (_, seed) => planChaos(seed).faults).flat();
  const deeds = faults.map((fault) => (fault.verb === "turn-byzantine" ? fault.by : fault.verb));
  expect(new Set(deeds).size).toBe(15 + 6);
});

describe("a broken promise", () => {
  /** It holds until some node begins its second life. */
  function nobodyStartsTwice(): ChainStepCheck {
    const lives = new Map<string, object>();
    return {
      name: "nobody starts twice",
      everySteps: 1,
      findViolation({ name, chain }) {
        const first = lives.get(name) ?? chain;
        lives.set(name, first);
        return first === chain ? undefined : "it lives again";
      },
    };
  }

  test("is told with the shortest schedule that breaks it, which breaks it again", () => {
    const plan = planChaos(1);
    const run = { plan, setup, makeChecks: () => [nobodyStartsTwice()] };
    const { outcome, shortest } = investigateChaos(run);
    expect(outcome.failure?.promise).toBe("nobody starts twice");
    expect(outcome.failure?.message).toMatch(
      /^nobody starts twice is violated at n\d after \d+ ms/,
    );
    expect(plan.faults.length).toBeGreaterThan(1);
    expect(shortest).toHaveLength(1);
    const lethal: Verb[] = ["crash", "restart", "amnesia", "corrupt"];
    expect(lethal).toContain(shortest![0]!.verb);
    const again = runChaos({ ...run, plan: { ...plan, faults: shortest! } });
    expect(again.failure?.promise).toBe("nobody starts twice");
  });

  test("is told if the best branch cannot reach everybody", () => {
    //  n1 ─ n2   n3 ─ n4
    const edges = [[0, 1], [2, 3]] as const; // prettier-ignore
    const plan = planChaos(1, { type: "drawn", count: 4, edges });
    const outcome = runChaos({ plan: { ...plan, faults: [] }, setup });
    expect(["the best branch spreads", "all agree"]).toContain(outcome.failure?.promise);
    expect(outcome.failure?.message).toContain("heights are n1");
  });

  test("is told if a node throws", () => {
    const check: ChainStepCheck = {
      name: "thrower",
      everySteps: 100,
      findViolation: () => {
        throw new RangeError("out of it");
      },
    };
    const { failure } = runChaos({ plan: planChaos(1), setup, makeChecks: () => [check] });
    expect(failure).toEqual({ promise: "no node throws", message: "RangeError: out of it" });
  });
});

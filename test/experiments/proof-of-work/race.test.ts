/** Checks races without nodes against the closed forms, and against the same attacks by full nodes. */

import { describe, expect, test } from "vitest";
import { notStubborn } from "../../../src/attacks/selfish-mining/behaviour.ts";
import { type Stubbornness } from "../../../src/attacks/selfish-mining/terms.ts";
import {
  countDoubleSpends,
  type DoubleSpendRace,
  raceSelfish,
} from "../../../src/experiments/proof-of-work/race.ts";
import {
  createCachingVerifier,
  createTinyVerifier,
} from "../../../src/io/verifying/signature-verifier.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import { runDoubleSpend } from "../../../src/sim/scenarios/double-spend.ts";
import { createParticipants } from "../../../src/sim/scenarios/participants.ts";
import { probabilityGivingUp } from "../../../src/theory/double-spend.ts";
import { selfishRevenue } from "../../../src/theory/mining.ts";
import { addSample, noSamples, ratioOf, zScore } from "../../../src/theory/statistics.ts";

const verifier = createCachingVerifier(createTinyVerifier(), 1_000);

describe("double spends without nodes", () => {
  test.each<[0 | 1, number]>([
    [0, 0.180051],
    [1, 0.32616],
  ])("with a premine of %d succeed as often as %d", (premine, theory) => {
    const race = { share: 0.3, confirmations: 3, premine, giveUpBehind: 28 };
    const runs = 14_400;
    const successes = countDoubleSpends(race, runs, createRandom(1, `premine ${premine}`));
    expect(Math.abs(zScore(successes / runs, theory, runs))).toBeLessThan(3);
  });

  test("by those without power never succeed, by those with all of it always do", () => {
    const race = { confirmations: 2, premine: 0 as const, giveUpBehind: 5 };
    expect(countDoubleSpends({ ...race, share: 0 }, 50, createRandom(1))).toBe(0);
  });

  // A share of one would wait for honest confirmations that never come.
  test.each<DoubleSpendRace>([
    { share: 0.4, confirmations: 1, premine: 0, giveUpBehind: 2 },
    { share: 0.3, confirmations: 2, premine: 1, giveUpBehind: 3 },
  ])("succeed as often as by full nodes: %o", (race) => {
    const participants = createParticipants(verifier);
    const [nodeRuns, raceRuns] = [30, 20_000];
    let byNodes = 0;
    for (let seed = 0; seed < nodeRuns; seed++) {
      const run = { ...race, seed: `nodes ${seed}`, verifier, participants, checks: [] };
      if (runDoubleSpend(run).outcome === "reversed") byNodes += 1;
    }
    const byRaces = countDoubleSpends(race, raceRuns, createRandom(4)) / raceRuns;
    expect(Math.abs(zScore(byRaces, probabilityGivingUp(race), raceRuns))).toBeLessThan(3);
    expect(Math.abs(zScore(byNodes / nodeRuns, byRaces, nodeRuns))).toBeLessThan(3);
  });
});

describe("selfish mining without nodes", () => {
  function revenueOf(share: number, gamma: number, stubborn: Stubbornness, blocks = 200_000) {
    let sums = noSamples;
    raceSelfish({ share, gamma, stubborn }, blocks, createRandom(2), ({ own, others }) => {
      sums = addSample(sums, own, own + others);
    });
    return ratioOf(sums);
  }

  test.each<[number, number]>([
    [0.1, 0],
    [0.25, 0.5],
    [1 / 3, 0],
    [0.4, 0],
    [0.4, 0.5],
    [0.4, 1],
    [0.45, 1],
  ])("with share %d and gamma %d earns what Eyal and Sirer say", (share, gamma) => {
    const { estimate, error } = revenueOf(share, gamma, notStubborn);
    expect(Math.abs(estimate - selfishRevenue(share, gamma)) / error).toBeLessThan(3);
  });

  test("of 800,000 blocks with share 0.4 and gamma 0 earns 0.48372 within 0.005", () => {
    const { estimate } = revenueOf(0.4, 0, notStubborn, 800_000);
    expect(Math.abs(estimate - 0.48372)).toBeLessThan(0.005);
  });

  // Nayak et al. 2016: stubbornness pays where the network is on the attacker's side, a trail even
  // where it is not; no policy earns more than Sapirshtein et al.'s optimum of 0.48865 at gamma 0.
  test("stubbornness pays where the network helps, and costs where it does not", () => {
    const lead = { ...notStubborn, lead: true };
    const equalFork = { ...notStubborn, equalFork: true };
    for (const stubborn of [lead, equalFork]) {
      expect(revenueOf(0.4, 1, stubborn).estimate).toBeGreaterThan(selfishRevenue(0.4, 1) + 0.01);
      expect(revenueOf(0.4, 0, stubborn).estimate).toBeLessThan(selfishRevenue(0.4, 0) - 0.01);
    }
    const trail = revenueOf(0.4, 0, { ...notStubborn, trail: 1 }, 800_000);
    expect(trail.estimate).toBeGreaterThan(selfishRevenue(0.4, 0) + 2 * trail.error);
    expect(trail.estimate).toBeLessThan(0.48865 + 3 * trail.error);
  });
});

/** Plays the scenarios: the same every time, and as often successful as theory says. */

import { describe, expect, test } from "vitest";
import { strictProbabilityGivingUp } from "../../src/theory/double-spend.ts";
import { zScore } from "../../src/theory/statistics.ts";
import { createCachingVerifier, createTinyVerifier } from "../../src/io/signature-verifier.ts";
import { MostWorkTip } from "../../src/sim/checks/most-work-tip.ts";
import { runDoubleSpend } from "../../src/sim/scenarios/double-spend.ts";
import { createParticipants } from "../../src/sim/scenarios/participants.ts";
import { runPartition } from "../../src/sim/scenarios/partition.ts";

const verifier = createCachingVerifier(createTinyVerifier(), 1_000);

describe("the double spend", () => {
  const participants = createParticipants(verifier);

  function play(seed: number, share: number) {
    const lines: string[] = [];
    const outcome = runDoubleSpend({
      seed,
      share,
      confirmations: 2,
      giveUpBehind: 4,
      verifier,
      participants,
      onLine: (line) => lines.push(line),
    });
    return { lines, outcome };
  }

  test("has the same transcript for the same seed, byte for byte, and another for another", () => {
    const first = play(7, 0.6);
    expect(play(7, 0.6)).toEqual(first);
    expect(play(8, 0.6).lines).not.toEqual(first.lines);
  });

  test("takes the payment back from the shop, where it succeeds", () => {
    const { outcome, lines } = play(7, 0.6);
    expect(outcome).toMatchObject({
      outcome: "reversed",
      phase: "published",
      payment: { status: "gone", confirmations: 0 },
      conflict: { status: "confirmed" },
      agreement: true,
    });
    expect(outcome.reorganisationDepth).toBe(outcome.publicBlocks);
    expect(outcome.secretBlocks).toBeGreaterThan(outcome.publicBlocks);
    const delivered = lines.findIndex((line) => line.endsWith("delivers the goods"));
    const lost = lines.findIndex((line) => line.includes("fall back to 0"));
    expect(delivered).toBeGreaterThan(0);
    expect(lost).toBeGreaterThan(delivered);
  });

  test("leaves the shop its payment, where mallory gives up", () => {
    const { outcome } = play(1, 0.05);
    expect(outcome).toMatchObject({
      outcome: "failed",
      phase: "given-up",
      reorganisationDepth: 0,
      payment: { status: "confirmed" },
      agreement: true,
    });
  });

  test("succeeds as often as the closed form says, within four standard errors", () => {
    const race = { share: 0.35, confirmations: 1, giveUpBehind: 3 };
    const seeds = Array.from({ length: 60 }, (_, seed) => seed);
    const checks = [new MostWorkTip()];
    const outcomes = seeds.map((seed) => {
      return runDoubleSpend({ ...race, seed, verifier, participants, checks }).outcome;
    });
    expect(outcomes).not.toContain("undecided");
    const successes = outcomes.filter((outcome) => outcome === "reversed").length;
    const theory = strictProbabilityGivingUp(race);
    const deviation = zScore(successes / seeds.length, theory, seeds.length);
    expect(Math.abs(deviation)).toBeLessThan(4);
  });

  test("refuses a share that leaves nobody else, or nothing", () => {
    for (const share of [0, 1, NaN]) expect(() => play(1, share)).toThrow("share must be");
  });
});

describe("the partition", () => {
  test("heals to agreement, and the weaker half's payment waits again and is confirmed", () => {
    const outcome = runPartition({ seed: 3, verifier });
    expect(outcome).toMatchObject({ outcome: "agreed", disagreement: "" });
    expect(outcome.reorganisationDepth).toBeGreaterThan(0);
    expect(outcome.returned).toHaveLength(1);
  });

  test("has the same transcript for the same seed", () => {
    const transcripts = [1, 2].map(() => {
      const lines: string[] = [];
      runPartition({ seed: 5, intervals: 4, verifier, onLine: (line) => lines.push(line) });
      return lines;
    });
    expect(transcripts[0]!.length).toBeGreaterThan(5);
    expect(transcripts[1]).toEqual(transcripts[0]);
  });
});

/** Plays the scenarios: the same every time, and as often successful as theory says. */

import { describe, expect, test } from "vitest";
import {
  createCachingVerifier,
  createTinyVerifier,
} from "../../src/io/verifying/signature-verifier.ts";
import { MostWorkTip } from "../../src/sim/chain-world/checks/most-work-tip.ts";
import { runDoubleSpend } from "../../src/sim/scenarios/double-spend.ts";
import { createParticipants } from "../../src/sim/scenarios/participants.ts";
import { runPartition } from "../../src/sim/scenarios/partition.ts";
import { zScore } from "../../src/theory/statistics.ts";

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

  /** Blocks as they were found: by whom, and how high above the fork. */
  type Found = { readonly isMallorys: boolean; readonly height: number };

  /** A slow and obvious twin of the attack, which looks at nothing but who found which block. */
  function endOf(found: readonly Found[], confirmations: number, giveUpBehind: number): string {
    let [secret, honest] = [0, 0];
    for (const { isMallorys, height } of found) {
      if (isMallorys) secret = Math.max(secret, height);
      else honest = Math.max(honest, height);
      if (honest >= confirmations && secret > honest) return "reversed";
      if (honest - secret >= giveUpBehind) return "failed";
    }
    return "undecided";
  }

  // That races without nodes agree with the closed form is tested in thousands of runs
  // (test/experiments). This catches what a network may get wrong besides: mallory gives up
  // too late or never, counts a confirmation too few, wins with a tie, or has another share of the
  // blocks than of the power: 0.175 instead of 0.35 would be five standard errors off.
  test("ends as its blocks say, and mallory finds her share of them", () => {
    const { height: forkHeight } = participants.headStart;
    const [share, confirmations, giveUpBehind] = [0.35, 1, 3];
    const ends: string[] = [];
    let [blocks, mallorys] = [0, 0];
    for (let seed = 0; seed < 60; seed++) {
      const found: Found[] = [];
      const onLine = (line: string): void => {
        const [, name, height] = / s {2}([\w-]+) +mines block (\d+)/.exec(line) ?? [];
        if (name === undefined) return;
        found.push({ isMallorys: name === "mallory", height: Number(height) - forkHeight });
      };
      const terms = { seed, share, confirmations, giveUpBehind };
      const checks = [new MostWorkTip()];
      const { outcome } = runDoubleSpend({ ...terms, verifier, participants, checks, onLine });
      expect(outcome, `seed ${seed}`).toBe(endOf(found, confirmations, giveUpBehind));
      ends.push(outcome);
      blocks += found.length;
      mallorys += found.filter(({ isMallorys }) => isMallorys).length;
    }
    expect(new Set(ends)).toEqual(new Set(["reversed", "failed"]));
    expect(blocks).toBeGreaterThan(180);
    expect(Math.abs(zScore(mallorys / blocks, share, blocks))).toBeLessThan(3);
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

/** Plays the attacks with real nodes: selfish mining, an eclipse, sybils. */

import { describe, expect, test } from "vitest";
import {
  createCachingVerifier,
  createTinyVerifier,
} from "../../src/io/verifying/signature-verifier.ts";
import { runEclipse } from "../../src/sim/scenarios/eclipse.ts";
import { runSelfishMining } from "../../src/sim/scenarios/selfish-mining.ts";
import { runSybil } from "../../src/sim/scenarios/sybil.ts";

const verifier = createCachingVerifier(createTinyVerifier(), 1_000);

describe("selfish mining by a real node", () => {
  test("earns what theory says at the gamma that was measured", () => {
    const run = { seed: 2, share: 0.4, blocks: 250, verifier };
    const slow = runSelfishMining({ ...run, links: "equal" });
    const fast = runSelfishMining({ ...run, links: "fast" });
    for (const { agreement, z, ties } of [slow, fast]) {
      expect(agreement).toBe(true);
      expect(ties).toBeGreaterThan(20);
      expect(Math.abs(z!)).toBeLessThan(3);
    }
    // A tie is decided for her by all but the miner who found the rival: five of six.
    expect(slow.gamma).toBeLessThan(0.25);
    expect(fast.gamma).toBeGreaterThan(0.6);
  });

  test("has the same transcript for the same seed", () => {
    const transcripts = [1, 2].map(() => {
      const lines: string[] = [];
      const onLine = (line: string) => lines.push(line);
      runSelfishMining({ seed: 9, share: 0.3, blocks: 100, links: "fast", verifier, onLine });
      return lines;
    });
    expect(transcripts[0]!.length).toBeGreaterThan(100);
    expect(transcripts[1]).toEqual(transcripts[0]);
  });

  test("refuses a share of one half: its race might never end", () => {
    const run = { seed: 1, share: 0.5, blocks: 100, verifier };
    expect(() => runSelfishMining({ ...run, links: "equal" })).toThrow("share must be");
  });
});

describe("an eclipse", () => {
  test("makes a shop deliver for a payment that one honest peer takes back", () => {
    const lines: string[] = [];
    const outcome = runEclipse({
      seed: 3,
      share: 0.2,
      confirmations: 3,
      verifier,
      onLine: (line) => lines.push(line),
    });
    expect(outcome).toMatchObject({
      outcome: "reversed",
      falseBlocks: 3,
      reorganisationDepth: 3,
      payment: { status: "gone" },
      conflict: { status: "confirmed" },
    });
    expect(outcome.trueBlocks).toBeGreaterThan(outcome.falseBlocks);
    expect(lines.findIndex((line) => line.includes("delivers"))).toBeLessThan(
      lines.findIndex((line) => line.includes("shop      reorganises")),
    );
  });
});

describe("sybils", () => {
  test("get blocks by their power, not by their number", () => {
    const outcome = runSybil({ seed: 1, share: 0.2, identities: 12, blocks: 60, verifier });
    expect(outcome.nodesPart).toBe(0.8);
    expect(Math.abs(outcome.z)).toBeLessThan(3);
    expect(outcome.blocksPart).toBeLessThan(0.4);
  });
});

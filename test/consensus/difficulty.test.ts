/** Checks targets: ASERT's public rows, Bitcoin's interval rule, and the lab's own rule. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asertBits, nextBits } from "../../src/consensus/difficulty.ts";
import { checkHeaderInContext, earliestTime } from "../../src/consensus/header.ts";
import { lab, main, regtest } from "../../src/consensus/params.ts";
import type { CompactTarget, Milliseconds } from "../../src/primitives/brand.ts";
import { createRandom } from "../../src/primitives/random.ts";
import { encodeCompact, targetOf, workOf } from "../../src/primitives/target.ts";
import { describeVectors } from "../vectors/suite.ts";
import { childOf, headerOf, lineOf, ruleOf, startTime } from "./samples.ts";

function compact(bits: number): CompactTarget {
  return bits as CompactTarget;
}

function hexOf(bits: number): string {
  return `0x${bits.toString(16).padStart(8, "0")}`;
}

describe("aserti3-2d", () => {
  const runs = [10, 10, 10, 225, 225, 1000, 1000, 500, 10, 10];

  test("has 3,000 public rows", () => {
    expect(runs.reduce((total, rows) => total + rows, 0)).toBe(3000);
  });

  for (const [i, count] of runs.entries()) {
    const run = `run${String(i + 1).padStart(2, "0")}`;
    describeVectors(`Bitcoin Cash Node's ${run}`, `asert/${run}`, (file) => {
      test(`all ${count} targets are the same`, () => {
        const { anchor, rows } = parseRun(file.toString());
        expect(rows).toHaveLength(count);
        for (const { name, height, time, target } of rows) {
          const bits = asertBits({
            anchorBits: anchor.bits,
            timeDeltaSeconds: Number(time - anchor.parentTime),
            heightDelta: Number(height - anchor.height),
            spacingSeconds: 600,
            halfLifeSeconds: 172_800,
            targetMax: main.targetMax,
          });
          expect(hexOf(bits), `row ${name}`).toBe(target);
        }
      });
    });
  }
});

/** Reads a run: facts behind `##`, one column title line behind `#`, then rows. */
function parseRun(text: string) {
  const lines = text.trim().split("\n");
  const fact = (name: string) =>
    lines.find((line) => line.startsWith(`##   ${name}: `))!.split(": ")[1]!;
  const rows = lines
    .filter((line) => !line.startsWith("#"))
    .map((line) => {
      // Heights of the last run are above 2^53.
      const [name, height, time, target] = line.trim().split(/\s+/);
      return { name, height: BigInt(height!), time: BigInt(time!), target };
    });
  const anchor = {
    height: BigInt(fact("anchor height")),
    parentTime: BigInt(fact("anchor ancestor time")),
    bits: compact(Number(fact("anchor nBits"))),
  };
  return { anchor, rows };
}

describe("Bitcoin's rule, every 2016 blocks", () => {
  function retarget(firstTime: number, lastTime: number, height: number, bits: number): string {
    const times = [firstTime, ...new Array<number>(2014).fill(firstTime), lastTime];
    return hexOf(nextBits(lineOf(times, height, compact(bits)), main));
  }

  // Bitcoin Core, src/test/pow_tests.cpp, with block heights of the main network.
  test.each([
    ["follows the time taken", 1_261_130_161, 1_262_152_739, 32_255, 0x1d00_ffff, "0x1d00d86a"],
    [
      "is never easier than the limit",
      1_231_006_505,
      1_233_061_996,
      2015,
      0x1d00_ffff,
      "0x1d00ffff",
    ],
    [
      "is at most four times harder",
      1_279_008_237,
      1_279_297_671,
      68_543,
      0x1c05_a3f4,
      "0x1c0168fd",
    ],
    [
      "is at most four times easier",
      1_263_163_443,
      1_269_211_443,
      46_367,
      0x1c38_7f6f,
      "0x1d00e1fd",
    ],
  ])("%s", (_what, first, last, height, bits, expected) => {
    expect(retarget(first, last, height, bits)).toBe(expected);
  });

  test("leaves every other block's target as it was", () => {
    expect(retarget(1_261_130_161, 1_262_152_739, 32_254, 0x1c05_a3f4)).toBe("0x1c05a3f4");
    expect(retarget(1_261_130_161, 1_262_152_739, 32_256, 0x1c05_a3f4)).toBe("0x1c05a3f4");
  });
});

test("regtest's target never moves", () => {
  const parent = lineOf([startTime, startTime + 86_400], 2015, compact(0x1d00_ffff));
  expect(hexOf(nextBits(parent, regtest))).toBe("0x207fffff");
});

describe("the lab's rule", () => {
  /** After a block that moves the median by so much: half of its eleven blocks came later. */
  function bitsAfter(medianStep: number, bits: number): CompactTarget {
    const half = Array.from({ length: 6 }, () => startTime);
    const times = [...half, ...half.map((time) => time + medianStep)];
    return nextBits(lineOf(times, 1000, compact(bits)), lab);
  }

  test("gives the first blocks the target of genesis, however long ago that was made", () => {
    const { bits, time } = lab.genesis.header;
    let tip = childOf(undefined, 0, lab.genesis.header);
    for (let height = 1; height <= 11; height++) {
      expect(nextBits(tip, lab), `block ${height}`).toBe(bits);
      tip = childOf(tip, height, headerOf({ bits, time: time + 30_000_000 + height * 9 }));
    }
    // The twelfth block is the first whose parent has eleven ancestors: it took nine seconds.
    expect(nextBits(tip, lab)).toBe(bitsAfter(9, bits));
  });

  // Computed apart, from the formula in the specification, with integers of any size.
  test.each([
    [0x1f01_0000, 0, "0x1f00fa2b"],
    [0x1f01_0000, 1, "0x1f00fd11"],
    [0x1f01_0000, 2, "0x1f010000"],
    [0x1f01_0000, 3, "0x1f0102fc"],
    [0x1f01_0000, 12, "0x1f011f60"],
    [0x1f01_0000, 24, "0x1f014a0e"],
    [0x1f01_0000, 25, "0x1f014de4"],
    [0x1f01_0000, 60, "0x1f01f454"],
    [0x1f01_0000, 61, "0x1f01f454"],
    [0x1f01_0000, 86_400, "0x1f01f454"],
    [0x1e12_3456, 1, "0x1e11fef7"],
    [0x1e12_3456, 12, "0x1e146f80"],
    [0x1f7f_ffff, 3, "0x2000817d"],
    [0x2000_ffff, 24, "0x2000ffff"],
    [0x2000_ffff, 2, "0x2000ffff"],
    [0x0101_0000, 0, "0x01010000"],
  ])("from %i, a median that moved by %d s leads to %s", (bits, medianStep, expected) => {
    expect(hexOf(bitsAfter(medianStep, bits))).toBe(expected);
  });

  const targets = fc.bigInt({ min: 2n ** 64n, max: 2n ** 240n }).map(encodeCompact);

  test("keeps any target at exactly the right pace", () => {
    fc.assert(
      fc.property(targets, (bits) => {
        expect(bitsAfter(lab.spacingSeconds, bits)).toBe(bits);
      }),
    );
  });

  test("moves the target by a power of two for each half-life, within a thousandth", () => {
    fc.assert(
      fc.property(targets, fc.integer({ min: 0, max: 600 }), (bits, medianStep) => {
        const factor = ratio(targetOf(bitsAfter(medianStep, bits))!, targetOf(bits)!);
        const counted = Math.min(medianStep, 60);
        expect(factor / 2 ** ((counted - 2) / 60)).toBeCloseTo(1, 3);
      }),
    );
  });

  test("is never easier after a faster block", () => {
    const times = fc.integer({ min: 0, max: 600 });
    fc.assert(
      fc.property(targets, times, times, (bits, some, other) => {
        const fast = targetOf(bitsAfter(Math.min(some, other), bits))!;
        const slow = targetOf(bitsAfter(Math.max(some, other), bits))!;
        expect(fast <= slow).toBe(true);
      }),
    );
  });

  test("lets a night's pause count as no more than 30 spacings", () => {
    const bits = compact(0x1e12_3456);
    expect(bitsAfter(8 * 3600, bits)).toBe(bitsAfter(60, bits));
  });

  test("finds the right pace for a hash rate a thousand times as high, and keeps it", () => {
    const random = createRandom(7, "pace");
    const hashesPerSecond = 2 ** 25;
    const settling = 600;
    const measured = 3000;
    let clock = startTime;
    let settledAt = clock;
    let tip = childOf(undefined, 0, headerOf({ bits: lab.genesis.header.bits, time: clock }));
    for (let height = 1; height <= settling + measured; height++) {
      const bits = nextBits(tip, lab);
      clock += random.nextExponential(Number(workOf(targetOf(bits)!)) / hashesPerSecond);
      const time = Math.max(Math.floor(clock), tip.medianTime + 1);
      tip = childOf(tip, height, headerOf({ bits, time }));
      if (height === settling) settledAt = clock;
    }
    const pace = (clock - settledAt) / measured / lab.spacingSeconds;
    expect(pace).toBeGreaterThan(0.95);
    expect(pace).toBeLessThan(1.05);
  });
});

describe("whatever times the rules allow", () => {
  /** Seconds until a block is found, and where between the earliest and the latest its time is. */
  const blocks = fc.array(
    fc.record({
      waited: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 100_000 })),
      place: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
    }),
    { minLength: 1, maxLength: 60 },
  );

  test("the target moves by no more than the bounds imply, and the median never goes back", () => {
    const [least, most] = [2 ** (-2 / 60), 2 ** (58 / 60)];
    fc.assert(
      fc.property(blocks, (chosen) => {
        let tip = lineOf([startTime], 0, lab.genesis.header.bits);
        let clock = startTime;
        for (const { waited, place } of chosen) {
          const earliest = earliestTime(tip, lab);
          clock = Math.max(clock + waited, earliest - lab.futureTimeMaxSeconds);
          const latest = clock + lab.futureTimeMaxSeconds;
          const time = Math.round(earliest + place * (latest - earliest));
          const header = headerOf({ bits: nextBits(tip, lab), time });
          const now = (clock * 1000) as Milliseconds;
          expect(ruleOf(checkHeaderInContext(header, tip, lab, now))).toBe("valid");
          const child = childOf(tip, tip.height + 1, header);
          const factor = ratio(targetOf(nextBits(child, lab))!, targetOf(header.bits)!);
          expect(factor).toBeGreaterThan(least * 0.999);
          expect(factor).toBeLessThan(most * 1.001);
          expect(child.medianTime).toBeGreaterThanOrEqual(tip.medianTime);
          tip = child;
        }
      }),
    );
  });
});

function ratio(a: bigint, b: bigint): number {
  return Number((a * 2n ** 52n) / b) / 2 ** 52;
}

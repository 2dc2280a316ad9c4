/** Checks the rules for headers on real headers, and on either side of every boundary. */

import { describe, expect, test } from "vitest";
import type { Ancestor } from "../../src/consensus/ancestor.ts";
import { nextBits } from "../../src/consensus/difficulty.ts";
import {
  checkHeaderInContext,
  checkProofOfWork,
  earliestTime,
  futureLimit,
} from "../../src/consensus/header.ts";
import { lab, main, type Params, regtest } from "../../src/consensus/params.ts";
import type { CompactTarget, Milliseconds } from "../../src/primitives/brand.ts";
import { parseHex } from "../../src/primitives/bytes.ts";
import { headerSizeBytes } from "../../src/primitives/hashing.ts";
import { blockHash, decodeHeader, type Header } from "../../src/primitives/header.ts";
import { unpackBlocks } from "../vectors/real-blocks.ts";
import { describeVectors } from "../vectors/suite.ts";
import { childOf, headerOf, lineOf, now, ruleOf, solvedHeader, startTime } from "./samples.ts";

function decode(bytes: Uint8Array): Header {
  const verdict = decodeHeader(bytes);
  if (!verdict.ok) throw new Error(verdict.problem.reason);
  return verdict.value;
}

for (const height of [300_025, 426_884, 482_683, 928_828, 1_087_400]) {
  describeVectors(`real block ${height}`, `blocks/block${height}.raw`, (file) => {
    const header = decode(file.subarray(0, headerSizeBytes));

    test("proves its work, and not with another nonce", () => {
      expect(checkProofOfWork(header, main).ok).toBe(true);
      expect(ruleOf(checkProofOfWork({ ...header, nonce: 0 }, main))).toBe("high-hash");
    });
  });
}

describeVectors("Bitcoin's first headers", "blocks/blocks1-256.bz2", (file) => {
  const packed = unpackBlocks(file);
  if (packed === undefined) console.warn("skipped: Bitcoin's first headers: there is no bzip2");

  test.skipIf(packed === undefined)("all 255 keep every rule but that of today's version", () => {
    expect(packed).toHaveLength(255);
    let parent: Ancestor = childOf(undefined, 0, main.genesis.header);
    for (const bytes of packed!) {
      const header = decode(bytes.subarray(0, headerSizeBytes));
      const height = parent.height + 1;
      const name = `block ${height}`;
      expect(header.previous, name).toBe(blockHash(parent.header));
      expect(ruleOf(checkProofOfWork(header, main)), name).toBe("valid");
      // The version is checked last.
      expect(ruleOf(checkHeaderInContext(header, parent, main, now)), name).toBe("bad-version");
      const renewed = { ...header, version: 4 };
      expect(ruleOf(checkHeaderInContext(renewed, parent, main, now)), name).toBe("valid");
      parent = childOf(parent, height, header);
    }
  });
});

describeVectors(
  "Bitcoin Core's test network headers",
  "blocks/blockheader_testnet3.hex",
  (file) => {
    const headers = file
      .toString()
      .trim()
      .split("\n")
      .map((line) => decode(parseHex(line.replace("fork:", ""))));

    test("all 548 prove their work and follow one that is known", () => {
      // The first block of the third test network; the first two lines are a branch of their own.
      const genesis = "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943";
      const known = new Set<string>([genesis]);
      for (const [i, header] of headers.entries()) {
        const name = `line ${i + 1}`;
        expect(known.has(header.previous), name).toBe(true);
        expect(ruleOf(checkProofOfWork(header, main)), name).toBe("valid");
        known.add(blockHash(header));
      }
      expect(known.size).toBe(549);
    });
  },
);

describe("proof of work", () => {
  function misses(): Header {
    for (let nonce = 0; ; nonce++) {
      const header = headerOf({ nonce });
      if (BigInt(`0x${blockHash(header)}`) > regtest.targetMax) return header;
    }
  }

  test("a hash above the target is none, and the hash is told", () => {
    const header = misses();
    expect(checkProofOfWork(header, regtest)).toEqual({
      ok: false,
      problem: { rule: "high-hash", hash: blockHash(header) },
    });
  });

  test("a hash below the target is one", () => {
    expect(checkProofOfWork(solvedHeader(), regtest).ok).toBe(true);
  });

  test.each([
    ["zero", 0x0000_0000],
    ["negative", 0x20ff_ffff],
    ["beyond 256 bits", 0x2300_0001],
    ["easier than the network allows", 0x2100_8000],
  ])("a target that is %s proves nothing", (_what, bits) => {
    for (let nonce = 0; nonce < 20; nonce++) {
      const header = headerOf({ bits: bits as CompactTarget, nonce });
      expect(ruleOf(checkProofOfWork(header, regtest))).toBe("high-hash");
    }
  });
});

describe("a header in its place", () => {
  const parent = lineOf(
    Array.from({ length: 12 }, (_, i) => startTime - 1200 + 100 * i),
    200,
  );
  const median = startTime - 600;

  function judge(given: Partial<Header>, at: Ancestor = parent, params: Params = regtest): string {
    const bits = nextBits(at, params);
    return ruleOf(checkHeaderInContext(headerOf({ bits, ...given }), at, params, now));
  }

  test.each([
    ["the right target", {}, "valid"],
    ["a harder target", { bits: 0x207f_fffe as CompactTarget }, "bad-diffbits"],
    ["an easier target", { bits: 0x2100_7fff as CompactTarget }, "bad-diffbits"],
    ["the median time", { time: median }, "time-too-old"],
    ["a second after the median", { time: median + 1 }, "valid"],
    ["two hours ahead of the clock", { time: startTime + 7200 }, "valid"],
    ["a second more", { time: startTime + 7201 }, "time-too-new"],
    ["version 4", { version: 4 }, "valid"],
    ["version 3", { version: 3 }, "bad-version"],
    ["version 1", { version: 1 }, "bad-version"],
    ["a version below zero", { version: -1 }, "bad-version"],
    ["the largest version", { version: 0x7fff_ffff }, "valid"],
  ])("with %s: what of it?", (_what, given, rule) => {
    expect(judge(given)).toBe(rule);
  });

  test("breaks rules in Bitcoin Core's order", () => {
    const bits = 0x207f_fffe as CompactTarget;
    expect(judge({ bits, time: 0, version: 1 })).toBe("bad-diffbits");
    expect(judge({ time: 0, version: 1 })).toBe("time-too-old");
    expect(judge({ time: 0xffff_ffff, version: 1 })).toBe("time-too-new");
  });

  test("on lab may be 10 seconds ahead of the clock, not more", () => {
    expect(judge({ time: startTime + 10 }, parent, lab)).toBe("valid");
    expect(judge({ time: startTime + 11 }, parent, lab)).toBe("time-too-new");
  });

  test("tells the facts", () => {
    const header = headerOf({ time: median });
    expect(checkHeaderInContext(header, parent, regtest, now)).toEqual({
      ok: false,
      problem: { rule: "time-too-old", time: median, median },
    });
  });

  test("too new now is valid when the clock has moved on", () => {
    const header = headerOf({ time: startTime + 7201 });
    expect(checkHeaderInContext(header, parent, regtest, now).ok).toBe(false);
    const later = (now + 1000) as Milliseconds;
    expect(checkHeaderInContext(header, parent, regtest, later).ok).toBe(true);
    const tooEarly = (now + 999) as Milliseconds;
    expect(futureLimit(tooEarly, regtest)).toBe(startTime + 7200);
  });
});

describe("the first block of a period", () => {
  /** Its parent is a jump ahead of all before it, which are enough for a retarget. */
  function parentAt(height: number): Ancestor {
    return lineOf([...new Array<number>(2015).fill(startTime - 5000), startTime], height);
  }

  function judge(height: number, time: number, params: Params = regtest): string {
    const parent = parentAt(height - 1);
    const header = headerOf({ time, bits: nextBits(parent, params) });
    return ruleOf(checkHeaderInContext(header, parent, params, now));
  }

  test.each([
    [144, startTime - 600, "valid"],
    [144, startTime - 601, "time-timewarp-attack"],
    [288, startTime - 601, "time-timewarp-attack"],
    [143, startTime - 601, "valid"],
    [145, startTime - 601, "valid"],
  ])("at height %d with time %d: what of it?", (height, time, rule) => {
    expect(judge(height, time)).toBe(rule);
  });

  test("is free on the other networks, as in Bitcoin", () => {
    expect(judge(144, startTime - 601, lab)).toBe("valid");
    expect(judge(2016, startTime - 601, main)).toBe("valid");
  });

  test.each([143, 144, 145])("at height %d may have the earliest time, not a second less", (at) => {
    const time = earliestTime(parentAt(at - 1), regtest);
    expect(judge(at, time)).toBe("valid");
    expect(judge(at, time - 1)).toMatch(/^time-/);
  });
});

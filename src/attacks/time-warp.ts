/** The time warp: false timestamps at the ends of periods, so that blocks get ever easier. */

import { type Ancestor, medianTimeOf } from "../consensus/ancestor.ts";
import { nextBits } from "../consensus/difficulty.ts";
import { checkHeaderInContext, earliestTime, futureLimit } from "../consensus/header.ts";
import { main, type Params } from "../consensus/params.ts";
import type { BlockHash, Milliseconds } from "../primitives/brand.ts";
import { zeroHash } from "../primitives/hash.ts";
import type { Header } from "../primitives/header.ts";
import { decodeCompact, encodeCompact } from "../primitives/target.ts";
import { requireCount } from "../theory/statistics.ts";

export const warpRules = ["2016", "2016-bip94", "asert"] as const;
/** Bitcoin's rule, the same with BIP94's guard, and ASERT as the lab has it. */
export type WarpRule = (typeof warpRules)[number];

export const warpStamps = ["honest", "warp", "future"] as const;
/**
 * What headers claim: the time; the earliest time allowed, but the latest in the last block of each
 * period; always the latest allowed.
 */
export type WarpStamp = (typeof warpStamps)[number];

export type WarpPeriod = {
  /** How long its blocks really took, by how long they should. */
  readonly pace: number;
  /** At its end, by that at the beginning of all. */
  readonly difficulty: number;
};

const period = 2016;
const spacing = main.spacingSeconds;
/** Blocks may get so many times easier. */
const easierBits = 40n;
/** @see Bitcoin Cash Node's specification 2020-11-15-asert: two days */
const halfLifeSeconds = 172_800;
/** As many spacings as in the lab. */
const solveTimeMaxSeconds = 30 * spacing;
const startSeconds = 1_767_225_600;
const blockVersion = 0x2000_0000;

/**
 * Mines a chain of headers with a hash power that never changes and has no rival, each block in
 * just the time it takes on average. Every header is one that the consensus rules accept.
 */
export function warpTime(rule: WarpRule, stamp: WarpStamp, periods: number): WarpPeriod[] {
  requireCount("periods", periods, 1);
  const params = paramsFor(rule);
  const firstTarget = params.targetMax >> easierBits;
  let tip = firstAncestor(firstTarget);
  let now = startSeconds;
  return Array.from({ length: periods }, () => {
    const begunAt = now;
    for (let block = 0; block < period; block++) {
      const bits = nextBits(tip, params);
      now += spacing * ratioOf(firstTarget, decodeCompact(bits).target);
      tip = extend(tip, stamp, now, params);
    }
    const { target } = decodeCompact(tip.header.bits);
    return { pace: (now - begunAt) / (period * spacing), difficulty: ratioOf(firstTarget, target) };
  });
}

function paramsFor(rule: WarpRule): Params {
  switch (rule) {
    case "2016":
      return main;
    case "2016-bip94":
      return { ...main, timewarpPeriod: period };
    case "asert":
      return {
        ...main,
        difficulty: { type: "relative-asert", halfLifeSeconds, solveTimeMaxSeconds },
      };
  }
}

/** Blocks of the first period that stand for all of it: with fewer, no rule knows their pace. */
const knownBlocks = 12;

/** The last block of a period whose blocks all took as long as they should. */
function firstAncestor(target: bigint): Ancestor {
  const bits = encodeCompact(target);
  let last = placedAfter(undefined, 0, headerOf(startSeconds - period * spacing, bits));
  for (let height = period - knownBlocks; height < period; height++) {
    const time = startSeconds - (period - 1 - height) * spacing;
    last = placedAfter(last, height, headerOf(time, bits));
  }
  return last;
}

function placedAfter(parent: Ancestor | undefined, height: number, header: Header): Ancestor {
  return { header, height, medianTime: medianTimeOf(header, parent), parent };
}

function headerOf(time: number, bits: Header["bits"]): Header {
  const previous = zeroHash as BlockHash;
  return { version: blockVersion, previous, merkleRoot: zeroHash, time, bits, nonce: 0 };
}

function extend(parent: Ancestor, stamp: WarpStamp, seconds: number, params: Params): Ancestor {
  const now = (seconds * 1000) as Milliseconds;
  const header = headerOf(timeFor(parent, stamp, now, params), nextBits(parent, params));
  const verdict = checkHeaderInContext(header, parent, params, now);
  if (!verdict.ok) throw new Error(`the rules do not allow it: ${verdict.problem.rule}`);
  return placedAfter(parent, parent.height + 1, header);
}

function timeFor(parent: Ancestor, stamp: WarpStamp, now: Milliseconds, params: Params): number {
  const earliest = earliestTime(parent, params);
  const latest = futureLimit(now, params);
  switch (stamp) {
    case "honest":
      return Math.max(Math.floor(now / 1000), earliest);
    case "warp":
      return (parent.height + 2) % period === 0 ? latest : earliest;
    case "future":
      return latest;
  }
}

function ratioOf(a: bigint, b: bigint): number {
  return Number(a) / Number(b);
}

/** A chain of headers whose miners choose their timestamps, under the lab's rule and under others. */

import { type Ancestor, medianTimeOf } from "../../consensus/ancestor.ts";
import { asertBits, nextBits } from "../../consensus/difficulty.ts";
import { earliestTime, futureLimit } from "../../consensus/header.ts";
import { lab, type Params } from "../../consensus/params.ts";
import type { CompactTarget, Milliseconds } from "../../primitives/brand.ts";
import type { Header } from "../../primitives/header.ts";
import type { Random } from "../../primitives/random.ts";
import { decodeCompact } from "../../primitives/target.ts";
import { unreachable } from "../../primitives/verdict.ts";

export const solveTimeNames = ["median", "median-60", "raw", "raw-12", "raw-30", "raw-0"] as const;
/**
 * What counts as the time that a block took, in spacings: `median` is the lab's rule, the step of
 * the median from 0 to 30, and `median-60` the same up to 60. The others take the difference of two
 * headers' times: `raw` up to 12 with no bound below, `raw-12` and `raw-30` with the same bound
 * below as above, `raw-0` from 0 to 12.
 */
export type SolveTimeName = (typeof solveTimeNames)[number];

export const stampNames = ["earliest", "latest", "random", "harder", "easier"] as const;
/**
 * The times that an attacker writes into its blocks: the earliest or the latest that is allowed,
 * one of these at random, or of these and the true time the one that makes the next block the
 * hardest or the easiest.
 */
export type StampName = (typeof stampNames)[number];

export type MiningTerms = {
  readonly rule: SolveTimeName;
  /** The attacker's part of the hash power. */
  readonly share: number;
  readonly stamps: StampName;
  /** Seconds without mining, before the block at a height. */
  readonly pauseBefore?: (height: number) => number;
  /** By how much everybody's clock is ahead while the block at a height is mined, in seconds. */
  readonly clockErrorAt?: (height: number) => number;
  /** All miners' hash rate while the block at a height is mined, in parts of the initial one. */
  readonly hashrateAt?: (height: number) => number;
};

export type MinedHeader = {
  readonly ancestor: Ancestor;
  /** The true time in which miners looked for it or had to rest: without the pause. */
  readonly seconds: number;
  /** In parts of the difficulty of genesis, which is right for the initial hash rate. */
  readonly difficulty: number;
};

const startSeconds = 1_800_000_000;
/** Honest clocks differ by as much, either way. */
const skewSeconds = 1;
/** A network that should find a block in two seconds and would need a day has stopped. */
export const waitSecondsMax = 86_400;

/** Headers as they are found; they end if the next one would take more than a day. */
export function* mineHeaders(terms: MiningTerms, random: Random): Generator<MinedHeader, void> {
  const bitsAfter = bitsRule(terms.rule);
  const firstTarget = targetNumber(lab.genesis.header.bits);
  let tip = childOf(undefined, startSeconds, lab.genesis.header.bits);
  let now = startSeconds;
  for (let height = 1; ; height++) {
    const bits = bitsAfter(tip);
    const difficulty = firstTarget / targetNumber(bits);
    const wait = (lab.spacingSeconds * difficulty) / (terms.hashrateAt?.(height) ?? 1);
    if (wait > waitSecondsMax) return;
    now += terms.pauseBefore?.(height) ?? 0;
    const begunAt = now;
    const clockError = terms.clockErrorAt?.(height) ?? 0;
    const allowedAt = earliestTime(tip, lab) - lab.futureTimeMaxSeconds - clockError;
    now = Math.max(now, allowedAt) + random.nextExponential(wait);
    const clock = now + clockError;
    const isAttacker = random.nextFloat() < terms.share;
    const time = isAttacker
      ? attackerTime(terms.stamps, tip, clock, bits, bitsAfter, random)
      : within(tip, clock, clock + (2 * random.nextFloat() - 1) * skewSeconds);
    tip = childOf(tip, time, bits);
    yield { ancestor: tip, seconds: now - begunAt, difficulty };
  }
}

type BitsRule = (parent: Ancestor) => CompactTarget;

function bitsRule(rule: SolveTimeName): BitsRule {
  switch (rule) {
    case "median":
      return (parent) => nextBits(parent, lab);
    case "median-60":
      return (parent) => nextBits(parent, medianUpTo60);
    case "raw":
      return (parent) => rawBits(parent, -Infinity, 12);
    case "raw-12":
      return (parent) => rawBits(parent, -12, 12);
    case "raw-30":
      return (parent) => rawBits(parent, -30, 30);
    case "raw-0":
      return (parent) => rawBits(parent, 0, 12);
    default:
      return unreachable(rule);
  }
}

const halfLifeSeconds = 60;

const medianUpTo60: Params = {
  ...lab,
  difficulty: {
    type: "relative-asert",
    halfLifeSeconds,
    solveTimeMaxSeconds: 60 * lab.spacingSeconds,
  },
};

/** The target after a parent whose solve time is the difference of two headers' times. */
function rawBits(parent: Ancestor, spacingsMin: number, spacingsMax: number): CompactTarget {
  const anchorBits = parent.header.bits;
  if (parent.parent === undefined) return anchorBits;
  const { spacingSeconds, targetMax } = lab;
  const solveTime = parent.header.time - parent.parent.header.time;
  const [least, most] = [spacingsMin * spacingSeconds, spacingsMax * spacingSeconds];
  const timeDeltaSeconds = Math.min(Math.max(solveTime, least), most);
  const formula = { heightDelta: 0, spacingSeconds, halfLifeSeconds, targetMax };
  return asertBits({ anchorBits, timeDeltaSeconds, ...formula });
}

function attackerTime(
  stamps: StampName,
  tip: Ancestor,
  clock: number,
  bits: CompactTarget,
  bitsAfter: BitsRule,
  random: Random,
): number {
  const earliest = within(tip, clock, 0);
  const latest = within(tip, clock, Infinity);
  const times = [earliest, within(tip, clock, clock), latest];
  const targetAfter = (time: number) => targetNumber(bitsAfter(childOf(tip, time, bits)));
  switch (stamps) {
    case "earliest":
      return earliest;
    case "latest":
      return latest;
    case "random":
      return random.nextFloat() < 0.5 ? earliest : latest;
    case "harder":
      return times.reduce((a, b) => (targetAfter(b) < targetAfter(a) ? b : a));
    case "easier":
      return times.reduceRight((a, b) => (targetAfter(b) > targetAfter(a) ? b : a));
    default:
      return unreachable(stamps);
  }
}

/** The allowed time in whole seconds that is nearest to the one that is wanted. */
function within(parent: Ancestor, clock: number, wanted: number): number {
  const limit = futureLimit((clock * 1000) as Milliseconds, lab);
  return Math.max(Math.min(Math.round(wanted), limit), earliestTime(parent, lab));
}

function childOf(parent: Ancestor | undefined, time: number, bits: CompactTarget): Ancestor {
  const header: Header = { ...lab.genesis.header, time, bits };
  const height = parent === undefined ? 0 : parent.height + 1;
  return { header, height, medianTime: medianTimeOf(header, parent), parent };
}

function targetNumber(bits: CompactTarget): number {
  return Number(decodeCompact(bits).target);
}

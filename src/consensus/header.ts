/** The rules for a header: its own proof of work, then its place after its ancestors. */

import type { Milliseconds } from "../primitives/brand.ts";
import { blockHash, type Header } from "../primitives/header.ts";
import { isProvenBy, proofOf } from "../primitives/target.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import type { Ancestor } from "./ancestor.ts";
import { nextBits } from "./difficulty.ts";
import type { Params } from "./params.ts";
import type { BlockProblem } from "./problem.ts";

/** It has four bytes for its time. */
const headerTimeMaxSeconds = 0xffff_ffff;

type HeaderVerdict = Verdict<Header, BlockProblem>;

/** Checks that the hash is at or below the header's own target, and the target not too easy. */
export function checkProofOfWork(header: Header, params: Params): HeaderVerdict {
  const proof = proofOf(header.bits);
  const hash = blockHash(header);
  const isAllowed = proof !== undefined && proof.target <= params.targetMax;
  const isProven = isAllowed && isProvenBy(hash, proof);
  return isProven ? valid(header) : broken({ rule: "high-hash", hash });
}

/** How much older than its parent the first block of a period may be, in seconds. @see BIP94 */
const timewarpGraceMaxSeconds = 600;

/** Versions 1 to 3 ended with BIP34, BIP66 and BIP65. */
const versionMin = 4;

/**
 * Checks a header in its place: target, times and version.
 *
 * @see Bitcoin Core, ContextualCheckBlockHeader, whose order this keeps
 */
export function checkHeaderInContext(
  header: Header,
  parent: Ancestor,
  params: Params,
  now: Milliseconds,
): HeaderVerdict {
  const expected = nextBits(parent, params);
  if (header.bits !== expected) {
    return broken({ rule: "bad-diffbits", bits: header.bits, expected });
  }
  if (header.time <= parent.medianTime) {
    return broken({ rule: "time-too-old", time: header.time, median: parent.medianTime });
  }
  const least = parent.header.time - timewarpGraceMaxSeconds;
  if (isPeriodStart(parent.height + 1, params) && header.time < least) {
    return broken({ rule: "time-timewarp-attack", time: header.time, least });
  }
  const limit = futureLimit(now, params);
  if (header.time > limit) return broken({ rule: "time-too-new", time: header.time, limit });
  if (header.version < versionMin) {
    return broken({ rule: "bad-version", version: header.version });
  }
  return valid(header);
}

function isPeriodStart(height: number, params: Params): boolean {
  return params.timewarpPeriod !== undefined && height % params.timewarpPeriod === 0;
}

/** The latest time in seconds that a header may carry when the clock says `now`. */
export function futureLimit(now: Milliseconds, params: Params): number {
  return Math.min(Math.floor(now / 1000) + params.futureTimeMaxSeconds, headerTimeMaxSeconds);
}

/** The time in seconds that a child of `parent` made now carries. */
export function timeOfChild(parent: Ancestor, params: Params, now: Milliseconds): number {
  const seconds = Math.min(Math.floor(now / 1000), headerTimeMaxSeconds);
  return Math.max(seconds, earliestTime(parent, params));
}

/** The moment at which a child of `parent` may first be made: before, no time is allowed in it. */
export function earliestMoment(parent: Ancestor, params: Params): Milliseconds {
  const seconds = earliestTime(parent, params) - params.futureTimeMaxSeconds;
  return (seconds * 1000) as Milliseconds;
}

/** The earliest time in seconds that a child of `parent` may carry. */
export function earliestTime(parent: Ancestor, params: Params): number {
  const afterMedian = parent.medianTime + 1;
  if (!isPeriodStart(parent.height + 1, params)) return afterMedian;
  return Math.max(afterMedian, parent.header.time - timewarpGraceMaxSeconds);
}

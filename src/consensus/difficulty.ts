/** Which target the next block must have. */

import type { CompactTarget } from "../primitives/brand.ts";
import { decodeCompact, encodeCompact } from "../primitives/target.ts";
import { unreachable } from "../primitives/verdict.ts";
import { type Ancestor, ancestorAt } from "./ancestor.ts";
import type { Params } from "./params.ts";

/** The compact target that a child of `parent` must carry. */
export function nextBits(parent: Ancestor, params: Params): CompactTarget {
  const rule = params.difficulty;
  switch (rule.type) {
    case "fixed":
      return params.genesis.header.bits;
    case "relative-asert":
      return relativeAsertBits(parent, params, rule.halfLifeSeconds, rule.solveTimeMaxSeconds);
    case "interval":
      return intervalBits(parent, params, rule.interval);
    default:
      return unreachable(rule);
  }
}

/** Medians of fewer times would reach back to genesis, which is as old as the rules are. */
const ancestorsMin = 11;

/**
 * The target moves with the time the parent took: by a factor of two for each half-life that it was
 * too fast or too slow. The time it took is the step of the median time, which no minority of the
 * miners moves far and which never goes back; of a pause, `solveTimeMaxSeconds` count. The blocks
 * whose parents have fewer than eleven ancestors keep the target of genesis.
 *
 * @see docs/difficulty.md for what becomes of other solve times.
 */
function relativeAsertBits(
  parent: Ancestor,
  params: Params,
  halfLifeSeconds: number,
  solveTimeMaxSeconds: number,
): CompactTarget {
  const before = parent.parent;
  if (before === undefined || parent.height < ancestorsMin) return params.genesis.header.bits;
  const solveTime = parent.medianTime - before.medianTime;
  return asertBits({
    anchorBits: parent.header.bits,
    timeDeltaSeconds: Math.min(solveTime, solveTimeMaxSeconds),
    heightDelta: 0,
    spacingSeconds: params.spacingSeconds,
    halfLifeSeconds,
    targetMax: params.targetMax,
  });
}

export type AsertInput = {
  readonly anchorBits: CompactTarget;
  /** Seconds from the anchor's parent to the block before the one asked for. */
  readonly timeDeltaSeconds: number;
  /** Blocks from the anchor to the block before the one asked for. */
  readonly heightDelta: number;
  readonly spacingSeconds: number;
  readonly halfLifeSeconds: number;
  readonly targetMax: bigint;
};

/**
 * The aserti3-2d formula in 16-bit fixed point: anchor target · 2^((time − ideal time) / half-life),
 * with a cubic in place of the fractional power of two.
 *
 * @see Bitcoin Cash Node's specification 2020-11-15-asert
 */
export function asertBits(input: AsertInput): CompactTarget {
  const ideal = BigInt(input.spacingSeconds) * BigInt(input.heightDelta + 1);
  const deviation = (BigInt(input.timeDeltaSeconds) - ideal) * 65536n;
  const exponent = deviation / BigInt(input.halfLifeSeconds); // towards zero, as the specification says
  const shifts = exponent >> 16n; // downwards
  const fraction = exponent - shifts * 65536n;
  const factor =
    65536n +
    ((195_766_423_245_049n * fraction +
      971_821_376n * fraction * fraction +
      5_127n * fraction * fraction * fraction +
      (1n << 47n)) >>
      48n);
  const raw = decodeCompact(input.anchorBits).target * factor;
  const shift = shifts - 16n;
  const target = shift < 0n ? raw >> -shift : raw << shift;
  if (target === 0n) return encodeCompact(1n);
  return encodeCompact(target > input.targetMax ? input.targetMax : target);
}

/**
 * Bitcoin's rule: every 2016 blocks the target is scaled by the time the last 2016 took, by at
 * most four times either way.
 *
 * @see Bitcoin Core, CalculateNextWorkRequired
 */
function intervalBits(parent: Ancestor, params: Params, interval: number): CompactTarget {
  if ((parent.height + 1) % interval !== 0) return parent.header.bits;
  const first = ancestorAt(parent, parent.height - (interval - 1));
  const ideal = interval * params.spacingSeconds;
  const taken = parent.header.time - first.header.time;
  const bounded = Math.min(Math.max(taken, Math.floor(ideal / 4)), ideal * 4);
  const target = (decodeCompact(parent.header.bits).target * BigInt(bounded)) / BigInt(ideal);
  return encodeCompact(target > params.targetMax ? params.targetMax : target);
}

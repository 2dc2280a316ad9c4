/** Difficulty: the target a hash must not exceed, its compact form, and the work it proves. */

import type { BlockHash, CompactTarget } from "./brand.ts";
import { hashBytes } from "./hash.ts";

export type DecodedTarget = {
  /** Unsigned 256 bits, without the sign. */
  readonly target: bigint;
  readonly isNegative: boolean;
  /** More than 256 bits. */
  readonly isOverflow: boolean;
};

/**
 * Reads a compact target: one byte of length, three bytes of mantissa whose top bit is a sign.
 *
 * @see Bitcoin Core, arith_uint256::SetCompact
 */
export function decodeCompact(bits: CompactTarget): DecodedTarget {
  const length = bits >>> 24;
  const mantissa = bits & 0x7f_ffff;
  const word = length <= 3 ? mantissa >>> (8 * (3 - length)) : mantissa;
  const target = length <= 3 ? BigInt(word) : BigInt(word) << BigInt(8 * (length - 3));
  return {
    target: BigInt.asUintN(256, target),
    isNegative: word !== 0 && (bits & 0x80_0000) !== 0,
    isOverflow:
      word !== 0 && (length > 34 || (word > 0xff && length > 33) || (word > 0xffff && length > 32)),
  };
}

/** The compact form that is nearest to `target` from below. @see arith_uint256::GetCompact */
export function encodeCompact(target: bigint): CompactTarget {
  let length = Math.ceil(target.toString(16).length / 2);
  if (target === 0n) length = 0;
  let mantissa =
    length <= 3
      ? Number(target << BigInt(8 * (3 - length)))
      : Number(target >> BigInt(8 * (length - 3)));
  if (mantissa & 0x80_0000) {
    mantissa >>>= 8;
    length += 1;
  }
  return (((length << 24) | mantissa) >>> 0) as CompactTarget;
}

/** The target of a header's bits, or undefined if none is meant: zero, negative or too large. */
export function targetOf(bits: CompactTarget): bigint | undefined {
  const { target, isNegative, isOverflow } = decodeCompact(bits);
  return isNegative || isOverflow || target === 0n ? undefined : target;
}

/** Expected hashes to find one at or below `target`. @see Bitcoin Core, GetBlockProof */
export function workOf(target: bigint): bigint {
  return (1n << 256n) / (target + 1n);
}

/** What a header's bits promise. */
export type Proof = {
  readonly target: bigint;
  /** The target as 64 digits. */
  readonly targetDigits: string;
  /** Expected hashes to find one at or below the target. */
  readonly work: bigint;
};

/**
 * The bits that were read last: they change seldom from one header to the next. Only time tells
 * this from reading them anew, which would take longer than all other checks of a header.
 */
let latest: { readonly bits: CompactTarget; readonly proof: Proof | undefined } | undefined;

/** The same as `targetOf` and `workOf`, for headers in a row. */
export function proofOf(bits: CompactTarget): Proof | undefined {
  if (latest?.bits !== bits) latest = { bits, proof: readProof(bits) };
  return latest.proof;
}

/**
 * Whether a hash is at or below the target. Both have 64 digits of one case, so the first that
 * differ decide; to compare one after the other is faster than to compare slices of a long text.
 */
export function isProvenBy(hash: BlockHash, { targetDigits }: Proof): boolean {
  for (let i = 0; i < targetDigits.length; i++) {
    const difference = hash.charCodeAt(i) - targetDigits.charCodeAt(i);
    if (difference !== 0) return difference < 0;
  }
  return true;
}

/** The work that these bits promise; none if they mean no target. */
export function workOfBits(bits: CompactTarget): bigint {
  return proofOf(bits)?.work ?? 0n;
}

function readProof(bits: CompactTarget): Proof | undefined {
  const target = targetOf(bits);
  if (target === undefined) return undefined;
  return { target, targetDigits: target.toString(16).padStart(64, "0"), work: workOf(target) };
}

/** A hash in display order as the number that is compared with a target. */
export function hashNumber(hash: string): bigint {
  return BigInt(`0x${hash}`);
}

/** 32 bytes, most significant first. */
export function targetBytes(target: bigint): Uint8Array {
  return hashBytes(target.toString(16).padStart(64, "0")).reverse();
}

/** How many times harder than Bitcoin's easiest target, as explorers show it. */
export function difficultyOf(bits: CompactTarget): number {
  const mantissa = bits & 0x00ff_ffff;
  return (0xffff / mantissa) * 256 ** (0x1d - (bits >>> 24));
}

/** Taproot keys as their owner needs them: the tweak that commits to scripts, and signatures. */

import { sha256 } from "@noble/hashes/sha2.js";
import { etc, hashes, Point, schnorr } from "@noble/secp256k1";
import { taggedHash } from "../primitives/hash.ts";

// Without it the library signs asynchronously only.
hashes.sha256 ??= sha256;

const order = Point.CURVE().n;
const evenPrefix = 0x02;

/**
 * The output key, which is in the address, of an internal key.
 *
 * @param internalKey 32 bytes, as BIP340 writes keys.
 * @param merkleRoot 32 bytes if there are scripts; powlab's own keys have none.
 * @returns 32 bytes.
 * @throws Error if the internal key is no point of the curve.
 * @see BIP341, taproot_tweak_pubkey
 */
export function tweakPublicKey(internalKey: Uint8Array, merkleRoot?: Uint8Array): Uint8Array {
  const internal = Point.fromBytes(Uint8Array.of(evenPrefix, ...internalKey));
  const tweak = Point.BASE.multiply(tweakOf(internalKey, merkleRoot));
  return withoutSign(internal.add(tweak));
}

/**
 * The secret key that signs for `tweakPublicKey` of the same key.
 *
 * @see BIP341, taproot_tweak_seckey
 */
export function tweakSecretKey(secretKey: Uint8Array, merkleRoot?: Uint8Array): Uint8Array {
  const secret = etc.secretKeyToScalar(secretKey);
  const internal = Point.BASE.multiply(secret);
  const isEven = internal.toBytes()[0] === evenPrefix;
  const evenSecret = isEven ? secret : order - secret;
  const tweak = tweakOf(withoutSign(internal), merkleRoot);
  return etc.numberToBytesBE(etc.mod(evenSecret + tweak, order));
}

/**
 * A BIP340 signature of 64 bytes.
 *
 * @param auxiliary 32 bytes that protect the key from faults while signing; random by default.
 */
export function signSchnorr(
  message: Uint8Array,
  secretKey: Uint8Array,
  auxiliary: Uint8Array = etc.randomBytes(32),
): Uint8Array {
  return schnorr.sign(message, secretKey, auxiliary);
}

function tweakOf(internalKey: Uint8Array, merkleRoot: Uint8Array = new Uint8Array()): bigint {
  const tweak = etc.bytesToNumberBE(taggedHash("TapTweak", internalKey, merkleRoot));
  if (tweak >= order)
    throw new Error("the tweak is not below the group's order: of 1 key in 2^128");
  return tweak;
}

/** A compressed point without its first byte, which only says whether y is even. */
function withoutSign(point: Point): Uint8Array {
  return point.toBytes().slice(1);
}

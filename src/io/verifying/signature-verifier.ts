/** Verifiers of signatures: a fast one, a slow reference, and a cache in front of either. */

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { hashes, schnorr } from "@noble/secp256k1";
import { verifySchnorr } from "tiny-secp256k1";
import type { SignatureCheck, SignatureVerifier } from "../../primitives/signature.ts";

/** libsecp256k1 in WebAssembly. */
export function createTinyVerifier(): SignatureVerifier {
  return createVerifier(holdsForTiny);
}

/** The reference in plain JavaScript, six to nine times slower: for tests and benchmarks. */
export function createNobleVerifier(): SignatureVerifier {
  hashes.sha256 = sha256;
  hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);
  return createVerifier(holdsForNoble);
}

/**
 * Remembers the checks that held, so that a transaction which the mempool has admitted costs
 * nothing when its block arrives. Failures are not remembered: an attacker could fill the memory
 * with them at no cost.
 *
 * @param entriesMax about 250 bytes each; the oldest make room.
 */
export function createCachingVerifier(
  inner: SignatureVerifier,
  entriesMax: number,
): SignatureVerifier {
  const known = new Set<string>();

  function remember(names: readonly string[]): void {
    for (const name of names) {
      known.delete(name);
      known.add(name);
    }
    for (const oldest of known) {
      if (known.size <= entriesMax) return;
      known.delete(oldest);
    }
  }

  return {
    firstInvalid(checks) {
      const unknown = checks
        .map((check, position) => ({ check, position, name: nameOf(check) }))
        .filter(({ name }) => !known.has(name));
      const failed = inner.firstInvalid(unknown.map(({ check }) => check));
      const held = unknown.slice(0, failed);
      remember(held.map(({ name }) => name));
      return failed === undefined ? undefined : unknown[failed]?.position;
    },
  };
}

/** Unambiguous, since only the part at the end has a length that others choose. */
function nameOf({ message, publicKey, signature }: SignatureCheck): string {
  return Buffer.concat([message, publicKey, signature]).toString("latin1");
}

function createVerifier(holds: (check: SignatureCheck) => boolean): SignatureVerifier {
  return {
    firstInvalid(checks) {
      const position = checks.findIndex((check) => !holds(check));
      return position === -1 ? undefined : position;
    },
  };
}

/**
 * The library throws where BIP340 says "fail": for a key that is no point of the curve, for numbers
 * out of range. It also refuses an `r` between the group's order and the field's size, which BIP340
 * allows; no signature with one can be found, as that takes 2^128 attempts.
 */
function holdsForTiny({ message, publicKey, signature }: SignatureCheck): boolean {
  try {
    return verifySchnorr(message, publicKey, signature);
  } catch {
    return false;
  }
}

/** Throws only for keys and signatures of a wrong length. */
function holdsForNoble({ message, publicKey, signature }: SignatureCheck): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  return schnorr.verify(signature, message, publicKey);
}

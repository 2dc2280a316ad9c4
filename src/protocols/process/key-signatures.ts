/** Signatures with real keys, BIP340 over secp256k1: for processes that run live. */

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { hashes, schnorr } from "@noble/secp256k1";
import { bytesToHex, hexToBytes } from "../../primitives/bytes.ts";
import { taggedHash } from "../../primitives/hash.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";
import type { Signatures } from "./signatures.ts";

export type Keys = {
  /** 32 bytes, of the process itself; its host makes and keeps them. */
  readonly secretKey: Uint8Array;
  /** 32 bytes each, of processes and clients, by name. */
  readonly publicKeys: Pick<ReadonlyMap<string, Uint8Array>, "get">;
  readonly verifier: SignatureVerifier;
};

/** So that a signature for a process is none for a payment. */
export const tag = "powlab/process";
const encoder = new TextEncoder();

export function keySignatures({ secretKey, publicKeys, verifier }: Keys): Signatures {
  return {
    sign: (text) => signWith(secretKey, text),
    verify: (signer, text, digits) => {
      const publicKey = publicKeys.get(signer);
      const signature = hexToBytes(digits);
      if (publicKey === undefined || !signature.ok || signature.value.length !== 64) return false;
      const check = { publicKey, message: messageOf(text), signature: signature.value };
      return verifier.firstInvalid([check]) === undefined;
    },
  };
}

/** 128 hex digits. Without auxiliary randomness: the same text gives the same signature. */
export function signWith(secretKey: Uint8Array, text: string): string {
  hashes.sha256 = sha256;
  hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);
  return bytesToHex(schnorr.sign(messageOf(text), secretKey, new Uint8Array(32)));
}

/** One of many keys that follow from a secret: who has the secret can sign in every name. */
export function deriveSecretKey(secret: Uint8Array, name: string): Uint8Array {
  return taggedHash(`${tag}/key`, secret, encoder.encode(name));
}

/** 32 bytes. @throws Error if these are no secret key. */
export function publicKeyOf(secretKey: Uint8Array): Uint8Array {
  return schnorr.getPublicKey(secretKey);
}

function messageOf(text: string): Uint8Array {
  return taggedHash(tag, encoder.encode(text));
}

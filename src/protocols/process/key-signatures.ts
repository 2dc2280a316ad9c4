/** Signatures with real keys, BIP340 over secp256k1: for processes that run live. */

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { hashes, schnorr } from "@noble/secp256k1";
import { bytesToHex, hexToBytes } from "../../primitives/bytes.ts";
import { taggedHash } from "../../primitives/hash.ts";
import type { Signatures } from "./signatures.ts";

export type Keys = {
  /** 32 bytes, of the process itself; its host makes and keeps them. */
  readonly secretKey: Uint8Array;
  /** 32 bytes each, of all processes and clients, by name. */
  readonly publicKeys: ReadonlyMap<string, Uint8Array>;
};

/** So that a signature for a process is none for a payment. */
const tag = "powlab/process";
const encoder = new TextEncoder();

export function keySignatures({ secretKey, publicKeys }: Keys): Signatures {
  hashes.sha256 = sha256;
  hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);
  return {
    // Without auxiliary randomness: the same text gives the same signature.
    sign: (text) => bytesToHex(schnorr.sign(messageOf(text), secretKey, new Uint8Array(32))),
    verify: (signer, text, signature) => {
      const publicKey = publicKeys.get(signer);
      const bytes = hexToBytes(signature);
      if (publicKey === undefined || !bytes.ok || bytes.value.length !== 64) return false;
      return schnorr.verify(bytes.value, messageOf(text), publicKey);
    },
  };
}

function messageOf(text: string): Uint8Array {
  return taggedHash(tag, encoder.encode(text));
}

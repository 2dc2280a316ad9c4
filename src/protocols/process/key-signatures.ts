/** Signatures with real keys, BIP340 over secp256k1: for processes that run live. */

import { bytesToHex, hexToBytes } from "../../primitives/bytes.ts";
import { taggedHash } from "../../primitives/hash.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";
import type { Signatures } from "./signatures.ts";

/** Signs 32 bytes with one secret key: 64 bytes, for the same message the same. */
export type Sign = (message: Uint8Array) => Uint8Array;

export type Keys = {
  /** With the key of the process itself; its host makes and keeps that. */
  readonly sign: Sign;
  /** 32 bytes each, of processes and clients, by name. */
  readonly publicKeys: Pick<ReadonlyMap<string, Uint8Array>, "get">;
  readonly verifier: SignatureVerifier;
};

/** So that a signature for a process is none for a payment. */
export const tag = "powlab/process";
const encoder = new TextEncoder();

export function keySignatures({ sign, publicKeys, verifier }: Keys): Signatures {
  return {
    sign: (text) => signText(sign, text),
    verify: (signer, text, digits) => {
      const publicKey = publicKeys.get(signer);
      const signature = hexToBytes(digits);
      if (publicKey === undefined || !signature.ok || signature.value.length !== 64) return false;
      const check = { publicKey, message: messageOf(text), signature: signature.value };
      return verifier.firstInvalid([check]) === undefined;
    },
  };
}

/** 128 hex digits. */
export function signText(sign: Sign, text: string): string {
  return bytesToHex(sign(messageOf(text)));
}

/** One of many keys that follow from a secret: who has the secret can sign in every name. */
export function deriveSecretKey(secret: Uint8Array, name: string): Uint8Array {
  return taggedHash(`${tag}/key`, secret, encoder.encode(name));
}

function messageOf(text: string): Uint8Array {
  return taggedHash(tag, encoder.encode(text));
}

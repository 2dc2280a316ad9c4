/**
 * Keys for nodes that are told nothing but their names: all follow from one secret. So signatures are
 * real and are checked, but each node could sign in every name: nothing is shown about byzantine ones.
 */

import { publicKeyOf, signerWith } from "../../../io/process/signing-keys.ts";
import {
  createCachingVerifier,
  createTinyVerifier,
} from "../../../io/verifying/signature-verifier.ts";
import { deriveSecretKey, keySignatures } from "../../../protocols/process/key-signatures.ts";
import type { Signatures } from "../../../protocols/process/signatures.ts";

const knownSignaturesMax = 10_000;
const knownNamesMax = 1_000;
const encoder = new TextEncoder();

/** @returns what signs in the name of a node or client, and checks all others. */
export function sharedSignatures(secret: string): (name: string) => Signatures {
  const bytes = encoder.encode(secret);
  const verifier = createCachingVerifier(createTinyVerifier(), knownSignaturesMax);
  const known = new Map<string, Uint8Array>();
  const get = (name: string): Uint8Array => {
    const publicKey = known.get(name) ?? publicKeyOf(deriveSecretKey(bytes, name));
    if (known.size >= knownNamesMax) known.clear();
    known.set(name, publicKey);
    return publicKey;
  };
  return (name) => {
    return keySignatures({
      sign: signerWith(deriveSecretKey(bytes, name)),
      publicKeys: { get },
      verifier,
    });
  };
}

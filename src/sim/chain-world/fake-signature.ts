/** Fake signatures: checked like real ones, a hundred times faster, and easy to forge. */

import { equalBytes } from "../../primitives/bytes.ts";
import { sha256 } from "../../primitives/hash.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";
import type { Signer } from "./simulated-wallet.ts";

/** For simulations that do not test the signatures themselves. */
export const fakeSigner: Signer = {
  publicKeyOf: (secretKey) => sha256(secretKey),
  sign: (message, secretKey) => signatureOf(message, sha256(secretKey)),
};

export const fakeVerifier: SignatureVerifier = {
  firstInvalid(checks) {
    const position = checks.findIndex(({ message, publicKey, signature }) => {
      return !equalBytes(signature, signatureOf(message, publicKey));
    });
    return position === -1 ? undefined : position;
  },
};

function signatureOf(message: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const half = sha256(Uint8Array.of(...publicKey, ...message));
  return Uint8Array.of(...half, ...sha256(half));
}

/** What must hold for a signature, and the port that judges it. */

/** BIP340: `publicKey` and `message` are 32 bytes, `signature` is 64 bytes. */
export type SignatureCheck = {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
};

/** Judges BIP340 signatures. It gets whole blocks at once, so that it may work in parallel. */
export interface SignatureVerifier {
  /** The position of the first check that fails, or undefined if all hold. */
  firstInvalid(checks: readonly SignatureCheck[]): number | undefined;
}

/** Signatures, fake and real: who signed is known, and no one can sign for another. */

import { describe, expect, test } from "vitest";
import { publicKeyOf, signerWith } from "../../../src/io/process/signing-keys.ts";
import { createNobleVerifier } from "../../../src/io/verifying/signature-verifier.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import { keySignatures } from "../../../src/protocols/process/key-signatures.ts";
import { fakeSignatures } from "../../../src/protocols/process/signatures.ts";

const random = createRandom("keys");
const secretKeys = new Map(["n1", "n2"].map((name) => [name, random.nextBytes(32)]));

function withKeys(name: string) {
  const publicKeys = new Map([...secretKeys].map(([other, key]) => [other, publicKeyOf(key)]));
  return keySignatures({
    sign: signerWith(secretKeys.get(name)!),
    publicKeys,
    verifier: createNobleVerifier(),
  });
}

describe.each([
  ["fake ones", fakeSignatures, 16],
  ["BIP340", withKeys, 128],
] as const)("%s", (_, signaturesOf, length) => {
  const [n1, n2] = [signaturesOf("n1"), signaturesOf("n2")];

  test("are checked by all who know the names, for this text only", () => {
    const signature = n1.sign("a text");
    expect(signature).toHaveLength(length);
    expect(n2.verify("n1", "a text", signature)).toBe(true);
    expect(n2.verify("n1", "another text", signature)).toBe(false);
    expect(n2.verify("n2", "a text", signature)).toBe(false);
    expect(n1.sign("a text")).toBe(signature);
  });

  test("what is no signature is false, and no error", () => {
    for (const text of ["", "no hex", "00", "0".repeat(length)]) {
      expect(n2.verify("n1", "a text", text)).toBe(false);
    }
    expect(n2.verify("unknown", "a text", n1.sign("a text"))).toBe(false);
  });
});

/** Clients that sign: their names are their keys, and what one signed holds for it and this request only. */

import { expect, test } from "vitest";
import {
  ClientSigner,
  newSecretKey,
  publicKeyOf,
  PublicKeys,
  signerWith,
} from "../../../src/io/process/signing-keys.ts";
import { createNobleVerifier } from "../../../src/io/verifying/signature-verifier.ts";
import { bytesToHex } from "../../../src/primitives/bytes.ts";
import { keySignatures } from "../../../src/protocols/process/key-signatures.ts";
import type { Command } from "../../../src/protocols/process/key-value.ts";
import { requestText } from "../../../src/protocols/process/signatures.ts";

const command: Command = { type: "write", key: "x", value: 1 };

function signaturesOf(secretKey: Uint8Array, publicKeys: PublicKeys) {
  return keySignatures({
    sign: signerWith(secretKey),
    publicKeys,
    verifier: createNobleVerifier(),
  });
}

test("a process that never met a client knows by its name what it has signed", () => {
  const signer = new ClientSigner();
  const { verify } = signaturesOf(newSecretKey(), new PublicKeys());
  const { id, signature } = signer.sign({ client: "c1.1", number: 1 }, command);
  const again = signer.sign({ client: "c1.1", number: 2 }, command);
  const other = signer.sign({ client: "c2.1", number: 1 }, command);
  expect(again.id).toEqual({ client: id.client, number: 2 });
  expect(other.id.client).not.toBe(id.client);
  expect(verify(id.client, requestText(id, command), signature)).toBe(true);
  expect(verify(id.client, requestText(again.id, command), signature)).toBe(false);
  expect(verify(other.id.client, requestText(id, command), signature)).toBe(false);
  expect(verify("c1.1", requestText(id, command), signature)).toBe(false);
});

test("members have the keys that were told, and no other text is one", () => {
  const secretKey = newSecretKey();
  const publicKeys = new PublicKeys();
  const { sign, verify } = signaturesOf(secretKey, publicKeys);
  expect(verify("n1", "a text", sign("a text"))).toBe(false);
  publicKeys.learn({ n1: bytesToHex(publicKeyOf(secretKey)) });
  expect(verify("n1", "a text", sign("a text"))).toBe(true);
  expect(() => publicKeys.learn({ n2: "00" })).toThrow("n2 has no public key, but 00");
});

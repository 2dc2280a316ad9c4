/** The keys that live processes and their clients sign with, and who has which public key. */

import { randomBytes } from "node:crypto";
import { isPrivate, signSchnorr, xOnlyPointFromScalar } from "tiny-secp256k1";
import { bytesToHex, hexToBytes } from "../../primitives/bytes.ts";
import { deriveSecretKey, type Sign, signText } from "../../protocols/process/key-signatures.ts";
import type { Command, RequestId } from "../../protocols/process/key-value.ts";
import { requestText } from "../../protocols/process/signatures.ts";

/** All but 2^-128 of what may be drawn is a key. */
export function newSecretKey(): Uint8Array {
  return new Uint8Array(randomBytes(32));
}

export function isSecretKey(bytes: Uint8Array): boolean {
  return bytes.length === 32 && isPrivate(bytes);
}

/** 32 bytes. */
export function publicKeyOf(secretKey: Uint8Array): Uint8Array {
  return xOnlyPointFromScalar(secretKey);
}

/** Without auxiliary randomness: the same text gives the same signature. */
export function signerWith(secretKey: Uint8Array): Sign {
  return (message) => signSchnorr(message, secretKey, new Uint8Array(32));
}

/**
 * Public keys by name. Those of processes are given to all when they begin; a client's name is its
 * public key, 64 hex digits, so that anyone may be a client, and only who has the key can ask in its name.
 */
export class PublicKeys implements Pick<ReadonlyMap<string, Uint8Array>, "get"> {
  readonly #ofMembers = new Map<string, Uint8Array>();

  /** @param digits 64 hex digits for each process. @throws Error if they are not. */
  learn(digits: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(digits)) {
      const key = keyIn(text);
      if (key === undefined) throw new Error(`${name} has no public key, but ${text}`);
      this.#ofMembers.set(name, key);
    }
  }

  get(name: string): Uint8Array | undefined {
    return this.#ofMembers.get(name) ?? keyIn(name);
  }
}

function keyIn(text: string): Uint8Array | undefined {
  const bytes = hexToBytes(text);
  return bytes.ok && bytes.value.length === 32 ? bytes.value : undefined;
}

/** A request as a process takes it from a client that signs. */
export type SignedRequest = { readonly id: RequestId; readonly signature: string };

/** Names of clients that were met last keep their keys at hand. */
const keysMax = 1_000;

/** Signs for clients of any name: each has a key of its own, which follows from one secret. */
export class ClientSigner {
  readonly #secret = newSecretKey();
  readonly #keys = new Map<string, { readonly sign: Sign; readonly client: string }>();

  sign({ client, number }: RequestId, command: Command): SignedRequest {
    const { sign, client: publicName } = this.#keyOf(client);
    const id = { client: publicName, number };
    return { id, signature: signText(sign, requestText(id, command)) };
  }

  #keyOf(name: string) {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    if (this.#keys.size >= keysMax) this.#keys.clear();
    const secretKey = deriveSecretKey(this.#secret, name);
    const made = { sign: signerWith(secretKey), client: bytesToHex(publicKeyOf(secretKey)) };
    this.#keys.set(name, made);
    return made;
  }
}

/** The keys that live processes and their clients sign with, and who has which public key. */

import { utils } from "@noble/secp256k1";
import { bytesToHex, hexToBytes } from "../../primitives/bytes.ts";
import {
  deriveSecretKey,
  type Keys,
  publicKeyOf,
  signWith,
} from "../../protocols/process/key-signatures.ts";
import type { Command, RequestId } from "../../protocols/process/key-value.ts";
import { requestText } from "../../protocols/process/signatures.ts";

export function newSecretKey(): Uint8Array {
  return utils.randomSecretKey();
}

export function isSecretKey(bytes: Uint8Array): boolean {
  return utils.isValidSecretKey(bytes);
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
  readonly #keys = new Map<string, Pick<Keys, "secretKey"> & { readonly client: string }>();

  sign({ client, number }: RequestId, command: Command): SignedRequest {
    const { secretKey, client: publicName } = this.#keyOf(client);
    const id = { client: publicName, number };
    return { id, signature: signWith(secretKey, requestText(id, command)) };
  }

  #keyOf(name: string) {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    if (this.#keys.size >= keysMax) this.#keys.clear();
    const secretKey = deriveSecretKey(this.#secret, name);
    const made = { secretKey, client: bytesToHex(publicKeyOf(secretKey)) };
    this.#keys.set(name, made);
    return made;
  }
}

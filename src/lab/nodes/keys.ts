/**
 * The keys of a lab's nodes. They follow from the seed, so they are no secrets: what they protect
 * is worth nothing.
 */

import { generateKeyPairFromSeed, privateKeyToProtobuf } from "@libp2p/crypto/keys";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { entropyToMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";

const entropySizeBytes = 16;

/** The twelve words of a node's wallet. */
export function wordsOf(seed: string, name: string): string {
  return entropyToMnemonic(secretOf(seed, name, "wallet").slice(0, entropySizeBytes), wordlist);
}

/** The key by which the other nodes know a node, as libp2p stores keys. */
export async function identityOf(seed: string, name: string): Promise<Uint8Array> {
  const secret = secretOf(seed, name, "identity");
  return privateKeyToProtobuf(await generateKeyPairFromSeed("Ed25519", secret));
}

function secretOf(seed: string, name: string, use: string): Uint8Array {
  return sha256(utf8ToBytes(JSON.stringify(["powlab lab", seed, name, use])));
}

/** One hash over all coins: two nodes have the same coins if and only if it agrees. */

import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { coinPrefix, decodeCoin, parsePointDigits } from "../chain/records.ts";
import type { Key } from "../machine/store.ts";
import { ByteWriter } from "../primitives/bytes.ts";
import { displayHash, sha256 } from "../primitives/hash.ts";

export type UtxoSummary = {
  /** In display order, as Bitcoin Core's `hash_serialized_3`. */
  readonly hash: string;
  readonly coins: number;
  /** In satoshis. */
  readonly total: number;
};

/**
 * Takes the coin records in the order of their keys.
 *
 * @see Bitcoin Core, gettxoutsetinfo hash_serialized_3
 */
export class UtxoHasher {
  readonly #hasher = nobleSha256.create();
  #coins = 0;
  #total = 0;

  add(key: Key, record: Uint8Array): void {
    const { txid, index } = parsePointDigits(key.slice(coinPrefix.length));
    this.#hasher.update(new ByteWriter().hash(txid).uint32(index).finish());
    this.#hasher.update(record);
    this.#coins += 1;
    this.#total += decodeCoin(record).output.value;
  }

  finish(): UtxoSummary {
    const hash: string = displayHash(sha256(this.#hasher.digest()));
    return { hash, coins: this.#coins, total: this.#total };
  }
}

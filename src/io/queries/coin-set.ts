/** Walks over all coins of the present tip, in slices. */

import { coinPrefix, decodeCoin, parsePointDigits } from "../../chain/records.ts";
import type { TreeEntry } from "../../chain/tree.ts";
import type { Coin } from "../../consensus/coin.ts";
import { UtxoHasher } from "../../indexes/utxo-hash.ts";
import { ByteWriter } from "../../primitives/bytes.ts";
import type { OutPoint } from "../../primitives/transaction.ts";
import { TimeSlices } from "../platform/time-slices.ts";
import { MuHash } from "./muhash.ts";
import type { ServedNode } from "./served-node.ts";

type Served = Pick<ServedNode, "node" | "store">;

export type SetCoin = { readonly point: OutPoint; readonly coin: Coin };

/** What stands behind the hash of a set. */
export type CoinSetHash = "hash_serialized_3" | "muhash" | "none";

export type CoinSetSummary = {
  readonly tip: TreeEntry;
  readonly coins: number;
  /** How many transactions have a coin left. */
  readonly transactions: number;
  /** A size that depends on no database. @see Bitcoin Core, GetBogoSize */
  readonly bogoSize: number;
  readonly total: number;
  /** Undefined for "none". */
  readonly hash: string | undefined;
};

const bogoOverheadBytes = 50;

export async function summariseCoins(
  { node, store }: Served,
  type: CoinSetHash,
): Promise<CoinSetSummary> {
  const { tip } = node.chain;
  const slices = new TimeSlices();
  const hasher = new UtxoHasher();
  const muHash = new MuHash();
  let [coins, transactions, bogoSize, total, last] = [0, 0, 0, 0, ""];
  for await (const [key, record] of store.scan(coinPrefix)) {
    const { txid, index } = parsePointDigits(key.slice(coinPrefix.length));
    const { output } = decodeCoin(record);
    if (type === "hash_serialized_3") hasher.add(key, record);
    if (type === "muhash")
      muHash.add(new ByteWriter().hash(txid).uint32(index).bytes(record).finish());
    coins += 1;
    bogoSize += bogoOverheadBytes + output.script.length;
    total += output.value;
    if (txid !== last) transactions += 1;
    last = txid;
    await slices.turn();
  }
  const hash = {
    none: undefined,
    muhash: muHash.finish(),
    hash_serialized_3: hasher.finish().hash,
  };
  return { tip, coins, transactions, bogoSize, total, hash: hash[type] };
}

/**
 * The coins as they are at the moment of the call.
 *
 * @yields every coin, in the order of the transactions' ids in hashing order.
 */
export async function* allCoins({ store }: Pick<Served, "store">): AsyncGenerator<SetCoin> {
  const slices = new TimeSlices();
  for await (const [key, record] of store.scan(coinPrefix)) {
    yield { point: parsePointDigits(key.slice(coinPrefix.length)), coin: decodeCoin(record) };
    await slices.turn();
  }
}

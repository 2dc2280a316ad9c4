/** What the page reads from a node's answers over REST; null if one is not what it should be. */

import type { AddressJson, BlockJson, TransactionJson } from "../../contract/node-api.ts";

/** An answer that was not checked yet: any field may be missing or wrong. */
type Unchecked<T> = { readonly [Key in keyof T]?: unknown };

export type BlockFacts = {
  readonly nonce: number;
  readonly difficulty: number;
  readonly weight: number;
};

export function blockFacts(json: unknown): BlockFacts | null {
  const { nonce, difficulty, weight } = fieldsOf<BlockJson>(json);
  if (!isNumber(nonce) || !isNumber(difficulty) || !isNumber(weight)) return null;
  return { nonce, difficulty, weight };
}

export type TransactionFacts = {
  readonly isCoinbase: boolean;
  readonly fee: number;
  readonly virtualSizeBytes: number;
  /** Addresses whose coins it spends, each once. */
  readonly from: readonly string[];
  readonly to: readonly Payout[];
};

/** `address` is null for an output that cannot be spent. */
export type Payout = { readonly address: string | null; readonly value: number };

/** Weight units of one virtual byte. @see BIP141 */
const weightPerVirtualByte = 4;

export function transactionFacts(json: unknown): TransactionFacts | null {
  const { fee, weight, vin, vout } = fieldsOf<TransactionJson>(json);
  if (!isNumber(fee) || !isNumber(weight) || !Array.isArray(vin) || !Array.isArray(vout))
    return null;
  const inputs = vin.map((input) => fieldsOf<TransactionJson["vin"][number]>(input));
  const payers = inputs.map(({ prevout }) => payoutOf(prevout)?.address ?? null);
  return {
    isCoinbase: inputs.some(({ is_coinbase }) => is_coinbase === true),
    fee,
    virtualSizeBytes: Math.ceil(weight / weightPerVirtualByte),
    from: [...new Set(payers.filter((address) => address !== null))],
    to: vout.map(payoutOf).filter((payout) => payout !== null),
  };
}

function payoutOf(json: unknown): Payout | null {
  const { value, scriptpubkey_address: address } = fieldsOf<TransactionJson["vout"][number]>(json);
  if (!isNumber(value)) return null;
  return { address: typeof address === "string" ? address : null, value };
}

export type Balance = {
  /** In blocks, in satoshis. */
  readonly confirmed: number;
  /** What waiting transactions will add, or take if negative. */
  readonly waiting: number;
};

export function balanceFacts(json: unknown): Balance | null {
  const { chain_stats: chain, mempool_stats: mempool } = fieldsOf<AddressJson>(json);
  const [confirmed, waiting] = [sumOf(chain), sumOf(mempool)];
  return confirmed === null || waiting === null ? null : { confirmed, waiting };
}

function sumOf(json: unknown): number | null {
  const { funded_txo_sum: funded, spent_txo_sum: spent } =
    fieldsOf<AddressJson["chain_stats"]>(json);
  return isNumber(funded) && isNumber(spent) ? funded - spent : null;
}

function fieldsOf<T>(json: unknown): Unchecked<T> {
  return typeof json === "object" && json !== null ? json : {};
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

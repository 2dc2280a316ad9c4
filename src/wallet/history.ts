/** What came and went: the transactions of some addresses, as their owner sees them. */

import type { TransactionJson } from "../contract/node-api.ts";
import type { Satoshi, Txid } from "../primitives/brand.ts";
import type { NodeClient } from "./client.ts";
import type { WalletKey } from "./keys.ts";

export type HistoryEntry = {
  readonly txid: Txid;
  readonly confirmations: number;
  readonly height: number | undefined;
  /** Seconds since 1970, as its block says. */
  readonly time: number | undefined;
  /** What we got less what we gave, the fee included. */
  readonly net: number;
  readonly fee: Satoshi;
  readonly isCoinbase: boolean;
};

/** What an account has on a node whose tip is this high. */
export type UsedKeys = { readonly used: readonly WalletKey[]; readonly tipHeight: number };

/** The newest transactions, unconfirmed ones first. */
export async function readHistory(
  client: NodeClient,
  { used, tipHeight }: UsedKeys,
  entriesMax: number,
): Promise<readonly HistoryEntry[]> {
  const own = new Set(used.map(({ address }) => address));
  const found = new Map<Txid, TransactionJson>();
  for (const { address } of used) {
    for (const transaction of await transactionsOf(client, address, entriesMax)) {
      found.set(transaction.txid, transaction);
    }
  }
  return [...found.values()]
    .map((transaction) => entryOf(transaction, own, tipHeight))
    .sort((a, b) => a.confirmations - b.confirmations)
    .slice(0, entriesMax);
}

async function transactionsOf(
  client: NodeClient,
  address: string,
  countMax: number,
): Promise<TransactionJson[]> {
  const transactions = [...(await client.historyOf(address))];
  while (transactions.length < countMax) {
    const last = transactions.findLast(({ status }) => status.confirmed);
    if (last === undefined) break;
    const older = await client.historyAfter(address, last.txid);
    if (older.length === 0) break;
    transactions.push(...older);
  }
  return transactions;
}

function entryOf(
  transaction: TransactionJson,
  own: ReadonlySet<string>,
  tipHeight: number,
): HistoryEntry {
  const { txid, vin, vout, fee, status } = transaction;
  const outputs = vout.filter(({ scriptpubkey_address: address }) => own.has(address ?? ""));
  const inputs = vin.flatMap(({ prevout }) => prevout ?? []);
  const given = inputs.filter(({ scriptpubkey_address: address }) => own.has(address ?? ""));
  const sum = (values: readonly { readonly value: number }[]): number =>
    values.reduce((total, { value }) => total + value, 0);
  return {
    txid,
    confirmations: confirmationsOf(transaction, tipHeight),
    height: status.confirmed ? status.block_height : undefined,
    time: status.confirmed ? status.block_time : undefined,
    net: sum(outputs) - sum(given),
    fee,
    isCoinbase: isCoinbase(transaction),
  };
}

function confirmationsOf({ status }: Pick<TransactionJson, "status">, tipHeight: number): number {
  return status.confirmed ? Math.max(tipHeight - status.block_height + 1, 1) : 0;
}

function isCoinbase({ vin }: TransactionJson): boolean {
  return vin[0]?.is_coinbase ?? false;
}

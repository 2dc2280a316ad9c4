/** What came and went: the transactions of some addresses, as their owner sees them. */

import type { TransactionJson } from "../contract/node-api.ts";
import type { BlockHash, Satoshi, Txid } from "../primitives/brand.ts";
import type { NodeClient } from "./client.ts";
import type { WalletKey } from "./keys.ts";
import type { Reversal, ReversedPayment } from "./reversal.ts";

export type HistoryEntry = {
  readonly txid: Txid;
  readonly confirmations: number;
  readonly height: number | undefined;
  readonly block: BlockHash | undefined;
  /** Seconds since 1970, as its block says. */
  readonly time: number | undefined;
  /** What we got less what we gave, the fee included. */
  readonly net: number;
  /** Undefined if the node has its bytes no more. */
  readonly fee: Satoshi | undefined;
  readonly isCoinbase: boolean;
  /** Present if it was confirmed and is no longer. */
  readonly reversal?: Reversal;
};

/** What an account has on a node whose tip is this high. */
export type UsedKeys = { readonly used: readonly WalletKey[]; readonly tipHeight: number };

/** The newest transactions, unconfirmed ones first; each is confirmed or waits. */
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

/** The same with what is confirmed no longer: it waits again, or is gone and has its old place. */
export function withReversed(
  entries: readonly HistoryEntry[],
  reversed: readonly ReversedPayment[],
  { tipHeight, entriesMax }: { readonly tipHeight: number; readonly entriesMax: number },
): readonly HistoryEntry[] {
  const reversals = new Map(reversed.map(({ payment, reversal }) => [payment.txid, reversal]));
  const listed = entries.map((entry) => {
    const reversal = reversals.get(entry.txid);
    return reversal === undefined ? entry : { ...entry, reversal };
  });
  const txids = new Set(entries.map(({ txid }) => txid));
  const gone = reversed.filter(({ payment }) => !txids.has(payment.txid)).map(goneEntry);
  const depthOf = ({ confirmations, reversal }: HistoryEntry): number =>
    reversal === undefined || reversal.state === "waiting"
      ? confirmations
      : Math.max(tipHeight - reversal.height + 1, 1);
  return [...listed, ...gone].sort((a, b) => depthOf(a) - depthOf(b)).slice(0, entriesMax);
}

function goneEntry({ payment: { txid, net }, reversal }: ReversedPayment): HistoryEntry {
  const nowhere = { height: undefined, block: undefined, time: undefined, fee: undefined };
  return { txid, confirmations: 0, ...nowhere, net, isCoinbase: false, reversal };
}

/** What the owner of some addresses got by a transaction, less what it gave, the fee included. */
export function netOf({ vin, vout }: TransactionJson, own: ReadonlySet<string>): number {
  const outputs = vout.filter(({ scriptpubkey_address: address }) => own.has(address ?? ""));
  const inputs = vin.flatMap(({ prevout }) => prevout ?? []);
  const given = inputs.filter(({ scriptpubkey_address: address }) => own.has(address ?? ""));
  const sum = (values: readonly { readonly value: number }[]): number =>
    values.reduce((total, { value }) => total + value, 0);
  return sum(outputs) - sum(given);
}

function entryOf(
  transaction: TransactionJson,
  own: ReadonlySet<string>,
  tipHeight: number,
): HistoryEntry {
  const { txid, fee, status } = transaction;
  return {
    txid,
    confirmations: confirmationsOf(transaction, tipHeight),
    height: status.confirmed ? status.block_height : undefined,
    block: status.confirmed ? status.block_hash : undefined,
    time: status.confirmed ? status.block_time : undefined,
    net: netOf(transaction, own),
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

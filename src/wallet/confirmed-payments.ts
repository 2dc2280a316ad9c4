/** Payments in blocks, as a wallet sees them: what it has seen confirmed may be reversed. */

import type { TransactionOutcomeJson } from "../contract/node-api.ts";
import type { Txid } from "../primitives/brand.ts";
import { type HistoryEntry, netOf } from "./history.ts";
import type { ConfirmedPayment } from "./journal.ts";
import type { WalletView } from "./view.ts";

/** Payments that the owner received and has not spent. */
export function paymentsOfCoins({ coins, tipHeight }: WalletView): readonly ConfirmedPayment[] {
  const own = new Set(
    coins.filter(({ place }) => place.use === "change").map(({ point }) => point.txid),
  );
  const payments = new Map<Txid, ConfirmedPayment>();
  for (const { point, value, confirmations, isCoinbase } of coins) {
    const { txid } = point;
    if (confirmations === 0 || isCoinbase || own.has(txid)) continue;
    const net = (payments.get(txid)?.net ?? 0) + value;
    payments.set(txid, { txid, net, height: tipHeight - confirmations + 1, block: null });
  }
  return [...payments.values()];
}

export function paymentsOfEntries(entries: readonly HistoryEntry[]): readonly ConfirmedPayment[] {
  return entries.flatMap(({ txid, net, height, block, isCoinbase }) => {
    return height === undefined || block === undefined || isCoinbase
      ? []
      : [{ txid, net, height, block }];
  });
}

/** What was sent, and is confirmed or was. */
export function paymentsOfOutcomes(
  outcomes: readonly TransactionOutcomeJson[],
  { used }: WalletView,
): readonly ConfirmedPayment[] {
  const own = new Set(used.map(({ address }) => address));
  return outcomes.flatMap(({ txid, transaction, status, orphaned_at: left }) => {
    if (transaction === null) return [];
    const net = netOf(transaction, own);
    if (status.confirmed) {
      return [{ txid, net, height: status.block_height, block: status.block_hash }];
    }
    return left ? [{ txid, net, height: left.block_height, block: left.block_hash }] : [];
  });
}

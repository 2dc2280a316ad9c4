/** Which transactions concern what a client tracks. */

import type { LiveJson } from "../../../contract/mempool-space.ts";
import type { Txid } from "../../../primitives/brand.ts";
import { equalBytes } from "../../../primitives/bytes.ts";
import { txidOf } from "../../../primitives/transaction.ts";
import type { FoundTransaction } from "../../queries/transactions.ts";

/** Whether a transaction pays to a script, or spends what was paid to it. */
export function touches({ transaction, spent }: FoundTransaction, script: Uint8Array | null) {
  if (script === null) return false;
  return [...transaction.outputs, ...spent].some((output) => {
    return output !== undefined && equalBytes(output.script, script);
  });
}

/** Which outputs of `txid` a transaction spends; undefined if none. */
export function spendingOf(txid: Txid | null, { transaction }: FoundTransaction) {
  const spending: Record<number, { readonly vin: number; readonly txid: Txid }> = {};
  for (const [vin, { previous }] of transaction.inputs.entries()) {
    if (previous.txid === txid) spending[previous.index] = { vin, txid: txidOf(transaction) };
  }
  const utxoSpent: LiveJson["utxoSpent"] = spending;
  return Object.keys(spending).length === 0 ? undefined : utxoSpent;
}

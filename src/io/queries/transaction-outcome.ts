/** What became of a transaction: confirmed, waiting, or gone and why. */

import type { TransactionFateJson } from "../../contract/node-api.ts";
import type { Node } from "../../node/node.ts";
import type { Txid } from "../../primitives/brand.ts";
import { txidOf } from "../../primitives/transaction.ts";
import type { Chronicle, Trials } from "./recent-history.ts";
import { transactionJson } from "../http/esplora/shapes.ts";
import { unconfirmed, type FoundTransaction, type Ledger } from "./transactions.ts";

/** Answers undefined for a transaction that this node never saw, or forgot. */
export function fateOf(
  txid: Txid,
  node: Node,
  ledger: Ledger,
  chronicle: Chronicle,
): TransactionFateJson | undefined {
  const trials = chronicle.trialsOf(txid);
  const living = ledger.find(txid);
  const found = living ?? findOrphaned(txid, trials, ledger);
  if (found === undefined && trials === undefined) return undefined;
  const status = living?.status ?? unconfirmed;
  return {
    txid,
    state: status.confirmed ? "confirmed" : living === undefined ? "gone" : "waiting",
    confirmations: status.confirmed ? node.chain.tip.height - status.block_height + 1 : 0,
    status,
    ...(living === undefined && removalFacts(trials)),
    ...orphaningFacts(trials),
    transaction: found === undefined ? null : transactionJson(found, node.params.addressPrefix),
  };
}

/** The block that was left behind is still there, and holds it. */
function findOrphaned(
  txid: Txid,
  trials: Trials | undefined,
  ledger: Ledger,
): FoundTransaction | undefined {
  if (trials?.orphaning === undefined) return undefined;
  const all = ledger.findIn(trials.orphaning.block, 0, Infinity);
  return all?.find(({ transaction }) => txidOf(transaction) === txid);
}

function removalFacts(
  trials: Trials | undefined,
): Pick<TransactionFateJson, "removed_because" | "replaced_by"> {
  if (trials?.removal === undefined) return {};
  const { reason, by } = trials.removal;
  return { ...(by !== undefined && { replaced_by: by }), removed_because: reason };
}

function orphaningFacts(trials: Trials | undefined): Pick<TransactionFateJson, "orphaned_at"> {
  if (trials?.orphaning === undefined) return {};
  const { at, block, height } = trials.orphaning;
  return { orphaned_at: { at, block_hash: block, block_height: height } };
}

/** What a node says of the end of a transaction. */

import type { TransactionOutcomeJson } from "../contract/node-api.ts";
import type { Txid } from "../primitives/brand.ts";
import { type NodeClient, NodeRefusedError } from "./client.ts";

/** Undefined if the node has not seen the transaction since it started. */
export async function askOutcome(
  client: NodeClient,
  txid: Txid,
): Promise<TransactionOutcomeJson | undefined> {
  try {
    return await client.transactionOutcome(txid);
  } catch (error) {
    if (error instanceof NodeRefusedError && error.status === 404) return undefined;
    throw error;
  }
}

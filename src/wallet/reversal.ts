/** Payments that were confirmed and are no longer: a reorganisation left their block. */

import type { TransactionOutcomeJson } from "../contract/node-api.ts";
import type { BlockHash, Txid } from "../primitives/brand.ts";
import { unreachable } from "../primitives/verdict.ts";
import { askOutcome } from "./asked-outcome.ts";
import { type NodeClient, NodeRefusedError } from "./client.ts";
import { fewAtATime } from "./few-at-a-time.ts";
import type { ConfirmedPayment } from "./journal.ts";

/** How a payment lost its confirmations, and what became of it. */
export type Reversal = {
  /** Of the block that held it. */
  readonly height: number;
  /** Milliseconds since 1970, by the node's clock; undefined if the node has started since. */
  readonly at: number | undefined;
  /** `unknown`: the node has started since, and knows the block only. */
  readonly state: "waiting" | "gone" | "unknown";
  /** The transaction that took its place. */
  readonly replacedBy: Txid | undefined;
};

export type ReversedPayment = { readonly payment: ConfirmedPayment; readonly reversal: Reversal };

/**
 * Those payments that are confirmed no longer on the node's branch. Of a node that never had the
 * block of a payment nothing follows: it may be behind, or on another chain.
 */
export async function findReversed(
  client: NodeClient,
  payments: readonly ConfirmedPayment[],
): Promise<ReversedPayment[]> {
  const reversed = await fewAtATime(payments, async (payment) => {
    const outcome = await askOutcome(client, payment.txid);
    const reversal = outcome
      ? reversalIn(outcome, payment)
      : await reversalByBlock(client, payment);
    return reversal && { payment, reversal };
  });
  return reversed.filter((each) => each !== undefined);
}

function reversalIn(
  { state, replaced_by: replacedBy, orphaned_at: left }: TransactionOutcomeJson,
  { height }: ConfirmedPayment,
): Reversal | undefined {
  if (state === "confirmed") return undefined;
  return { height: left?.block_height ?? height, at: left?.at, state, replacedBy };
}

async function reversalByBlock(
  client: NodeClient,
  { height, block }: ConfirmedPayment,
): Promise<Reversal | undefined> {
  if (block === null || !(await isKnown(client, block))) return undefined;
  return { height, at: undefined, state: "unknown", replacedBy: undefined };
}

async function isKnown(client: NodeClient, block: BlockHash): Promise<boolean> {
  try {
    await client.block(block);
    return true;
  } catch (error) {
    if (error instanceof NodeRefusedError && error.status === 404) return false;
    throw error;
  }
}

/** A sentence to be read behind the payment's name: "was confirmed in block 7, which …". */
export function describeReversal({ height, state, replacedBy }: Reversal): string {
  const lost = `was confirmed in block ${height}, which a reorganisation left behind`;
  switch (state) {
    case "waiting":
      return `${lost}; it waits for another block.`;
    case "gone":
      return replacedBy === undefined
        ? `${lost}; it neither waits nor is it confirmed.`
        : `${lost}; ${replacedBy} took its place.`;
    case "unknown":
      return `${lost}; this node has not seen it since it started.`;
    default:
      return unreachable(state);
  }
}

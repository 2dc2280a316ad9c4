/** What a wallet sent is sent again until it is confirmed or replaced: a node may forget it. */

import type { TransactionOutcomeJson } from "../contract/node-api.ts";
import type { Txid } from "../primitives/brand.ts";
import { askOutcome } from "./asked-outcome.ts";
import { type NodeClient, NodeRefusedError } from "./client.ts";
import type { Journal, SentTransaction } from "./journal.ts";

/** Reorganisations of honest miners are never so deep. */
const settledConfirmations = 6;
/** After it nodes forget what waits. @see Bitcoin Core, DEFAULT_MEMPOOL_EXPIRY_HOURS */
const keptMs = 336 * 3_600_000;

/**
 * Sends again what the node has lost, and forgets what is settled.
 *
 * @returns what the node said of each before.
 */
export async function sendAgain(
  client: NodeClient,
  journal: Journal,
  nowMs: number,
): Promise<readonly TransactionOutcomeJson[]> {
  const { sent } = await journal.read();
  const settled = new Set<Txid>();
  const outcomes: TransactionOutcomeJson[] = [];
  // The oldest first: a later one may spend the change of an earlier one.
  for (const transaction of sent) {
    const outcome = await askOutcome(client, transaction.txid);
    if (outcome !== undefined) outcomes.push(outcome);
    if (await isSettled(client, transaction, outcome, nowMs)) settled.add(transaction.txid);
  }
  if (settled.size === 0) return outcomes;
  await journal.change((content) => ({
    content: { ...content, sent: content.sent.filter(({ txid }) => !settled.has(txid)) },
    answer: undefined,
  }));
  return outcomes;
}

async function isSettled(
  client: NodeClient,
  { hex, sentAt }: SentTransaction,
  outcome: TransactionOutcomeJson | undefined,
  nowMs: number,
): Promise<boolean> {
  if (outcome?.state === "confirmed") return outcome.confirmations >= settledConfirmations;
  if (outcome?.state === "waiting") return false;
  if (outcome?.replaced_by !== undefined || nowMs > sentAt + keptMs) return true;
  try {
    await client.sendTransaction(hex);
  } catch (error) {
    // What it spends may come back with the next reorganisation.
    if (!(error instanceof NodeRefusedError)) throw error;
  }
  return false;
}

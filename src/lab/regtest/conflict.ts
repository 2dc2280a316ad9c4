/** A transaction that spends a coin of another one, for a double spend. */

import type { Txid } from "../../primitives/brand.ts";
import { bytesToHex } from "../../primitives/bytes.ts";
import type { Transaction } from "../../primitives/transaction.ts";
import { type NodeClient, NodeRefusedError } from "../../wallet/client.ts";
import type { NodeWallet } from "../money/node-wallet.ts";
import { LeverError } from "../nodes/lever-error.ts";

/**
 * Pays the coins that one of these wallets spends in a transaction back to that wallet.
 *
 * @throws LeverError if the node does not know the transaction, or none of the wallets can sign.
 */
export async function conflictWith(
  txid: Txid,
  owners: readonly NodeWallet[],
  client: NodeClient,
): Promise<Transaction> {
  const { vin } = await known(client.transaction(txid), `There is no transaction ${txid} here.`);
  const owned = owners.map((owner) => {
    const script = bytesToHex(owner.key.script);
    const coins = vin.flatMap(({ txid: from, vout: index, prevout }) => {
      if (prevout?.scriptpubkey !== script) return [];
      return [{ point: { txid: from, index }, value: prevout.value, ...owner.key }];
    });
    return { owner, coins };
  });
  const found = owned.find(({ coins }) => coins.length > 0);
  if (found === undefined) {
    throw new LeverError(
      `The transaction ${txid} spends no coin of the faucet or of a node: only its owner can sign ` +
        "another payment with its coins.",
    );
  }
  for (const { point } of found.coins) {
    const { status } = await known(
      client.transaction(point.txid),
      `${txid} spends an unknown coin.`,
    );
    if (status.confirmed) continue;
    throw new LeverError(
      `The transaction ${txid} spends a coin that is not confirmed: mine a block first.`,
    );
  }
  return found.owner.payToSelf(found.coins).transaction;
}

async function known<Answer>(asking: Promise<Answer>, problem: string): Promise<Answer> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof NodeRefusedError) throw new LeverError(problem);
    throw error;
  }
}

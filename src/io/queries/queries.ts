/** All that an API may ask of one node, whatever its protocol: REST now, others later. */

import { IndexRecords } from "./index-records.ts";
import { KeyHistory } from "./key-history.ts";
import { KnownKeys } from "./known-keys.ts";
import { NextBlocks } from "./next-blocks.ts";
import { RecentHistory } from "./recent-history.ts";
import type { ServedNode } from "./served-node.ts";
import { StoredBlocks } from "./stored-blocks.ts";
import { Transactions } from "./transactions.ts";
import { UtxoReporter } from "./utxo-report.ts";
import { WaitingByKey } from "./waiting-by-key.ts";

export type Queries = {
  readonly served: ServedNode;
  /** How far it is. */
  readonly index: Pick<IndexRecords, "state">;
  readonly blocks: StoredBlocks;
  readonly transactions: Transactions;
  readonly keyHistory: KeyHistory;
  readonly knownKeys: KnownKeys;
  readonly nextBlocks: NextBlocks;
  readonly recentHistory: RecentHistory;
  readonly utxoReporter: UtxoReporter;
};

/** Make it once for each node, before it has news: what is recorded begins here. */
export function queriesOf(served: ServedNode): Queries {
  const { node, store, runner } = served;
  const records = new IndexRecords(store);
  const blocks = new StoredBlocks(node.chain, store, records);
  const transactions = new Transactions(node, records, blocks);
  const waiting = new WaitingByKey(node);
  const recentHistory = new RecentHistory(node.chain);
  runner.onNews((news, at) => recentHistory.note(news, at));
  return {
    served,
    index: records,
    blocks,
    transactions,
    keyHistory: new KeyHistory(node, records, transactions, waiting),
    knownKeys: new KnownKeys(node.chain, records, waiting),
    nextBlocks: new NextBlocks(served),
    recentHistory,
    utxoReporter: new UtxoReporter(served),
  };
}

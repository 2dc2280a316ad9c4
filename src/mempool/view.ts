/** What the mempool knows of the chain. */

import type { Coin } from "../consensus/coin.ts";
import type { LockContext } from "../consensus/locks.ts";
import type { OutPoint } from "../primitives/transaction.ts";

/** The chain as the next block will see it: its height is the tip's plus one. */
export type NextBlockView = LockContext & {
  readonly coinAt: (point: OutPoint) => Coin | undefined;
};

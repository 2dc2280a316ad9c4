/** A coin: an output that can be spent, and where it was made. */

import type { Output } from "../primitives/transaction.ts";

export type Coin = {
  readonly output: Output;
  readonly height: number;
  readonly isCoinbase: boolean;
};

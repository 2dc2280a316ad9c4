/** How much money there is, and how much of it a block may make. */

import { coinsMax, satoshisPerCoin } from "../primitives/amount.ts";
import type { Satoshi } from "../primitives/brand.ts";
import type { Params } from "./params.ts";

/** No value or sum of values may be larger. @see Bitcoin Core, MAX_MONEY */
export const moneyMax = (coinsMax * satoshisPerCoin) as Satoshi;

const initialSubsidy = 50 * satoshisPerCoin;

/** New coins that the block at `height` may make, beside the fees it collects. */
export function subsidyAt(height: number, params: Params): Satoshi {
  const halvings = Math.floor(height / params.halvingInterval);
  return Math.floor(initialSubsidy / 2 ** halvings) as Satoshi;
}

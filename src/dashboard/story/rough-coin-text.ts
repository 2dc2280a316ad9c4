/** Rounded amounts: parts of a coin below a hundredth are left out. */

import { coinText } from "../../primitives/amount.ts";

const hundredth = 1_000_000;

/** Such as "40" for 40.00002464 coins; smaller amounts than a hundredth are exact. */
export function roughCoinText(satoshis: number): string {
  if (Math.abs(satoshis) < hundredth) return coinText(satoshis);
  return coinText(Math.round(satoshis / hundredth) * hundredth);
}

/** Fee rates: satoshis for 1,000 virtual bytes, as Bitcoin Core counts them. */

import type { Satoshi } from "../primitives/brand.ts";

/** The least fee that pays `feeRate` for so many bytes. @see Bitcoin Core, CFeeRate::GetFee */
export function feeFor(feeRate: number, virtualSizeBytes: number): Satoshi {
  return Math.ceil((feeRate * virtualSizeBytes) / 1000) as Satoshi;
}

/** For comparing; whether a fee suffices is asked of `feeFor`, which is exact. */
export function feeRateOf(fees: Satoshi, virtualSizeBytes: number): number {
  return (fees / virtualSizeBytes) * 1000;
}

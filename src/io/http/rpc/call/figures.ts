/** Figures as Bitcoin Core writes them. */

import { formatAmount } from "../../../../primitives/amount.ts";
import { JsonNumber } from "./json.ts";

/** Coins with all eight decimals. */
export function coins(satoshis: number): JsonNumber {
  return new JsonNumber(formatAmount(satoshis));
}

/** A 32-bit number as eight hex digits. */
export function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}

/** A 256-bit number as 64 hex digits. */
export function hex256(value: bigint): string {
  return value.toString(16).padStart(64, "0");
}

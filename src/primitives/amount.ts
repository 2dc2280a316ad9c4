/** Amounts of money as people write them: coins with up to eight decimals, or whole satoshis. */

import type { Satoshi } from "./brand.ts";
import { broken, unreachable, valid, type Verdict } from "./verdict.ts";

export const satoshisPerCoin = 100_000_000;
const decimals = 8;
/** More coins can never exist. @see Bitcoin Core, MAX_MONEY */
export const coinsMax = 21_000_000;

export type AmountProblem = {
  readonly rule: "amount-format" | "amount-decimals" | "amount-zero" | "amount-range";
};

const coinsPattern = /^(?=\.?\d)(\d*)(?:\.(\d*))?$/;
const satoshisPattern = /^(\d+)\s*(?:sat|sats)$/;

/** Reads "1.5" and ".5" as coins, "150000000sat" as satoshis; the answer is more than nothing. */
export function parseAmount(text: string): Verdict<Satoshi, AmountProblem> {
  const satoshis = satoshisPattern.exec(text.trim());
  if (satoshis) return checkRange(BigInt(satoshis[1] ?? ""));
  const coins = coinsPattern.exec(text.trim());
  if (!coins) return broken({ rule: "amount-format" });
  const [, whole = "", fraction = ""] = coins;
  if (fraction.length > decimals) return broken({ rule: "amount-decimals" });
  return checkRange(BigInt(whole + fraction.padEnd(decimals, "0")));
}

function checkRange(satoshis: bigint): Verdict<Satoshi, AmountProblem> {
  if (satoshis === 0n) return broken({ rule: "amount-zero" });
  if (satoshis > coinsMax * satoshisPerCoin) return broken({ rule: "amount-range" });
  return valid(Number(satoshis) as Satoshi);
}

/** One sentence for people. */
export function describeAmountProblem(text: string, { rule }: AmountProblem): string {
  const quoted = JSON.stringify(text);
  switch (rule) {
    case "amount-format":
      return `${quoted} is not an amount: write coins as 1.5, or satoshis as 150000000sat.`;
    case "amount-decimals":
      return `${quoted} has too many decimals: the smallest amount is 0.00000001.`;
    case "amount-zero":
      return "The amount must be more than nothing.";
    case "amount-range":
      return `${quoted} is more than the ${coinsMax} coins that can ever exist.`;
    default:
      return unreachable(rule);
  }
}

/** Coins with all eight decimals, so that columns of amounts line up; negative ones too. */
export function formatAmount(satoshis: number): string {
  const digits = String(Math.abs(satoshis)).padStart(decimals + 1, "0");
  const sign = satoshis < 0 ? "-" : "";
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** Coins with no more decimals than it takes, for sentences: "50", "0.0001" and "−1.5". */
export function coinText(satoshis: number): string {
  const coins = formatAmount(Math.abs(satoshis)).replace(/\.?0+$/, "");
  return satoshis < 0 ? `−${coins}` : coins;
}

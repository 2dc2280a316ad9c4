/** Amounts as people write them, in coins; what is counted is always whole satoshis. */

import type { Satoshi } from "../../lab-api.ts";

const decimals = 8;
const satoshisPerCoin = 10n ** BigInt(decimals);
/** No more can ever exist. @see Bitcoin Core, MAX_MONEY */
const coinsMax = 21_000_000n;

export type CoinReading =
  | { readonly ok: true; readonly value: Satoshi }
  /** One sentence. */
  | { readonly ok: false; readonly problem: string };

const coinsPattern = /^(\d*)(?:\.(\d*))?$/;

/** Reads "1.5" or ".5" without rounding anything; a comma is read as the point. */
export function parseCoins(text: string): CoinReading {
  const written = text.trim().replace(",", ".");
  if (written === "") return { ok: false, problem: "Enter an amount, such as 1.5." };
  const [matched, whole = "", fraction = ""] = coinsPattern.exec(written) ?? [];
  if (matched === undefined || whole + fraction === "") {
    return { ok: false, problem: `"${text.trim()}" is not an amount: write coins, such as 1.5.` };
  }
  if (fraction.length > decimals) {
    return { ok: false, problem: "That is too fine: the smallest amount is 0.00000001." };
  }
  const satoshis = BigInt(whole + fraction.padEnd(decimals, "0"));
  if (satoshis === 0n) return { ok: false, problem: "The amount must be more than nothing." };
  if (satoshis > coinsMax * satoshisPerCoin) {
    return { ok: false, problem: `Only ${coinsMax} coins can ever exist.` };
  }
  return { ok: true, value: Number(satoshis) as Satoshi };
}

/** Coins with no more decimals than it takes, such as "50" and "0.0001"; negative ones too. */
export function coinText(satoshis: number): string {
  const digits = String(Math.abs(satoshis)).padStart(decimals + 1, "0");
  const fraction = digits.slice(-decimals).replace(/0+$/, "");
  const sign = satoshis < 0 ? "−" : "";
  return `${sign}${digits.slice(0, -decimals)}${fraction === "" ? "" : `.${fraction}`}`;
}

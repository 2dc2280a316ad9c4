/** Figures as people read them: counted things, shares, hashes, coins. */

import { coinText } from "./amount.ts";

/** Such as "1 block" and "2 blocks". */
export function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}

/** A span for a glance, such as "10 s", "8 h" and "7 h 59 min": of two units the larger counts. */
export function spanText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const [hours, days] = [Math.floor(minutes / 60), Math.round(minutes / (24 * 60))];
  if (hours >= 48) return `${days} days`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** A part of a whole with no decimals that it does not need, such as "60 %" and "0.5 %". */
export function percent(part: number): string {
  return `${Number((100 * part).toFixed(1))} %`;
}

/** Both ends of a hash or another long name: work makes hashes begin with zeros. */
export function shortHash(hash: string): string {
  return hash.length <= 12 ? hash : `${hash.slice(0, 6)}…${hash.slice(-4)}`;
}

/** Satoshis as an amount in a sentence, such as "24 coins". */
export function coinsOf(satoshis: number): string {
  const coins = coinText(satoshis);
  return `${coins} ${coins === "1" ? "coin" : "coins"}`;
}

const hundredthOfCoin = 1_000_000;

/** Coins for a glance, such as "40" for 40.00002464; less than a hundredth of one is exact. */
export function roughCoinText(satoshis: number): string {
  if (Math.abs(satoshis) < hundredthOfCoin) return coinText(satoshis);
  return coinText(Math.round(satoshis / hundredthOfCoin) * hundredthOfCoin);
}

/** What was gained or lost, for a glance, such as "+40 coins", "−40 coins" and "±0". */
export function changeText(satoshis: number): string {
  if (satoshis === 0) return "±0";
  return `${satoshis > 0 ? "+" : ""}${roughCoinText(satoshis)} coins`;
}

/** Such as "18.0 %", "0.12 %" and "less than 0.01 %"; only what is certain is "0 %" or "100 %". */
export function probabilityText(probability: number): string {
  if (probability === 0 || probability === 1) return `${100 * probability} %`;
  if (probability < 0.0001) return "less than 0.01 %";
  if (probability < 0.01) return `${(100 * probability).toFixed(2)} %`;
  if (probability > 0.9994) return "more than 99.9 %";
  return `${(100 * probability).toFixed(1)} %`;
}

/** Figures as people read them: counted things, shares, hashes, coins. */

import { coinText } from "./amount.ts";

/** Such as "1 block" and "2 blocks". */
export function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
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

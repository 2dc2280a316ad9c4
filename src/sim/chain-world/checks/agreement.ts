/** Agreement: once nothing keeps them apart, all honest nodes have the same tip and coins. */

import type { Subject } from "./check.ts";
import { hashOfCoins } from "./undo-restores.ts";

/** True if all nodes have the same tip. */
export function haveOneTip(subjects: readonly Subject[]): boolean {
  const tips = new Set(subjects.map(({ chain }) => chain.tip.hash));
  return tips.size <= 1;
}

/** In what two nodes differ, or undefined. */
export function findDisagreement(subjects: readonly Subject[]): string | undefined {
  const [first, ...others] = subjects;
  if (first === undefined) return undefined;
  const coins = hashOfCoins(first.store);
  for (const other of others) {
    const tips = [first, other].map(({ name, chain }) => `${name} is at ${chain.tip.hash}`);
    if (!haveOneTip([first, other])) return tips.join(", ");
    if (hashOfCoins(other.store) !== coins) {
      return `${first.name} and ${other.name} have different coins at ${other.chain.tip.hash}`;
    }
  }
  return undefined;
}

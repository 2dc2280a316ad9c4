/** How the hash power is divided: each miner's part of the whole. */

import type { Shares } from "../../contract/network.ts";
import { broken, valid, type Verdict } from "../../primitives/verdict.ts";

export type SharesProblem =
  | { readonly rule: "share-range"; readonly name: string; readonly share: number }
  | { readonly rule: "no-such-miner"; readonly name: string; readonly miners: readonly string[] }
  | { readonly rule: "shares-sum"; readonly sum: number };

const tolerance = 1e-9;

export function equalShares(miners: readonly string[]): Shares {
  return Object.fromEntries(miners.map((name) => [name, 1 / miners.length]));
}

/**
 * Gives some miners a new share; all others shrink or grow in proportion. If these had nothing, they
 * get equal parts of what is left.
 */
export function changeShares(shares: Shares, changes: Shares): Verdict<Shares, SharesProblem> {
  const miners = Object.keys(shares);
  for (const [name, share] of Object.entries(changes)) {
    if (!miners.includes(name)) return broken({ rule: "no-such-miner", name, miners });
    if (!(share >= 0 && share <= 1)) return broken({ rule: "share-range", name, share });
  }
  const sum = sumOf(changes);
  const others = miners.filter((name) => changes[name] === undefined);
  const isComplete = others.length === 0;
  if (sum > 1 + tolerance || (isComplete && sum < 1 - tolerance)) {
    return broken({ rule: "shares-sum", sum });
  }
  const rest = Math.max(1 - sum, 0);
  const before = sumOf(Object.fromEntries(others.map((name) => [name, shares[name] ?? 0])));
  const shareOf = (name: string): number => {
    const hadNothing = before <= tolerance;
    const part = hadNothing ? 1 / others.length : (shares[name] ?? 0) / before;
    return changes[name] ?? rest * part;
  };
  return valid(Object.fromEntries(miners.map((name) => [name, shareOf(name)])));
}

/** One sentence for people. */
export function describeSharesProblem(problem: SharesProblem): string {
  switch (problem.rule) {
    case "share-range":
      return `${problem.name}'s share must be from 0 to 1, not ${problem.share}.`;
    case "no-such-miner":
      return `There is no miner ${problem.name} here; the miners are ${problem.miners.join(", ")}.`;
    case "shares-sum":
      return `All shares together must be 1, not ${Number(problem.sum.toFixed(3))}.`;
  }
}

function sumOf(shares: Shares): number {
  return Object.values(shares).reduce((sum, share) => sum + share, 0);
}

/** How many nodes hold for certain what others contradict. */

import type { Held, Prefix } from "./system.ts";

/** The nodes that do not belong to the largest group around one node in which none contradicts it. */
export function countDisagreeing(all: readonly Held[]): number {
  const agreeing = all.map((one) => all.filter((other) => agree(one, other)).length);
  return all.length - Math.max(0, ...agreeing);
}

function agree(a: Held, b: Held): boolean {
  if (a.type === "prefix" && b.type === "prefix") return haveOnePrefix(a, b);
  if (a.type === "decisions" && b.type === "decisions") {
    const others = b.decisions;
    return Object.entries(a.decisions).every(([name, value]) => {
      return !Object.hasOwn(others, name) || others[name] === value;
    });
  }
  return true;
}

/** Where both have something, from the end down: branches differ at their ends. */
function haveOnePrefix(a: Prefix, b: Prefix): boolean {
  const first = Math.max(a.first, b.first);
  const end = Math.min(a.first + a.cells.length, b.first + b.cells.length);
  for (let at = end - 1; at >= first; at--) {
    if (a.cells[at - a.first] !== b.cells[at - b.first]) return false;
  }
  return true;
}

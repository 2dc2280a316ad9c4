/** How many nodes hold for certain what others contradict. */

import type { Held, Prefix } from "./system.ts";

/** The nodes outside of the largest group that was found in which no two contradict each other. */
export function countDisagreeing(all: readonly Held[]): number {
  return all.length - Math.max(0, ...all.map((_, at) => groupAround(at, all).length));
}

/** Who is far behind agrees with everybody, so each newcomer must agree with all that are there. */
function groupAround(first: number, all: readonly Held[]): readonly Held[] {
  const group = all.slice(first, first + 1);
  for (const other of [...all.slice(0, first), ...all.slice(first + 1)]) {
    if (group.every((one) => agree(one, other))) group.push(other);
  }
  return group;
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

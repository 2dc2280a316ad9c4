/** How often each verb struck, and in which state: the role of what it named at that moment. */

import { isCommonFault, namesIn } from "../engine/faults.ts";
import type { Strike } from "../engine/strike.ts";
import type { ProcessFault } from "../process-world/byzantine.ts";
import type { ProcessWorld } from "../process-world/process-world.ts";

/** For each verb, how often it struck in each state. */
export type StrikeCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** @returns the role of a process that is named, or how a network with its leader is split. */
export function stateAtStrike(strike: Strike<ProcessFault>, world: ProcessWorld): string {
  const { fault } = strike;
  if (strike.type === "skipped") return `no ${strike.role}`;
  if (isCommonFault(fault) && fault.verb === "split") return stateOfSplit(fault.groups, world);
  const [name] = namesIn(fault);
  const host = world.host(name as string);
  if (!host.isRunning) return "down";
  return host.isPaused ? "paused" : host.view.role;
}

function stateOfSplit(groups: readonly (readonly string[])[], world: ProcessWorld): string {
  const { leader, names } = world;
  if (leader === undefined) return "no leader";
  const grouped = groups.flat();
  const rest = names.filter((name) => !grouped.includes(name));
  const own = [...groups, rest].find((group) => group.includes(leader)) ?? [];
  return own.length * 2 > names.length ? "leader in majority" : "leader in minority";
}

/** Under which a strike is counted: behaviours like verbs. */
export function kindOf(fault: ProcessFault): string {
  return isCommonFault(fault) ? fault.verb : `byzantine ${fault.by}`;
}

export function addStrike(counts: StrikeCounts, verb: string, state: string, by = 1): StrikeCounts {
  const own = counts[verb] ?? {};
  return { ...counts, [verb]: { ...own, [state]: (own[state] ?? 0) + by } };
}

export function addStrikes(a: StrikeCounts, b: StrikeCounts): StrikeCounts {
  let total = a;
  for (const [verb, states] of Object.entries(b)) {
    for (const [state, count] of Object.entries(states)) {
      total = addStrike(total, verb, state, count);
    }
  }
  return total;
}

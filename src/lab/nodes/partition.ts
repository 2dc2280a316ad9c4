/** A partition of the network: groups of nodes that cannot reach each other. */

import type { Groups } from "../../contract/network.ts";
import { broken, valid, type Verdict } from "../../primitives/verdict.ts";

export type PartitionProblem =
  | { readonly rule: "no-such-node"; readonly name: string; readonly names: readonly string[] }
  | { readonly rule: "node-twice"; readonly name: string }
  | { readonly rule: "one-group" };

/** Checks the groups. The nodes that are in none of them are one more group. */
export function completeGroups(
  names: readonly string[],
  groups: Groups,
): Verdict<Groups, PartitionProblem> {
  const named = groups.flat();
  for (const [i, name] of named.entries()) {
    if (!names.includes(name)) return broken({ rule: "no-such-node", name, names });
    if (named.indexOf(name) < i) return broken({ rule: "node-twice", name });
  }
  const rest = names.filter((name) => !named.includes(name));
  const complete = [...groups, rest].filter((group) => group.length > 0);
  return complete.length < 2 ? broken({ rule: "one-group" }) : valid(complete);
}

/** Whether no group holds both. */
export function isSeparated(groups: Groups | null, a: string, b: string): boolean {
  return groups !== null && !groups.some((group) => group.includes(a) && group.includes(b));
}

/** One sentence for people. */
export function describePartitionProblem(problem: PartitionProblem): string {
  switch (problem.rule) {
    case "no-such-node":
      return `There is no node ${problem.name} here; the nodes are ${problem.names.join(", ")}.`;
    case "node-twice":
      return `${problem.name} can be in one group only.`;
    case "one-group":
      return "One group with all nodes is no partition: leave at least one node out.";
  }
}

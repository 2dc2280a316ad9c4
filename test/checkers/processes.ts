/** Processes as a check sees them, in a few words. */

import type { Value } from "../../src/checkers/history.ts";
import type { LogCell, ProcessState, Property } from "../../src/checkers/property.ts";

type Words = {
  readonly era?: number;
  readonly leads?: boolean;
  /** Such as `1a 1b 2c`: the era of each entry and its command. */
  readonly log?: string;
  readonly firstIndex?: number;
  readonly committed?: number;
  readonly applied?: number;
  readonly decisions?: Readonly<Record<string, Value>>;
  readonly blocked?: readonly string[];
};

export function process(name: string, words: Words): ProcessState {
  const { era = 1, leads = false, log, firstIndex = 1, committed = 0, applied = 0 } = words;
  const { decisions = {}, blocked = [] } = words;
  const view = { era, isLeader: leads, decisions, blocked };
  if (log === undefined) return { name, view };
  return { name, view: { ...view, log: { firstIndex, cells: cellsOf(log), committed, applied } } };
}

function cellsOf(log: string): readonly LogCell[] {
  const words = log.split(" ").filter((word) => word !== "");
  return words.map((word) => ({ era: Number.parseInt(word), command: word.replace(/^\d+/, "") }));
}

/** The first breach while the processes are fed one after the other, or undefined. */
export function breachOf(
  property: Property,
  ...states: readonly ProcessState[]
): string | undefined {
  for (const state of states) {
    const breach = property.findBreach(state);
    if (breach !== undefined) return breach;
  }
  return undefined;
}

/** The tables of `powlab cap`, for people. */

import { sheetsOfCards } from "../../../src/experiments/cap/sheets.ts";
import { type CapFault, describeCapFault } from "../../../src/sim/cap/cap-fault.ts";
import { absence, type Entrant } from "../../../src/sim/cap/entrants.ts";
import { endOf, phasesOf } from "../../../src/sim/cap/schedule.ts";
import type { Scorecard } from "../../../src/sim/cap/scorecard.ts";
import type { ProcessNetwork } from "../../../src/sim/process-world/process-world.ts";
import { oneWayOf } from "../../../src/sim/process-world/protocol-run.ts";
import { formatTable } from "../table.ts";

export type Known = {
  readonly network: ProcessNetwork;
  readonly faults: readonly CapFault[];
  readonly entrants: readonly Entrant[];
};

export function describeCards(cards: readonly Scorecard[], known: Known): string {
  const sheets = sheetsOfCards(cards, oneWayOf(known.network)).map(({ title, columns, rows }) => {
    return `${title}\n${formatTable(columns.map(columnOf), rows)}`;
  });
  return [...sheets, legendOf(known).join("\n")].join("\n\n");
}

function columnOf(title: string) {
  return { title };
}

/** Sentences: the phases, and how the table is to be read. */
export function legendOf({ faults, entrants }: Known): readonly string[] {
  const phases = phasesOf(faults, endOf(faults) + 1).map(({ letter, fromMs, toMs, faults: on }) => {
    const words = on.length === 0 ? "the whole network" : on.map(describeCapFault).join(", ");
    return `${letter}, ${fromMs / 1000} to ${toMs / 1000} s: ${words}.`;
  });
  const lies = faults.some(({ verb }) => verb === "lie")
    ? entrants.map(({ name, lie }) => `${name}: the byzantine node ${lie}.`)
    : [];
  return [
    ...phases,
    "A side is what its nodes can reach; those that the fault names come first, the byzantine node's client does not count.",
    "Writes lost: answered, and in the end an earlier write is there, or nothing. Taken back: answered from a block that was left.",
    ...lies,
    ...entrants
      .filter(({ name }) => name === "proof-of-work")
      .map(({ about }) => `Proof of work: ${about}.`),
    `Left out: ${absence}.`,
  ];
}

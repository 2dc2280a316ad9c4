/** A schedule of faults for processes, in a file: they may turn byzantine. */

import type { JsonReader } from "../../primitives/json-reader.ts";
import type { Verdict } from "../../primitives/verdict.ts";
import { roleOf } from "../engine/faults.ts";
import { parseFaultFile, readFaults, type VerbReader } from "../files/fault-file.ts";
import type { ProcessFault, ProcessTurn } from "./byzantine.ts";
import { processRoles } from "./process-world.ts";

export type ProcessFaultTerms = {
  /** Of the processes that there are. */
  readonly names: readonly string[];
  /** Of the behaviours that the protocol's processes may have. */
  readonly behaviours: readonly string[];
};

/** @param behaviours any will do if left out. */
function turnReader(behaviours?: readonly string[]): VerbReader<ProcessTurn> {
  return {
    keys: ["node", "by"],
    hasEnd: false,
    read: (fields, readNode) => {
      const reader = fields.get("node");
      const node = readNode(reader);
      const isRole = roleOf(node) !== undefined;
      if (isRole) reader.refuse("must name a node: which nodes stay honest is fixed at the start");
      const by = fields.get("by");
      return { node, by: behaviours === undefined ? by.text() : by.word(behaviours) };
    },
  };
}

/** A schedule that stands inside another file, for processes and behaviours of any names. */
export function readProcessFaults(reader: JsonReader): readonly ProcessFault[] {
  const extra = { "turn-byzantine": turnReader() };
  return readFaults<ProcessTurn>(reader, { roles: processRoles, extra });
}

export function parseProcessFaultFile(
  text: string,
  { names, behaviours }: ProcessFaultTerms,
): Verdict<readonly ProcessFault[], string> {
  const extra = { "turn-byzantine": turnReader(behaviours) };
  return parseFaultFile<ProcessTurn>(text, { names, roles: processRoles, extra });
}

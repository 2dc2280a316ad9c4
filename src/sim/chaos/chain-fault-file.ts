/** A schedule of faults for the chain, in a file: its nodes may turn byzantine, but not all of them. */

import { type ByzantineName, byzantineNames } from "../../attacks/byzantine/byzantine.ts";
import type { JsonReader } from "../../primitives/json-reader.ts";
import { broken, type Verdict } from "../../primitives/verdict.ts";
import type { ChainFault } from "../chain-world/chain-faults.ts";
import { chainRoles } from "../chain-world/chain-world.ts";
import type { TurnByzantine } from "../engine/byzantine-turns.ts";
import { roleOf } from "../engine/faults.ts";
import { parseFaultFile, readFaults, type VerbReader } from "../files/fault-file.ts";

const turnReader: VerbReader<TurnByzantine<ByzantineName>> = {
  keys: ["node", "by"],
  hasEnd: false,
  read: (fields, readNode) => {
    const reader = fields.get("node");
    const node = readNode(reader);
    const isRole = roleOf(node) !== undefined;
    if (isRole) reader.refuse("must name a node: which nodes stay honest is fixed at the start");
    return { node, by: fields.get("by").word(byzantineNames) };
  },
};

const terms = {
  roles: chainRoles,
  extra: { "turn-byzantine": turnReader },
  retired: { betray: "turn-byzantine" },
};

/** A schedule that stands inside another file, for nodes of any names. */
export function readChainFaults(reader: JsonReader): readonly ChainFault[] {
  return readFaults(reader, terms);
}

/** @param names of the nodes that there are. */
export function parseChainFaultFile(
  text: string,
  names: readonly string[],
): Verdict<readonly ChainFault[], string> {
  const parsed = parseFaultFile(text, { ...terms, names });
  if (!parsed.ok) return parsed;
  const turned = parsed.value.flatMap((fault) => {
    return fault.verb === "turn-byzantine" ? [fault.node] : [];
  });
  const isAnybodyHonest = names.some((name) => !turned.includes(name));
  return isAnybodyHonest ? parsed : broken("at least one node must stay honest");
}

/** All protocols by name, with what a reader and a program need to know before they run one. */

import { lastWriter } from "./last-writer/last-writer.ts";
import type { Mutant, Protocol } from "./process/protocol.ts";
import { mutantRaft, raftMutants } from "./raft/mutants.ts";
import { raft } from "./raft/raft.ts";
import { singleCopy } from "./single-copy/single-copy.ts";

/** What clients may ask of a protocol: reads and writes of keys, or the decision of one value. */
export type Workload = "key-value" | "decision";

export type ProtocolEntry = {
  readonly name: string;
  /** What it gives and what it gives up, in a sentence without a full stop. */
  readonly summary: string;
  readonly workload: Workload;
  readonly protocol: Protocol;
  readonly mutants: readonly (Mutant & { readonly protocol: Protocol })[];
  readonly usualNodes: number;
};

export const protocols: readonly ProtocolEntry[] = [
  {
    name: "single-copy",
    summary: "one process keeps the data: linearizable, and silent while that one is down",
    workload: "key-value",
    protocol: singleCopy,
    mutants: [],
    usualNodes: 3,
  },
  {
    name: "last-writer",
    summary: "each process answers from its own copy: always answered, and writes may be lost",
    workload: "key-value",
    protocol: lastWriter,
    mutants: [],
    usualNodes: 3,
  },
  {
    name: "raft",
    summary: "a leader orders a log that a majority keeps: linearizable, and live with a majority",
    workload: "key-value",
    protocol: raft(),
    mutants: raftMutants.map((mutant) => ({ ...mutant, protocol: mutantRaft(mutant) })),
    usualNodes: 5,
  },
];

export function protocolNamed(name: string): ProtocolEntry | undefined {
  return protocols.find((entry) => entry.name === name);
}

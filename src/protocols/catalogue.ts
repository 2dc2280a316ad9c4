/** All protocols by name, with what a reader and a program need to know before they run one. */

import { benOr } from "./ben-or/ben-or.ts";
import { benOrMutants } from "./ben-or/mutants.ts";
import { lastWriter } from "./last-writer/last-writer.ts";
import { multiPaxos } from "./multi-paxos/multi-paxos.ts";
import { multiPaxosMutants } from "./multi-paxos/mutants.ts";
import { paxosMutants } from "./paxos/mutants.ts";
import { paxos } from "./paxos/paxos.ts";
import { pbftBehaviours } from "./pbft/behaviours.ts";
import { pbftMutants } from "./pbft/mutants.ts";
import { pbft } from "./pbft/pbft.ts";
import type { Behaviour } from "./process/behaviour.ts";
import { commonBehaviours } from "./process/common-behaviours.ts";
import type { Mutant, Protocol } from "./process/protocol.ts";
import { byzantineMaxOf } from "./process/quorum.ts";
import { mutantRaft, raftMutants } from "./raft/mutants.ts";
import { raft } from "./raft/raft.ts";
import { singleCopy } from "./single-copy/single-copy.ts";
import { threePhaseMutants } from "./three-phase-commit/mutants.ts";
import { threePhaseCommit } from "./three-phase-commit/three-phase-commit.ts";
import { commitMutants } from "./two-phase-commit/mutants.ts";
import { twoPhaseCommit } from "./two-phase-commit/two-phase-commit.ts";

/** What clients may ask of a protocol: reads and writes of keys, or the decision of one value or bit. */
export type Workload = "key-value" | "decision" | "bit";

/** What must hold of a protocol's processes at all times; `checkers/` says what each means. */
export type PromiseName =
  | "agreement"
  | "atomicity"
  | "election-safety"
  | "leader-append-only"
  | "leader-completeness"
  | "log-matching"
  | "no-fork"
  | "state-machine-safety";

const ofTransactions = ["atomicity", "agreement"] as const;

export type ProtocolEntry = {
  readonly name: string;
  /** What it gives and what it gives up, in a sentence without a full stop. */
  readonly summary: string;
  readonly workload: Workload;
  readonly protocol: Protocol;
  /** Besides what clients see of it. */
  readonly promises: readonly PromiseName[];
  readonly mutants: readonly (Mutant & { readonly protocol: Protocol })[];
  readonly usualNodes: number;
  /** When what clients see is linearizable: always if left out. */
  readonly linearizable?: "never" | "if messages come in time";
  /** A step of it may toss a coin, and so have two outcomes. */
  readonly tossesCoins?: true;
  /** How its processes may be byzantine; those of every protocol if left out. */
  readonly behaviours?: readonly Behaviour[];
  /** How many of so many processes may be byzantine; none if left out. */
  readonly byzantineMax?: (count: number) => number;
};

export const protocols: readonly ProtocolEntry[] = [
  {
    name: "single-copy",
    summary: "one process keeps the data: linearizable, and silent while that one is down",
    workload: "key-value",
    protocol: singleCopy,
    promises: [],
    mutants: [],
    usualNodes: 3,
  },
  {
    name: "last-writer",
    summary: "each process answers from its own copy: always answered, and writes may be lost",
    workload: "key-value",
    protocol: lastWriter,
    promises: [],
    mutants: [],
    usualNodes: 3,
    linearizable: "never",
  },
  {
    name: "two-phase-commit",
    summary: "all members or none: atomic, and blocked while the coordinator is down",
    workload: "key-value",
    protocol: twoPhaseCommit(),
    promises: ofTransactions,
    mutants: commitMutants,
    usualNodes: 4,
  },
  {
    name: "two-phase-commit-cooperative",
    summary: "two-phase commit whose participants ask each other, and block less often",
    workload: "key-value",
    protocol: twoPhaseCommit({ termination: "ask-others" }),
    promises: ofTransactions,
    mutants: [],
    usualNodes: 4,
  },
  {
    name: "three-phase-commit",
    summary: "no crash blocks it, and a parted network breaks its atomicity",
    workload: "key-value",
    protocol: threePhaseCommit(),
    promises: ofTransactions,
    mutants: threePhaseMutants,
    usualNodes: 4,
    linearizable: "if messages come in time",
  },
  {
    name: "paxos",
    summary: "one value is decided for ever: safe under any delay, live with a majority",
    workload: "decision",
    protocol: paxos(),
    // No election safety: a round may have several proposers, of different names.
    promises: ["agreement"],
    mutants: paxosMutants,
    usualNodes: 5,
  },
  {
    name: "ben-or",
    summary: "one bit is decided by coins where votes are tied: live under any delay, in the end",
    workload: "bit",
    protocol: benOr(),
    promises: ["agreement"],
    mutants: benOrMutants,
    usualNodes: 5,
    tossesCoins: true,
  },
  {
    name: "multi-paxos",
    summary: "a log by a decision for each slot: linearizable, answered where a majority is",
    workload: "key-value",
    protocol: multiPaxos(),
    // Members may have one entry under different ballots, so logs need not match.
    promises: ["state-machine-safety"],
    mutants: multiPaxosMutants,
    usualNodes: 5,
  },
  {
    name: "raft",
    summary: "a leader orders a log: linearizable, answered where a majority is",
    workload: "key-value",
    protocol: raft(),
    promises: [
      "election-safety",
      "leader-append-only",
      "log-matching",
      "leader-completeness",
      "state-machine-safety",
    ],
    mutants: raftMutants.map((mutant) => ({ ...mutant, protocol: mutantRaft(mutant) })),
    usualNodes: 5,
  },
  {
    name: "pbft",
    summary: "a third less one may be byzantine: linearizable, answered where a quorum is",
    workload: "key-value",
    protocol: pbft(),
    // A later view commits again what an earlier one has, and a new leader may lack what others have.
    promises: ["no-fork"],
    mutants: pbftMutants,
    usualNodes: 4,
    behaviours: [...commonBehaviours, ...pbftBehaviours],
    byzantineMax: byzantineMaxOf,
  },
];

/** The behaviours that a byzantine process of a protocol may have. */
export function behavioursOf({ behaviours }: Pick<ProtocolEntry, "behaviours">) {
  return behaviours ?? commonBehaviours;
}

export function protocolNamed(name: string): ProtocolEntry | undefined {
  return protocols.find((entry) => entry.name === name);
}

/** How each mutant is met: by a script, by a search of all steps within bounds, or by one run. */

import type { Request } from "../../explorer/processes/process-steps.ts";
import type { Command } from "../../protocols/process/key-value.ts";
import type { Fault } from "../../sim/engine/faults.ts";

export type Way =
  /** Of Raft: the script of this mutant. */
  | { readonly type: "script" }
  /** Of PBFT: the scene of this mutant. */
  | { readonly type: "scene" }
  | ({ readonly type: "search" } & Bounds)
  /** A request at the first of some processes, while one is down. */
  | { readonly type: "one-down"; readonly nodes: number }
  /** A leader crashes with holes in its log, and the next one is asked. */
  | { readonly type: "holes"; readonly nodes: number }
  /**
   * One transaction whose coordinator crashes in place of an effect, from 0, while every message
   * arrives in time: else three phases break atomicity with the right rules, too.
   */
  | { readonly type: "crash"; readonly participants: number; readonly effect: number }
  /** A run of chaos, with those of its faults that are needed. */
  | { readonly type: "chaos"; readonly seed: number; readonly faults: readonly Fault[] };

export type Bounds = {
  readonly nodes: number;
  readonly crashes: number;
  readonly timeouts: number;
  /** Terms, views or rounds of ballots. */
  readonly erasMax: number;
  readonly requests: readonly (readonly Request[])[];
};

function asked(client: number, number: number, process: number, command: Command): Request {
  return { process, id: { client: `c${client}`, number }, command };
}

const key = "x";

/** A client writes at the first process, and reads at the second. */
const writeThenRead = [
  [asked(1, 1, 0, { type: "write", key, value: 0 }), asked(1, 2, 1, { type: "read", key })],
];

/** One client writes and reads elsewhere, another one does so the other way round. */
const twoWriteThenRead = [
  ...writeThenRead,
  [asked(2, 1, 1, { type: "write", key, value: "" }), asked(2, 2, 2, { type: "read", key })],
];

function writesAt(processes: readonly number[]): Bounds["requests"] {
  const values = [0, ""];
  return processes.map((process, at) => {
    return [asked(at + 1, 1, process, { type: "write", key, value: values[at] ?? null })];
  });
}

/** Values that count as none for a careless program: others hide a mutant. */
const proposals: Bounds["requests"] = [
  [asked(1, 1, 0, { type: "propose", value: 0 })],
  [asked(2, 1, 1, { type: "propose", value: "" })],
];

const oneCommit: Way = {
  type: "search",
  ...{ nodes: 3, crashes: 1, timeouts: 1, erasMax: 2, requests: writeThenRead },
};
const oneDecision: Way = {
  type: "search",
  ...{ nodes: 3, crashes: 0, timeouts: 0, erasMax: 1, requests: proposals },
};
const twoLeaders: Way = {
  type: "search",
  ...{ nodes: 3, crashes: 0, timeouts: 2, erasMax: 2, requests: writesAt([0, 1]) },
};

/** For each protocol, its mutants; of Raft all have a script, and of PBFT a scene. */
export const ways: Readonly<Record<string, Readonly<Record<string, Way>>>> = {
  "two-phase-commit": {
    "commits-with-a-majority": { ...oneCommit, crashes: 0, requests: writesAt([0, 0]) },
    "decision-in-memory": oneCommit,
    "vote-in-memory": oneCommit,
    "presumed-commit": oneCommit,
    "aborts-alone-in-doubt": oneCommit,
    "forgets-before-acknowledgements": oneCommit,
  },
  "three-phase-commit": {
    "decides-alone-when-late": { type: "crash", participants: 3, effect: 7 },
    "aborts-what-is-pre-committed": { type: "crash", participants: 3, effect: 12 },
  },
  paxos: {
    "as-the-essay": oneDecision,
    truthiness: oneDecision,
    "promises-in-memory": { ...oneDecision, crashes: 1 },
    "asks-a-majority-only": { type: "one-down", nodes: 5 },
    "accepts-higher-only": { type: "one-down", nodes: 5 },
    "promise-not-kept": oneDecision,
    "half-is-enough": oneDecision,
    "own-value-always": oneDecision,
    "promises-again": oneDecision,
    "equal-numbers": oneDecision,
    "equal-numbers-promised-again": oneDecision,
  },
  "ben-or": {
    "no-coin": {
      type: "chaos",
      seed: 49,
      faults: [{ atMs: 4_529, lastsMs: 1_588, verb: "crash", node: "n5", moment: "at-once" }],
    },
    "one-proposal-decides": { type: "chaos", seed: 49, faults: [] },
    "half-is-enough": { type: "chaos", seed: 4, faults: [] },
  },
  "multi-paxos": {
    "promises-in-memory": { ...twoLeaders, crashes: 1 },
    "promise-not-kept": twoLeaders,
    "new-leader-forgets": twoLeaders,
    "gaps-stay": { type: "holes", nodes: 5 },
    "any-acceptance-is-chosen": {
      type: "chaos",
      seed: 10,
      faults: [{ atMs: 3_281, lastsMs: 3_943, verb: "isolate", node: "n1" }],
    },
    "without-sessions": { type: "chaos", seed: 2, faults: [] },
    "reads-beside-the-log": { ...twoLeaders, requests: twoWriteThenRead },
    "quorums-of-three-and-two": {
      type: "chaos",
      seed: 12,
      faults: [
        { atMs: 56_828, lastsMs: 4_289, verb: "split", groups: [["n1", "n2", "n3", "n4"], ["n5"]] },
      ],
    },
  },
};

export function wayOf(protocol: string, mutant: string): Way {
  return ways[protocol]?.[mutant] ?? { type: protocol === "pbft" ? "scene" : "script" };
}

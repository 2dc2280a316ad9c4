/** The phases of cap's schedule, each beside what it must show of every protocol. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { defaultRaftOptions } from "../../protocols/raft/options.ts";
import { proofOfWork } from "../../sim/cap/entrants.ts";
import type { PhaseCard } from "../../sim/cap/scorecard.ts";
import { defineExact, type ExactExperiment } from "../engine/exact-experiment.ts";
import { atLeast, atMost, exactly, type Finding } from "../engine/finding.ts";
import { missedReads } from "./fresh-reads.ts";
import { cardOf, delayMs, phaseOf } from "./shared-run.ts";
import { percentOf } from "./sheets.ts";

const parameters = {
  phaseSeconds: wholeParameter("how long each phase takes", { min: 8, max: 120, initial: 30 }),
};

const common = {
  group: "CAP",
  lines: "L36-49",
  parameters,
  quick: { phaseSeconds: 9 },
  examples: [["--phase-seconds 20", "shorter phases"]],
} as const;

/** Who promises that the order of the answers can be explained. */
const strict = ["single-copy", "two-phase-commit", "multi-paxos", "raft", "pbft"] as const;
/** Who promises an answer. */
const available = ["last-writer", proofOfWork] as const;
const logs = ["multi-paxos", "raft", "pbft"] as const;
const all = [...strict, ...available] as const;

type Name = (typeof all)[number];

export const wholePhase = defineExact<typeof parameters>({
  ...common,
  id: "cap-whole",
  code: "C1",
  title: "Consistent and available",
  claim: "Without a fault nothing must be given up: answered everywhere, and linearizable.",
  source: "definitions; last-writer and proof of work answer from copies, and so promise less",
  examine: ({ phaseSeconds }, seed) => [
    ...all.map((name) => {
      const phase = phaseOf(cardOf(name, phaseSeconds * 1000, seed), "A");
      return exactly(`${name}: answered, %`, writesOf(phase), "100");
    }),
    ...strict.map((name) => {
      const { whole } = cardOf(name, phaseSeconds * 1000, seed);
      return exactly(`${name}: the history`, whole.outcome, "linearizable");
    }),
    ...strict.map((name) =>
      exactly(`${name}: reads elsewhere that miss a write`, missedReads(name, seed), 0),
    ),
    ...available.map((name) =>
      atLeast(`${name}: reads elsewhere that miss a write`, missedReads(name, seed), 1),
    ),
  ],
});

export const minorityPhase = defineExact<typeof parameters>({
  ...common,
  id: "cap-minority",
  code: "C2",
  title: "The leader in the minority",
  claim: "Cut off with one other, a leader answers nothing, or answers what the others contradict.",
  source: "definitions: a majority is 4 of 7, PBFT's quorum 5, and two-phase commit needs all 7",
  examine: ({ phaseSeconds }, seed) => {
    const expected: Expected = {
      "single-copy": "100 | 0",
      "two-phase-commit": "0 | 0",
      "multi-paxos": "0 | 100",
      raft: "0 | 100",
      pbft: "0 | 100",
      "last-writer": "100 | 100",
    };
    return [
      ...answersIn("B", expected, phaseSeconds, seed),
      ...readsIn("B", "100 | 100", phaseSeconds, seed),
      ...pausesIn("B", logs, phaseSeconds, seed),
      ...contradictionsIn("B", phaseSeconds, seed),
    ];
  },
});

export const halvesPhase = defineExact<typeof parameters>({
  ...common,
  id: "cap-halves",
  code: "C3",
  title: "Three against four",
  claim:
    "Of two sides the larger one answers where a majority is enough, and none where all must be.",
  source: "definitions: a majority is 4 of 7, and two-phase commit needs all for a write",
  examine: ({ phaseSeconds }, seed) => {
    const expected: Expected = {
      "single-copy": "100 | 0",
      "two-phase-commit": "0 | 0",
      "multi-paxos": "0 | 100",
      raft: "0 | 100",
      pbft: "0 | 0",
      "last-writer": "100 | 100",
    };
    return [
      ...answersIn("C", expected, phaseSeconds, seed),
      ...readsIn("C", "100 | 100", phaseSeconds, seed),
      ...pausesIn("C", ["multi-paxos", "raft"], phaseSeconds, seed),
      ...contradictionsIn("C", phaseSeconds, seed),
    ];
  },
});

export const downPhase = defineExact<typeof parameters>({
  ...common,
  id: "cap-leader-down",
  code: "C4",
  title: "The leader is down",
  claim: "A crash stops what has one hub, pauses what elects another leader, and nothing else.",
  source: "definitions; a pause is at most the longest election time-out and two round trips",
  examine: ({ phaseSeconds }, seed) => {
    const expected: Expected = {
      "single-copy": "0",
      "two-phase-commit": "0",
      "multi-paxos": "100",
      raft: "100",
      pbft: "100",
      "last-writer": "100",
    };
    return [
      ...answersIn("D", expected, phaseSeconds, seed),
      ...readsIn("D", "100", phaseSeconds, seed),
      ...pausesIn("D", logs, phaseSeconds, seed),
    ];
  },
});

export const thirdsPhase = defineExact<typeof parameters>({
  ...common,
  id: "cap-thirds",
  code: "C5",
  title: "Three parts",
  claim: "Where no part has a majority, nothing that needs one is answered anywhere.",
  source: "definitions: 3, 3 and 1 of 7",
  examine: ({ phaseSeconds }, seed) => {
    const expected: Expected = {
      "single-copy": "100 | 0 | 0",
      "two-phase-commit": "0 | 0 | 0",
      "multi-paxos": "0 | 0 | 0",
      raft: "0 | 0 | 0",
      pbft: "0 | 0 | 0",
      "last-writer": "100 | 100 | 100",
    };
    return [
      ...answersIn("E", expected, phaseSeconds, seed),
      ...contradictionsIn("E", phaseSeconds, seed),
    ];
  },
});

export const liePhase = defineExact<typeof parameters>({
  ...common,
  id: "cap-lie",
  code: "C6",
  title: "A node that lies",
  claim: "Who tolerates crashes only trusts a byzantine node; PBFT and proof of work do not.",
  source: "definitions: a crash model promises nothing of what a process invents",
  examine: ({ phaseSeconds }, seed) => {
    const lieOf = (name: Name) => phaseOf(cardOf(name, phaseSeconds * 1000, seed), "F");
    const trusting = ["two-phase-commit", "multi-paxos", "raft"] as const;
    return [
      ...trusting.map((name) => {
        const { beforeLies } = cardOf(name, phaseSeconds * 1000, seed);
        return exactly(`${name}: the history before the lie`, beforeLies.outcome, "linearizable");
      }),
      ...trusting.map((name) => {
        return atLeast(`${name}: keys that cannot be explained`, lieOf(name).refusedKeys, 1);
      }),
      exactly("pbft: keys that cannot be explained", lieOf("pbft").refusedKeys, 0),
      exactly("pbft: answered, %", writesOf(lieOf("pbft")), "100"),
      atLeast("last-writer: reads of what no client wrote", lieOf("last-writer").fabricated, 1),
      exactly(`${proofOfWork}: reads of what no client wrote`, lieOf(proofOfWork).fabricated, 0),
      exactly(`${proofOfWork}: answered writes that are lost`, lieOf(proofOfWork).lost, 0),
      exactly(`${proofOfWork}: answered, %`, writesOf(lieOf(proofOfWork)), "100"),
    ];
  },
});

export const phaseExperiments: readonly ExactExperiment[] = [
  wholePhase,
  minorityPhase,
  halvesPhase,
  downPhase,
  thirdsPhase,
  liePhase,
];

/** For each protocol the answered share of writes on each side, in percent. */
type Expected = Readonly<Record<Exclude<Name, typeof proofOfWork>, string>>;

function answersIn(
  letter: string,
  expected: Expected,
  phaseSeconds: number,
  seed: string,
): readonly Finding[] {
  return all.map((name) => {
    const phase = phaseOf(cardOf(name, phaseSeconds * 1000, seed), letter);
    if (name === proofOfWork) return givenUpIn(phase);
    return exactly(`${name}: writes answered, % a side`, writesOf(phase), expected[name]);
  });
}

function writesOf({ sides }: PhaseCard): string {
  return sides.map(({ writes }) => percentOf(writes) ?? "–").join(" | ");
}

/** A small part of the miners may find no block in a short phase: what counts is that none gives up. */
function givenUpIn({ sides }: PhaseCard): Finding {
  const measured = sides.map(({ writes, reads }) => {
    return writes.of - writes.answered + (reads.of - reads.answered);
  });
  const what = `${proofOfWork}: requests given up a side`;
  return exactly(what, measured.join(" | "), sides.map(() => "0").join(" | "));
}

/** A write needs all, so every copy has seen every write: reads need no other. */
function readsIn(letter: string, expected: string, phaseSeconds: number, seed: string) {
  const { sides } = phaseOf(cardOf("two-phase-commit", phaseSeconds * 1000, seed), letter);
  const measured = sides
    .map(({ reads }) => percentOf(reads) ?? expected.split(" | ")[0])
    .join(" | ");
  return [exactly("two-phase-commit: reads answered, % a side", measured, expected)];
}

/** A client asks again after so long, and may be told once that no node leads. */
const clientMs = 250 + 150;

/** In milliseconds without messages: an election, or views whose primary cannot be reached. */
const electionMsMax: Readonly<Record<(typeof logs)[number], number>> = {
  "multi-paxos": defaultRaftOptions.electionTimeoutMsMax,
  raft: defaultRaftOptions.electionTimeoutMsMax,
  // The next primary may be cut off, too: its view lasts twice as long.
  pbft: 1_000 + 2_000,
};

/** And two round trips, and what the client adds. */
function pausesIn(
  letter: string,
  names: readonly (typeof logs)[number][],
  phaseSeconds: number,
  seed: string,
): readonly Finding[] {
  return names.map((name) => {
    const { sides } = phaseOf(cardOf(name, phaseSeconds * 1000, seed), letter);
    const resumedMs = sides.at(-1)?.resumedMs ?? Infinity;
    const boundMs = electionMsMax[name] + 4 * delayMs + clientMs;
    return atMost(`${name}: ms until a write is answered again`, resumedMs, boundMs);
  });
}

/** Of nodes, in what they hold for certain: committed entries, decisions, or blocks. */
function contradictionsIn(letter: string, phaseSeconds: number, seed: string): readonly Finding[] {
  const countOf = (name: Name) => {
    return phaseOf(cardOf(name, phaseSeconds * 1000, seed), letter).disagreeing;
  };
  return [
    ...(["two-phase-commit", ...logs] as const).map((name) => {
      return exactly(`${name}: nodes that contradict others`, countOf(name), 0);
    }),
    atLeast(`${proofOfWork}: nodes that contradict others`, countOf(proofOfWork), 1),
  ];
}

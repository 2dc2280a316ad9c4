/** A coordinator that crashes among its commits: who holds locks for ever, and when a restart helps. */

import { wholeParameter } from "../../primitives/parameter.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { twoPhaseCommit } from "../../protocols/two-phase-commit/two-phase-commit.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly, type Finding } from "../engine/finding.ts";
import { coordinator, crashAfterCommits, transactionWorld, write } from "./transaction.ts";

const plain = twoPhaseCommit() as Protocol;
const cooperative = twoPhaseCommit({ termination: "ask-others" }) as Protocol;

/** Longer than all time-outs, so that what is blocked then stays so. */
const longMs = 10_000;
const delayMs = 50;

const participants = wholeParameter("participants beside the coordinator", {
  min: 1,
  max: 12,
  initial: 6,
});

export const blocking = defineExact<{ participants: typeof participants }>({
  id: "blocking",
  code: "T1",
  group: "two-phase commit",
  title: "A crashed coordinator",
  claim: "A coordinator that crashes after k of n commits leaves n − k participants blocked.",
  lines: "L57",
  source: "Bernstein, Hadzilacos and Goodman 1987, chapter 7: cooperative termination",
  parameters: { participants },
  examples: [["--participants 3", "fewer participants"]],
  examine: ({ participants: n }, seed) => {
    return [
      blockedFinding("blocked after 0, 1, … n commits", { protocol: plain, n, seed }, (k) => n - k),
      blockedFinding(
        "blocked if participants ask each other",
        { protocol: cooperative, n, seed },
        (k) => (k === 0 ? n : 0),
      ),
    ];
  },
});

export const stuckAfterSome = defineExact<{ participants: typeof participants }>({
  id: "stuck-after-some",
  code: "M11",
  group: "two-phase commit",
  title: "Stuck after some have committed",
  claim: "If the coordinator fails after some nodes commit, you are stuck.",
  lines: "L57",
  source: "cooperative termination: one that committed tells the others (Bernstein et al. 1987)",
  isRefuted: true,
  parameters: { participants },
  examples: [["--participants 3", "fewer participants"]],
  examine: ({ participants: n }, seed) => {
    const blocked = (k: number) => blockedAfter({ protocol: cooperative, n, seed }, k);
    const some = upTo(n).filter((k) => k > 0);
    return [
      exactly("blocked at most, once some have committed", Math.max(...some.map(blocked)), 0),
      exactly("blocked if none has committed", blocked(0), n),
    ];
  },
});

const restartParameters = {
  participants,
  downMs: wholeParameter("for how long the coordinator is down", {
    min: 100,
    max: 100_000,
    initial: 5_000,
  }),
};

export const recovery = defineExact<typeof restartParameters>({
  id: "commit-recovery",
  code: "T4",
  group: "two-phase commit",
  title: "A coordinator that comes back",
  claim: "Once the coordinator is back with its log, the blocking ends within a round trip.",
  lines: "L57",
  source: "counting: the outcome is told at once, and takes one delay",
  parameters: restartParameters,
  examples: [["--down-ms 60000", "locks that are held for a minute"]],
  examine: (values, seed) => {
    const ended = upTo(values.participants - 1).map((k) => blockedUntil(values, k, seed));
    return [
      exactly("shortest blocking after the restart, in delays", Math.min(...ended) / delayMs, 1),
      exactly("longest blocking after the restart, in delays", Math.max(...ended) / delayMs, 1),
    ];
  },
});

type Setting = { readonly protocol: Protocol; readonly n: number; readonly seed: string };

function blockedFinding(
  what: string,
  setting: Setting,
  expected: (commits: number) => number,
): Finding {
  const measured = upTo(setting.n).map((k) => blockedAfter(setting, k));
  return exactly(what, measured.join(" "), upTo(setting.n).map(expected).join(" "));
}

function blockedAfter({ protocol, n, seed }: Setting, commits: number): number {
  const world = transactionWorld({ protocol, participants: n, delayMs, seed });
  crashAfterCommits(world, commits);
  write(world);
  world.runFor(longMs);
  return world.blocked;
}

/** @returns how long after the restart of the coordinator a participant was still blocked. */
function blockedUntil(
  { participants: n, downMs }: { participants: number; downMs: number },
  commits: number,
  seed: string,
): number {
  const world = transactionWorld({ protocol: plain, participants: n, delayMs, seed });
  crashAfterCommits(world, commits);
  write(world);
  world.runUntil(() => !world.isUp(coordinator), longMs);
  world.runFor(downMs);
  if (world.blocked !== n - commits) return NaN;
  const sinceMs = world.nowMs;
  world.restart(coordinator);
  world.runUntil(() => world.blocked === 0, longMs);
  return world.nowMs - sinceMs;
}

/** 0, 1, … last. */
function upTo(last: number): readonly number[] {
  return Array.from({ length: last + 1 }, (_, at) => at);
}

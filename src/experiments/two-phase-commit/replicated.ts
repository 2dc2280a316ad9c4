/** A coordinator that is a group of processes: its leader crashes, and no participant stays in doubt. */

import type { PeerId } from "../../primitives/brand.ts";
import { choiceParameter, wholeParameter } from "../../primitives/parameter.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { twoPhaseCommit } from "../../protocols/two-phase-commit/two-phase-commit.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, atMost, exactly } from "../engine/finding.ts";
import { ConstantWorld } from "../processes/constant-world.ts";
import { replicatedCommit, type ReplicatedOptions } from "./replicated-coordinator.ts";
import {
  crashAfterCommits,
  outcomesOf,
  transactionId,
  transactionWorld,
  write,
} from "./transaction.ts";

const parameters = {
  participants: wholeParameter("participants beside the group", { min: 1, max: 8, initial: 3 }),
  group: choiceParameter("how many coordinate", [3, 5], 3),
  delayMs: wholeParameter("of each message", { min: 1, max: 75, initial: 50 }),
};

const [timeoutMsMin, timeoutMsMax] = [1_000, 2_000];
const longMs = 15_000;
/** More than a decision takes, and less than an election. */
const askMs = timeoutMsMin / 2;

export const replicatedCoordinator = defineExact<typeof parameters>({
  id: "replicated-coordinator",
  code: "T8",
  group: "two-phase commit",
  title: "A coordinator that is a group",
  claim: "If the hub fails the protocol stalls; if the hub is a Raft group, only for an election.",
  lines: "L59",
  source: "Gray and Lamport 2006; a time-out and a round trip for each term, and three more",
  parameters,
  quick: { participants: 2 },
  examples: [["--group 5 --participants 6", "more of both"]],
  examine: ({ participants, group, delayMs }, seed) => {
    const setting = { participants, group, delayMs, seed, decides: "by-log" } as const;
    const crashed = pointsOf(setting).map((before) => runWithCrash(setting, before));
    const worst = crashed.reduce((a, b) => (b.doubtMs - b.boundMs > a.doubtMs - a.boundMs ? b : a));
    const alone = transactionWorld({
      ...{ protocol: twoPhaseCommit(), participants, delayMs, seed },
    });
    crashAfterCommits(alone, 0);
    write(alone);
    alone.runFor(longMs);
    const hasty = { ...setting, decides: "alone" } as const;
    const split = pointsOf(hasty).filter((before) => runWithCrash(hasty, before).outcomes > 1);
    return [
      exactly("one coordinator that stays down: in doubt for ever", alone.blocked, participants),
      atLeast("a group: points at which its leader crashed", crashed.length, 4 * participants),
      exactly(
        "of these, left a participant in doubt",
        crashed.filter(({ doubtMs }) => doubtMs === Infinity).length,
        0,
      ),
      exactly(
        "of these, ended in different outcomes",
        crashed.filter(({ outcomes }) => outcomes > 1).length,
        0,
      ),
      atLeast("the same if the leader decides alone", split.length, participants > 1 ? 1 : 0),
      exactly(
        "outcomes among them",
        [...new Set(crashed.flatMap(({ outcome }) => outcome ?? []))].sort().join(" "),
        "abort commit",
      ),
      atMost(
        `longest doubt after a crash, in ms, with ${worst.terms} terms`,
        worst.doubtMs,
        worst.boundMs,
      ),
    ];
  },
});

type Setting = {
  readonly participants: number;
  readonly group: number;
  readonly delayMs: number;
  readonly seed: string;
  readonly decides: ReplicatedOptions["decides"];
};

function worldOf({ participants, group, delayMs, seed, decides }: Setting) {
  const protocol = replicatedCommit({
    group,
    askMs,
    decides,
    raft: {
      ...{ electionTimeoutMsMin: timeoutMsMin, electionTimeoutMsMax: timeoutMsMax },
      ...{ preVote: false, checkQuorum: false },
    },
  }) as unknown as Protocol;
  const world = new ConstantWorld({ protocol, nodes: group + participants, delayMs, seed });
  world.runUntil(() => world.leader !== undefined, longMs);
  world.runFor(20 * delayMs);
  return { world, leader: world.leader as PeerId };
}

/** Each effect of the leader, from the request to a while after the outcome. */
function pointsOf(setting: Setting): readonly number[] {
  const { world, leader } = worldOf(setting);
  const first = world.crashPoints.carriedOut(leader);
  ask(world, leader);
  world.runFor(8 * setting.delayMs);
  const count = world.crashPoints.carriedOut(leader) - first;
  return Array.from({ length: count }, (_, at) => first + at);
}

function ask(world: ConstantWorld, leader: PeerId): void {
  world.request(leader, transactionId, { type: "write", key: "x", value: 0 });
}

function runWithCrash(setting: Setting, before: number) {
  const { world, leader } = worldOf(setting);
  const eraBefore = eraOf(world);
  let crashedAtMs = NaN;
  world.crashPoints.set(leader, (_, number) => {
    if (number === before) crashedAtMs = world.nowMs;
    return number === before;
  });
  ask(world, leader);
  world.runFor(longMs);
  const terms = Math.max(1, eraOf(world) - eraBefore);
  const roundTripMs = 2 * setting.delayMs;
  return {
    terms,
    doubtMs: longestDoubtMs(world, setting.group, crashedAtMs),
    // A heartbeat on its way, the leader's first entry, the outcome's entry, and telling it.
    boundMs: terms * (timeoutMsMax + roundTripMs) + 3 * roundTripMs,
    outcomes: outcomesOf(world),
    outcome: world.told.map(({ news }) => (news as { outcome?: string }).outcome).find(Boolean),
  };
}

function eraOf({ views }: ConstantWorld): number {
  return Math.max(...views.map(({ era }) => era));
}

/** From the crash, or from its vote if that came later, until a participant knew the outcome. */
function longestDoubtMs(world: ConstantWorld, group: number, crashedAtMs: number): number {
  const { told, blocked, names } = world;
  if (blocked > 0) return Infinity;
  const participants = names.slice(group);
  const spans = told.flatMap(({ by, atMs, news }) => {
    // The group votes, too: for its leader.
    if (news.type !== "voted" || !participants.includes(by)) return [];
    const decided = told.find((other) => other.by === by && other.news.type === "decided");
    return [(decided?.atMs ?? Infinity) - Math.max(atMs, crashedAtMs)];
  });
  return Math.max(0, ...spans);
}

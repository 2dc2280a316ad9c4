/** For each protocol a schedule under which it never decides, and safety that holds all the same. */

import type { PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { paxos } from "../../protocols/paxos/paxos.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { raft } from "../../protocols/raft/raft.ts";
import { twoPhaseCommit } from "../../protocols/two-phase-commit/two-phase-commit.ts";
import { findFailure } from "../../sim/engine/promise.ts";
import { createProcessChecks } from "../../sim/process-world/process-checks.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, exactly, type Finding } from "../engine/finding.ts";
import { ConstantWorld } from "../processes/constant-world.ts";

const parameters = {
  seconds: wholeParameter("how long each schedule is followed", {
    min: 10,
    max: 3_600,
    initial: 600,
  }),
};

const delayMs = 20;
const [n1, n2] = ["n1", "n2"] as [PeerId, PeerId];
const write = { type: "write", key: "x", value: 0 } as const;

export const endless = defineExact<typeof parameters>({
  id: "endless-schedules",
  code: "L3",
  group: "liveness",
  title: "Schedules without a decision",
  claim: "Each deterministic protocol has a schedule under which it never decides.",
  lines: "L22-34,383",
  source: "Fischer, Lynch and Paterson 1985; one schedule for each, written by hand",
  parameters,
  quick: { seconds: 60 },
  examples: [["--seconds 3600", "an hour without a decision"]],
  examine: ({ seconds }, seed) => [
    ...raftFindings(seconds, seed),
    ...paxosFindings(seconds, seed),
    ...commitFindings(seconds, seed),
  ],
});

/** All time-outs are equal and so are all delays: each votes for itself, and all try again at once. */
function raftFindings(seconds: number, seed: string): readonly Finding[] {
  const timeoutMs = 150;
  const protocol = raft({
    ...{ electionTimeoutMsMin: timeoutMs, electionTimeoutMsMax: timeoutMs, heartbeatMs: 50 },
    preVote: false,
    checkQuorum: false,
  }) as Protocol;
  let [isElected, terms] = [true, 0];
  const broken = brokenIn(protocol, 5, seed, (world) => {
    isElected = world.runUntil(() => world.leader !== undefined, seconds * 1000);
    terms = highestEra(world);
  });
  return [
    exactly("Raft, time-outs without a range: a leader", isElected, false),
    atLeast("Raft: terms that began", terms, (seconds * 1000) / (timeoutMs + delayMs) / 2),
    exactly("Raft: broken promises", broken, "none"),
  ];
}

/** Each gives up before its answers can come, and the other one's higher ballot is there first. */
function paxosFindings(seconds: number, seed: string): readonly Finding[] {
  const protocol = paxos({ retryMs: 3 * delayMs, backoffMs: 0 }) as Protocol;
  let [decisions, rounds] = [NaN, 0];
  const broken = brokenIn(protocol, 3, seed, (world) => {
    world.request(n1, { client: "a", number: 1 }, { type: "propose", value: 1 });
    world.at(1.5 * delayMs, () => {
      world.request(n2, { client: "b", number: 1 }, { type: "propose", value: 2 });
    });
    world.runFor(seconds * 1000);
    decisions = world.answers.length;
    rounds = highestEra(world);
  });
  return [
    exactly("Paxos, a duel without waits: decisions", decisions, 0),
    atLeast("Paxos: rounds", rounds, (seconds * 1000) / (6 * delayMs)),
    exactly("Paxos: broken promises", broken, "none"),
  ];
}

/** All have voted yes when the coordinator stops: none of those that are left knows the outcome. */
function commitFindings(seconds: number, seed: string): readonly Finding[] {
  const protocol = twoPhaseCommit({ termination: "ask-others" }) as Protocol;
  let [decisions, waiting] = [NaN, 0];
  const broken = brokenIn(protocol, 5, seed, (world) => {
    world.request(n1, { client: "a", number: 1 }, write);
    world.at(1.5 * delayMs, () => world.crash(n1));
    world.runFor(seconds * 1000);
    decisions = world.views.flatMap((view) => Object.values(view.decisions)).length;
    waiting = world.blocked;
  });
  return [
    exactly("two-phase commit, its hub down: decisions", decisions, 0),
    exactly("two-phase commit: participants that wait", waiting, 4),
    exactly("two-phase commit: broken promises", broken, "none"),
  ];
}

function highestEra({ views }: ConstantWorld): number {
  return Math.max(...views.map(({ era }) => era));
}

type Follow = (world: ConstantWorld) => void;

/** Follows a schedule; the protocol's checks look at it after each event. */
function brokenIn(protocol: Protocol, nodes: number, seed: string, follow: Follow): string {
  const failure = findFailure(() => {
    const checks = createProcessChecks(protocol.name);
    follow(new ConstantWorld({ protocol, nodes, delayMs, seed, checks }));
  });
  return failure?.message ?? "none";
}

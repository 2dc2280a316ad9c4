/** For each protocol a schedule under which it never decides, and safety that holds all the same. */

import { createAgreement } from "../../checkers/agreement.ts";
import { createElectionSafety } from "../../checkers/election-safety.ts";
import type { Property } from "../../checkers/property.ts";
import type { PeerId } from "../../primitives/brand.ts";
import { paxos } from "../../protocols/paxos/paxos.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { raft } from "../../protocols/raft/raft.ts";
import { twoPhaseCommit } from "../../protocols/two-phase-commit/two-phase-commit.ts";
import { wholeParameter } from "../../sim/parameter.ts";
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
  const world = new ConstantWorld({ protocol, nodes: 5, delayMs, seed });
  const elected = countLeaders(world, seconds);
  const terms = Math.max(...world.views.map(({ era }) => era));
  return [
    exactly("Raft, time-outs without a range: leaders", elected, 0),
    atLeast("Raft: terms that began", terms, (seconds * 1000) / (timeoutMs + delayMs) / 2),
    exactly("Raft: broken promises", breachesIn(world, createElectionSafety()), "none"),
  ];
}

function countLeaders(world: ConstantWorld, seconds: number): number {
  return world.runUntil(() => world.leader !== undefined, seconds * 1000) ? 1 : 0;
}

/** Each gives up before its answers can come, and the other one's higher ballot is there first. */
function paxosFindings(seconds: number, seed: string): readonly Finding[] {
  const protocol = paxos({ retryMs: 3 * delayMs, backoffMs: 0 }) as Protocol;
  const world = new ConstantWorld({ protocol, nodes: 3, delayMs, seed });
  world.request(n1, { client: "a", number: 1 }, { type: "propose", value: 1 });
  world.at(1.5 * delayMs, () => {
    world.request(n2, { client: "b", number: 1 }, { type: "propose", value: 2 });
  });
  world.runFor(seconds * 1000);
  const rounds = Math.max(...world.views.map(({ era }) => era));
  return [
    exactly("Paxos, a duel without waits: decisions", world.answers.length, 0),
    atLeast("Paxos: rounds", rounds, (seconds * 1000) / (6 * delayMs)),
    exactly("Paxos: broken promises", breachesIn(world, createAgreement()), "none"),
  ];
}

/** The coordinator stops when it has decided and told nobody. */
function commitFindings(seconds: number, seed: string): readonly Finding[] {
  const protocol = twoPhaseCommit({ termination: "ask-others" }) as Protocol;
  const world = new ConstantWorld({ protocol, nodes: 5, delayMs, seed });
  world.request(n1, { client: "a", number: 1 }, write);
  world.at(1.5 * delayMs, () => world.crash(n1));
  world.runFor(seconds * 1000);
  const outcomes = world.views.flatMap(({ decisions }) => Object.values(decisions));
  return [
    exactly("two-phase commit, its hub down: decisions", outcomes.length, 0),
    exactly("two-phase commit: participants that wait", world.blocked, 4),
    exactly("two-phase commit: broken promises", breachesIn(world, createAgreement()), "none"),
  ];
}

function breachesIn(world: ConstantWorld, property: Property): string {
  const found = world.names.flatMap((name) => {
    if (!world.isUp(name)) return [];
    return property.findBreach({ name, view: world.view(name) }) ?? [];
  });
  return found.join(", ") || "none";
}

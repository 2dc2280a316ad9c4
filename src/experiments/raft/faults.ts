/** Raft while links are cut and processes are down: who leads, and what is answered. */

import type { PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, atMost, exactly, type Finding } from "../engine/finding.ts";
import { Cluster } from "./cluster.ts";

/** Time-outs of 1 to 2 s, latencies of 10 to 20 ms. */
const [timeoutMsMax, timeoutMsMin, roundTripMs, heartbeatMs] = [2000, 1000, 40, 300];

const noParameters = {};

export function others(cluster: Cluster, ...names: readonly string[]): PeerId[] {
  return cluster.names.filter((name) => !names.includes(name));
}

/** Whether all five promises were kept. */
export function keptAll({ promises: { broken } }: Cluster): Finding {
  return exactly("promises broken", [...broken].join() || "none", "none");
}

/** A majority must elect within so many terms, each of one time-out and a round trip. */
function boundOf(terms: number): number {
  return Math.max(1, terms) * (timeoutMsMax + roundTripMs) + 2 * roundTripMs;
}

function termMax(cluster: Cluster, names: readonly string[]): number {
  return Math.max(...names.map((name) => cluster.state(name).term));
}

export const minorityLeader = defineExact<typeof noParameters>({
  id: "minority-leader",
  code: "R10",
  group: "Raft",
  title: "A leader with a minority",
  claim: "Two majorities overlap, so no part without a majority commits anything.",
  lines: "L111",
  source: "the largest time-out and round trips for each term; pre-vote, quorum check off",
  parameters: noParameters,
  examples: [["--seed 2", "other time-outs"]],
  examine: (_values, seed) => {
    const cluster = new Cluster({ count: 5, seed, preVote: false, checkQuorum: false });
    const old = cluster.runUntilLeader();
    cluster.run(500);
    const minority = [old, ...others(cluster, old).slice(0, 1)];
    const majority = others(cluster, ...minority);
    const { committed, term } = cluster.state(old);
    cluster.split(minority, majority);
    const cutAt = cluster.now;
    const lost = cluster.write(old, 1);
    const leader = cluster.runUntilLeader(majority);
    const kept = cluster.write(leader, 2);
    cluster.run(1000, () => cluster.answerTo(kept) !== undefined);
    const answeredMs = cluster.now - cutAt;
    const terms = cluster.state(leader).term - term;
    cluster.run(5 * timeoutMsMax);
    const byMinority = Math.max(...minority.map((name) => cluster.state(name).committed));
    const isAnswered = cluster.answerTo(lost) !== undefined;
    const byMajority = cluster.state(leader).committed - committed;
    cluster.heal();
    const healedAt = cluster.now;
    cluster.run(1000, () => cluster.state(old).role !== "leader");
    const steppedDownMs = cluster.now - healedAt;
    cluster.run(1000);
    const values = cluster.names.map((name) => cluster.state(name).data.values["x"]);
    return [
      exactly("committed by the minority", byMinority - committed, 0),
      exactly("the minority's write is answered", isAnswered, false),
      atLeast("committed by the majority", byMajority, 1),
      atMost(`ms until the majority's write, terms: ${terms}`, answeredMs, boundOf(terms)),
      atMost(
        "ms from healing until the old leader steps down",
        steppedDownMs,
        heartbeatMs + roundTripMs,
      ),
      exactly("what all five have then", [...new Set(values)].join(), "2"),
      keptAll(cluster),
    ];
  },
});

export const lostMajority = defineExact<typeof noParameters>({
  id: "lost-majority",
  code: "R12",
  group: "Raft",
  title: "A majority is down",
  claim: "Without a majority nothing is answered, and with it again work goes on.",
  lines: "L111",
  source: "the largest time-out and two round trips for each term; pre-vote off",
  parameters: noParameters,
  examples: [["--seed 2", "other time-outs"]],
  examine: (_values, seed) => {
    const cluster = new Cluster({ count: 5, seed, preVote: false, checkQuorum: false });
    const old = cluster.runUntilLeader();
    cluster.run(500);
    const down = [old, ...others(cluster, old).slice(0, 2)];
    for (const name of down) cluster.crash(name);
    const before = cluster.answers.length;
    for (let round = 0; round < 10; round++) {
      for (const name of cluster.names) cluster.write(name, round);
      cluster.run(timeoutMsMax);
    }
    const real = cluster.answers.slice(before).filter(({ answer }) => answer.type !== "redirected");
    const up = others(cluster, ...down.slice(1));
    cluster.restart(old);
    const [restartedAt, term] = [cluster.now, termMax(cluster, up)];
    const leader = cluster.runUntilLeader();
    const write = cluster.write(leader, 1);
    cluster.run(1000, () => cluster.answerTo(write) !== undefined);
    const progressMs = cluster.now - restartedAt;
    const terms = cluster.state(leader).term - term;
    return [
      exactly("requests answered without a majority", real.length, 0),
      exactly("the next write is", cluster.answerTo(write)?.type ?? "nothing", "written"),
      atMost(`ms until then, terms: ${terms}`, progressMs, boundOf(terms)),
      keptAll(cluster),
    ];
  },
});

const ofReturn = {
  timeouts: wholeParameter("how many of the longest time-outs it is cut off", {
    ...{ min: 2, max: 100, initial: 10 },
  }),
};

export const returningFollower = defineExact<typeof ofReturn>({
  id: "returning-follower",
  code: "R13",
  group: "Raft",
  title: "A follower returns",
  claim: "A follower that was cut off deposes the leader when it returns, unless it asks first.",
  lines: "L93",
  source: "Ongaro's dissertation, 9.6; etcd-io/etcd#8499, #9241",
  parameters: ofReturn,
  examples: [["--timeouts 30", "cut off for longer"]],
  examine: ({ timeouts }, seed) => {
    const [without, asking] = [false, true].map((preVote) => {
      return cutOffFollower(preVote, timeouts, seed);
    });
    // Each time-out takes from half of the longest one to all of it, and a campaign's starts at once.
    return [
      atLeast("without pre-vote: changes of the leader", without?.changes ?? NaN, 1),
      atLeast("without pre-vote: terms more", without?.terms ?? NaN, timeouts - 1),
      atMost("without pre-vote: terms more", without?.terms ?? NaN, 2 * timeouts + 3),
      exactly("with pre-vote: changes of the leader", asking?.changes ?? NaN, 0),
      exactly("with pre-vote: terms more", asking?.terms ?? NaN, 0),
    ];
  },
});

/** What changes when a follower returns. */
function cutOffFollower(preVote: boolean, timeouts: number, seed: string) {
  const cluster = new Cluster({ count: 5, preVote, checkQuorum: preVote, seed });
  const leader = cluster.runUntilLeader();
  cluster.run(500);
  const cut = others(cluster, leader).slice(0, 1);
  const { term } = cluster.state(leader);
  cluster.split(cut, others(cluster, ...cut));
  cluster.run(timeouts * timeoutMsMax);
  const before = cluster.news.length;
  cluster.heal();
  cluster.run(10_000);
  const elections = cluster.news.slice(before).filter(({ news }) => {
    return news.type === "role-changed" && news.role === "leader";
  });
  return { changes: elections.length, terms: termMax(cluster, cluster.names) - term };
}

export const isolatedLeader = defineExact<typeof noParameters>({
  id: "isolated-leader",
  code: "R14",
  group: "Raft",
  title: "An isolated leader",
  claim: "A leader that hears no majority steps down, if it checks for that; else never.",
  lines: "L73",
  source: "Ongaro's dissertation, 6.2: within one election time-out",
  parameters: noParameters,
  examples: [["--seed 2", "other time-outs"]],
  examine: (_values, seed) => {
    const [checking, without] = [true, false].map((checkQuorum) => {
      const cluster = new Cluster({ count: 5, checkQuorum, seed });
      const leader = cluster.runUntilLeader();
      cluster.run(1000);
      cluster.split([leader], others(cluster, leader));
      const since = cluster.now;
      const isDown = cluster.run(10 * timeoutMsMax, () => cluster.state(leader).role !== "leader");
      return isDown ? cluster.now - since : Infinity;
    });
    // It looks at each heartbeat of its own.
    const bound = timeoutMsMin + heartbeatMs + roundTripMs;
    return [
      atMost("with the check: ms until it steps down", checking ?? NaN, bound),
      exactly("without: it steps down in ten time-outs", without !== Infinity, false),
    ];
  },
});

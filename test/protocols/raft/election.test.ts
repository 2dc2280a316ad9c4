/** Who leads, when links fail, processes stop, or one of them was away. */

import { expect, test } from "vitest";
import { Cluster } from "../../../src/experiments/raft/cluster.ts";
import { others } from "../../../src/experiments/raft/faults.ts";

/** Latencies of 10 to 20 ms, the usual time-outs of 1 to 2 s. */
const timeoutMsMax = 2000;
const timeoutMsMin = 1000;
const roundTripMs = 40;

function leadersSince(cluster: Cluster, count: number): number {
  const news = cluster.news.slice(count);
  return news.filter(({ news: n }) => n.type === "role-changed" && n.role === "leader").length;
}

test("a leader with a minority commits nothing, and steps down when it is reached again", () => {
  const cluster = new Cluster({ count: 5, checkQuorum: false });
  const old = cluster.runUntilLeader();
  const minority = [old, others(cluster, old)[0]!];
  const majority = others(cluster, ...minority);
  cluster.run(500);
  cluster.split(minority, majority);
  const lost = cluster.write(old, 1);
  const committed = cluster.state(old).committed;
  const leader = cluster.runUntilLeader(majority);
  const kept = cluster.write(leader, 2);
  cluster.run(timeoutMsMax + roundTripMs);
  expect(cluster.answerTo(kept)).toEqual({ type: "written" });
  expect(cluster.answerTo(lost)).toBeUndefined();
  expect(cluster.state(old).role).toBe("leader");
  expect(cluster.state(old).committed).toBe(committed);
  cluster.heal();
  cluster.run(1000);
  expect(cluster.state(old).role).toBe("follower");
  expect(cluster.answerTo(lost)).toEqual({ type: "redirected", leader });
  for (const name of cluster.names) expect(cluster.state(name).data.values).toEqual({ x: 2 });
  expect(cluster.promises.broken).toEqual(new Set());
});

test("a follower that was cut off disturbs no leader with the pre-vote, and does without", () => {
  for (const preVote of [true, false]) {
    const cluster = new Cluster({ count: 5, preVote, checkQuorum: preVote, seed: 3 });
    const leader = cluster.runUntilLeader();
    const cut = others(cluster, leader)[0]!;
    const { term } = cluster.state(leader);
    cluster.split([cut], others(cluster, cut));
    cluster.run(10 * timeoutMsMax);
    const before = cluster.news.length;
    cluster.heal();
    cluster.run(5000);
    const after = cluster.state(cluster.leader!);
    if (preVote) {
      expect([after.setting.name, after.term]).toEqual([leader, term]);
      expect(leadersSince(cluster, before)).toBe(0);
    } else {
      expect(after.term).toBeGreaterThanOrEqual(term + 7);
      expect(leadersSince(cluster, before)).toBeGreaterThan(0);
    }
  }
});

test("a leader that hears no majority steps down within a time-out, only with checkQuorum", () => {
  for (const checkQuorum of [true, false]) {
    const cluster = new Cluster({ count: 5, checkQuorum });
    const leader = cluster.runUntilLeader();
    cluster.run(1000);
    cluster.split([leader], others(cluster, leader));
    const isDown = cluster.run(timeoutMsMax, () => cluster.state(leader).role !== "leader");
    expect(isDown).toBe(checkQuorum);
  }
});

test("without a majority nothing is answered; with it, within a time-out and two round trips", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const cluster = new Cluster({ count: 5, seed });
    const leader = cluster.runUntilLeader();
    cluster.run(500);
    for (const name of [leader, ...others(cluster, leader).slice(0, 2)]) cluster.crash(name);
    const answers = cluster.answers.length;
    cluster.run(10_000);
    for (const name of cluster.names) cluster.write(name, 1);
    cluster.run(10_000);
    const real = cluster.answers
      .slice(answers)
      .filter(({ answer }) => answer.type !== "redirected");
    expect(real).toEqual([]);
    const restartedAt = cluster.now;
    cluster.restart(leader);
    cluster.runUntilLeader();
    // Processes that ask at the same time may split the votes; then one more time-out passes.
    expect(cluster.now - restartedAt).toBeLessThan(2 * (timeoutMsMax + 2 * roundTripMs));
    expect(cluster.promises.broken).toEqual(new Set());
  }
});

test("a process votes once a term, also after it was started again", () => {
  const cluster = new Cluster({ count: 3, preVote: false, checkQuorum: false });
  cluster.campaign("n1");
  cluster.deliver(({ to }) => to === "n3");
  expect(cluster.state("n3").votedFor).toBe("n1");
  cluster.crash("n3");
  cluster.restart("n3");
  expect(cluster.state("n3")).toMatchObject({ term: 1, votedFor: "n1", role: "follower" });
  cluster.campaign("n2");
  cluster.deliverAmong("n2", "n3");
  expect(cluster.state("n2").role).toBe("candidate");
});

test("processes that hear a leader ignore requests for votes, but not after a transfer", () => {
  const cluster = new Cluster({ count: 3, preVote: false });
  const leader = cluster.runUntilLeader();
  cluster.run(500);
  const [a = "", b = ""] = others(cluster, leader);
  cluster.campaign(a);
  cluster.run(100);
  expect(cluster.leader).toBe(leader);
  cluster.run(3000);
  const current = cluster.runUntilLeader();
  cluster.run(500);
  const target = current === b ? a : b;
  const { term } = cluster.state(current);
  cluster.operate(current, { type: "transfer", to: cluster.state(target).setting.name });
  const refused = cluster.write(current, 1);
  cluster.run(200);
  expect(cluster.leader).toBe(target);
  expect(cluster.state(target).term).toBe(term + 1);
  expect(cluster.answerTo(refused)?.type).toBe("redirected");
});

test("a transfer to a process that is down ends after a time-out", () => {
  const cluster = new Cluster({ count: 3 });
  const leader = cluster.runUntilLeader();
  cluster.run(500);
  const down = others(cluster, leader)[0]!;
  cluster.crash(down);
  cluster.write(leader, 1);
  cluster.operate(leader, { type: "transfer", to: cluster.state(down).setting.name });
  cluster.run(timeoutMsMin + 500);
  const id = cluster.write(leader, 2);
  cluster.run(500);
  expect(cluster.answerTo(id)).toEqual({ type: "written" });
});

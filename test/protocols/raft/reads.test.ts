/** Reads without an entry in the log: which ways are linearizable, and when. */

import { expect, test } from "vitest";
import { Cluster } from "../../../src/experiments/raft/cluster.ts";
import { others } from "../../../src/experiments/raft/faults.ts";
import { readAtOldLeader } from "../../../src/experiments/raft/old-leader.ts";
import type { RaftOptions } from "../../../src/protocols/raft/options.ts";
import { raft } from "../../../src/protocols/raft/raft.ts";

const without = { checkQuorum: false };

test("an old leader that answers from its own copy is stale", () => {
  const { answer, wasLeader } = readAtOldLeader({ reads: "local", ...without });
  expect(wasLeader).toBe(true);
  expect(answer).toEqual({ type: "read", value: 1 });
});

test("an old leader that asks for a round of heartbeats answers nothing", () => {
  const { answer, wasLeader } = readAtOldLeader({ reads: "read-index", ...without });
  expect(wasLeader).toBe(true);
  expect(answer).toBeUndefined();
});

test("a lease has ended before another leader is elected", () => {
  const { answer } = readAtOldLeader({ reads: "lease" });
  expect(answer?.type).not.toBe("read");
});

test("a lease is stale when a clock drifts by more than was said", () => {
  const { answer, wasLeader } = readAtOldLeader({ reads: "lease" }, { driftMs: 60_000 });
  expect(wasLeader).toBe(true);
  expect(answer).toEqual({ type: "read", value: 1 });
});

test("a lease is shorter than the election time-out by what clocks may drift, both ways", () => {
  const electionTimeoutMsMin = 1000;
  const answersAfter = (ms: number) => {
    const cluster = new Cluster({
      ...{ count: 3, reads: "lease", clockDriftMax: 0.2, latencyMs: [1, 1] },
      ...{ electionTimeoutMsMin, electionTimeoutMsMax: 2000, heartbeatMs: 100 },
    });
    const leader = cluster.runUntilLeader();
    cluster.write(leader, 0);
    cluster.run(1000);
    cluster.split([leader]);
    cluster.run(ms);
    return cluster.answerTo(cluster.read(leader)) !== undefined;
  };
  // 1000 ms · 0.8 / 1.2, since a round that began at most 100 ms before.
  expect(answersAfter(500)).toBe(true);
  expect(answersAfter(700)).toBe(false);
});

test("a lease answers at once, without a message", () => {
  const cluster = new Cluster({ count: 5, reads: "lease" });
  const leader = cluster.runUntilLeader();
  cluster.write(leader, 0);
  cluster.run(1000);
  const before = cluster.sent.length;
  const read = cluster.read(leader);
  expect(cluster.answerTo(read)).toEqual({ type: "read", value: 0 });
  expect(cluster.sent).toHaveLength(before);
});

test("a clock that shows less than 0 gives no lease", () => {
  const cluster = new Cluster({ count: 3, reads: "lease" });
  const leader = cluster.runUntilLeader();
  cluster.run(1000);
  cluster.shift(leader, -100_000);
  const read = cluster.read(leader);
  expect(cluster.answerTo(read)).toBeUndefined();
  cluster.run(100);
  expect(cluster.answerTo(read)).toEqual({ type: "read", value: null });
});

test("with leases, a process that starts again votes for no other at once", () => {
  const cluster = new Cluster({ count: 3, reads: "lease", preVote: false });
  const leader = cluster.runUntilLeader();
  cluster.run(500);
  const [a = "", b = ""] = others(cluster, leader);
  cluster.crash(b);
  cluster.restart(b);
  cluster.split([a, b], [leader]);
  cluster.campaign(a);
  cluster.run(100);
  expect(cluster.state(a).role).toBe("candidate");
  expect(cluster.state(b).votedFor).not.toBe(a);
});

test("after it asked another to lead, a leader trusts its lease no more", () => {
  const cluster = new Cluster({ count: 3, reads: "lease" });
  const leader = cluster.runUntilLeader();
  cluster.run(1000);
  const target = cluster.state(others(cluster, leader)[0]!).setting.name;
  cluster.operate(leader, { type: "transfer", to: target });
  cluster.drop(({ message }) => message.type === "campaign");
  cluster.run(1500);
  expect(cluster.leader).toBe(leader);
  const read = cluster.read(leader);
  expect(cluster.answerTo(read)).toBeUndefined();
  cluster.run(200);
  expect(cluster.answerTo(read)).toEqual({ type: "read", value: null });
});

test("a new leader answers no read before an entry of its term is committed", () => {
  const cluster = new Cluster({ count: 3, preVote: false, checkQuorum: false });
  cluster.campaign("n1");
  cluster.deliver(({ message }) => message.type.startsWith("vote"));
  const read = cluster.read("n1");
  cluster.deliver(({ message }) => message.type.startsWith("heartbeat"));
  expect(cluster.answerTo(read)).toBeUndefined();
  cluster.run(1000);
  expect(cluster.answerTo(read)).toEqual({ type: "read", value: null });
});

test("a leader that steps down sends waiting reads on", () => {
  const cluster = new Cluster({ count: 3 });
  const leader = cluster.runUntilLeader();
  cluster.run(500);
  cluster.split([leader]);
  const read = cluster.read(leader);
  cluster.run(3000);
  expect(cluster.answerTo(read)).toEqual({ type: "redirected", leader: undefined });
});

test("a single process answers alone", () => {
  for (const reads of ["read-index", "lease", "log", "local"] as const) {
    const cluster = new Cluster({ count: 1, reads });
    cluster.runUntilLeader();
    const write = cluster.write("n1", 0);
    const read = cluster.read("n1");
    expect(cluster.answerTo(write)).toEqual({ type: "written" });
    expect(cluster.answerTo(read)).toEqual({ type: "read", value: 0 });
  }
});

test("options that cannot work together are refused with a sentence", () => {
  const wrong: readonly Partial<RaftOptions>[] = [
    { electionTimeoutMsMin: 2000, electionTimeoutMsMax: 1000 },
    { heartbeatMs: 1001 },
    { reads: "lease", checkQuorum: false },
  ];
  for (const options of wrong) expect(() => raft(options)).toThrow(/^[^.]+\.$/);
});

/** Raft with honest rules: elections, repair of logs, commitment, crashes. */

import { expect, test } from "vitest";
import { Cluster } from "../../../src/experiments/raft/cluster.ts";
import { raft } from "../../../src/protocols/raft/raft.ts";
import { runChaos } from "./chaos.ts";

test("five processes elect a leader, replicate writes and answer reads", () => {
  const cluster = new Cluster({ count: 5 });
  const leader = cluster.runUntilLeader();
  const writes = [0, 1, 2].map((value) => cluster.write(leader, value, `key${value}`));
  cluster.run(1000);
  for (const id of writes) expect(cluster.answerTo(id)).toEqual({ type: "written" });
  const read = cluster.read(leader, "key0");
  cluster.run(1000);
  expect(cluster.answerTo(read)).toEqual({ type: "read", value: 0 });
  for (const name of cluster.names) {
    expect(cluster.log(name)).toEqual(cluster.log(leader));
    expect(cluster.state(name).data.values).toEqual({ key0: 0, key1: 1, key2: 2 });
  }
  expect(cluster.promises.broken).toEqual(new Set());
});

test.each([
  ["read-index", 3],
  ["read-index", 5],
  ["lease", 5],
  ["log", 3],
] as const)("random faults break no promise, with reads by %s and %i processes", (reads, count) => {
  let answered = 0;
  for (let seed = 1; seed <= 25; seed++) {
    const result = runChaos({ count, seed, reads, snapshotEvery: 16, entriesKept: 4 });
    expect(result.broken, `seed ${seed}`).toEqual([]);
    answered += result.answered;
  }
  expect(answered).toBeGreaterThan(500);
});

test("values that bytes cannot hold are the same everywhere", () => {
  const cluster = new Cluster({ count: 3 });
  const leader = cluster.runUntilLeader();
  for (const [at, value] of ["\ud800", -0, NaN].entries()) {
    cluster.request(leader, { type: "write", key: `key${at}`, value });
  }
  cluster.run(1000);
  for (const name of cluster.names) {
    expect(cluster.state(name).data.values).toEqual({ key0: "\ufffd", key1: 0, key2: null });
    expect(cluster.log(name)).toEqual(cluster.log(leader));
  }
});

test("a view shows role, term, vote and log; equal logs share their cells", () => {
  const cluster = new Cluster({ count: 3, preVote: false, checkQuorum: false });
  cluster.campaign("n1");
  cluster.deliver();
  const protocol = raft();
  const state = cluster.state("n2");
  const view = protocol.view(state);
  expect(view).toMatchObject({ role: "follower", era: 1, isLeader: false, votedFor: "n1" });
  expect(view.log).toMatchObject({ firstIndex: 1, committed: 0, applied: 0 });
  expect(view.log!.cells).toMatchObject([{ era: 1, command: "" }]);
  cluster.read("n1");
  cluster.deliver();
  const next = protocol.view(cluster.state("n2"));
  expect(next.log!.cells).toBe(view.log!.cells);
  expect(next.log!.committed).toBe(1);
  for (const { news } of cluster.news) expect(protocol.tell(news)).toMatch(/^[a-z].*[^.]$/);
});

test("bytes that are no message change nothing, and a step leaves its state as it was", () => {
  const cluster = new Cluster({ count: 3 });
  const leader = cluster.runUntilLeader();
  const before = cluster.state(leader);
  const copy = JSON.stringify(before);
  const from = cluster.names[0]!;
  cluster.handle(leader, { type: "malformed", from, problem: "it is not a message" });
  expect(cluster.state(leader)).toBe(before);
  cluster.write(leader, 1);
  cluster.run(1000);
  expect(cluster.state(leader)).not.toBe(before);
  expect(JSON.stringify(before)).toBe(copy);
});

/** Crashes at every write to disk, requests that come twice, snapshots. */

import { expect, test } from "vitest";
import { Cluster } from "../../../src/experiments/raft/cluster.ts";
import { others } from "../../../src/experiments/raft/faults.ts";
import { termAt } from "../../../src/protocols/raft/log.ts";
import type { RaftOptions } from "../../../src/protocols/raft/options.ts";

test("a crash behind any write to disk takes back no answer", () => {
  let crashes = 0;
  for (const name of ["n1", "n2", "n3"]) {
    for (let left = 0, hasCrashed = true; hasCrashed; left++) {
      hasCrashed = false;
      const cluster = new Cluster({ count: 3, seed: 5, snapshotEvery: 4, entriesKept: 1 });
      cluster.crashAfterPersists = { name: cluster.state(name).setting.name, left };
      const written: number[] = [];
      for (let value = 1; value <= 8; value++) {
        const leader = cluster.runUntilLeader();
        const id = cluster.write(leader, value, `key${value}`);
        cluster.run(1500, () => cluster.answerTo(id) !== undefined);
        if (cluster.answerTo(id)?.type === "written") written.push(value);
        if (cluster.isRunning(name)) continue;
        hasCrashed = true;
        crashes++;
        cluster.restart(name);
      }
      cluster.runUntilLeader();
      cluster.run(5000);
      expect(written.length).toBeGreaterThan(5);
      for (const value of written) {
        for (const each of cluster.names) {
          expect(cluster.state(each).data.values[`key${value}`], `${name} ${left}`).toBe(value);
        }
      }
      expect(cluster.promises.broken).toEqual(new Set());
    }
  }
  expect(crashes).toBeGreaterThan(30);
});

test("a request for votes leaves after the own vote is on disk", () => {
  for (const name of ["n1", "n2", "n3"]) {
    const cluster = new Cluster({ count: 3, preVote: false });
    cluster.crashAfterPersists = { name: cluster.state(name).setting.name, left: 0 };
    cluster.campaign(name);
    expect(cluster.isRunning(name)).toBe(false);
    expect(cluster.sent).toEqual([]);
    cluster.restart(name);
    expect(cluster.state(name)).toMatchObject({ term: 1, votedFor: name });
  }
});

test.each([true, false])("a request whose answer was lost, with sessions: %s", (sessions) => {
  const cluster = new Cluster({ count: 3, sessions });
  const leader = cluster.runUntilLeader();
  cluster.run(500);
  const once = { type: "compare-and-set", key: "x", from: null, to: 0 } as const;
  const id = cluster.request(leader, once);
  cluster.run(500);
  expect(cluster.answerTo(id)).toEqual({ type: "compared", isSet: true });
  const next = cluster.request(leader, { ...once, from: 0, to: null });
  cluster.run(500);
  expect(cluster.answerTo(next)).toEqual({ type: "compared", isSet: true });
  cluster.crash(leader);
  const successor = cluster.runUntilLeader(others(cluster, leader));
  cluster.run(500);
  cluster.request(successor, once, id);
  cluster.run(500);
  // Carried out twice, it would set the key again.
  expect(cluster.state(successor).data.values["x"]).toBe(sessions ? null : 0);
  expect(cluster.answers.at(-1)!.answer).toEqual({ type: "compared", isSet: true });
});

const compacting: Partial<RaftOptions> = { snapshotEvery: 10, entriesKept: 2 };

test("a slow follower gets one snapshot, and then what follows", () => {
  const cluster = new Cluster({ count: 3, ...compacting, latencyMs: [10, 10] });
  const leader = cluster.runUntilLeader();
  cluster.run(1000);
  const slow = others(cluster, leader)[0]!;
  cluster.split(others(cluster, slow));
  for (let value = 0; value < 50; value++) {
    cluster.write(leader, value, `key${value % 7}`);
    cluster.run(50);
  }
  expect(cluster.state(leader).log.base.index).toBeGreaterThan(cluster.state(slow).log.last.index);
  cluster.heal();
  cluster.run(3000);
  const state = cluster.state(slow);
  expect(state.data).toEqual(cluster.state(leader).data);
  expect(cluster.log(slow).at(-1)).toBe(cluster.log(leader).at(-1));
  const installed = cluster.news.filter(({ news }) => news.type === "snapshot-installed");
  expect(installed).toHaveLength(1);
  const sent = cluster.sent.filter(({ message }) => message.type === "snapshot");
  expect(sent).toHaveLength(1);
  expect(cluster.promises.broken).toEqual(new Set());
  // The same again after a crash: it begins with the snapshot.
  cluster.crash(slow);
  cluster.restart(slow);
  expect(cluster.state(slow).applied).toBe(cluster.state(slow).snapshot.index);
  cluster.run(3000);
  expect(cluster.state(slow).data).toEqual(cluster.state(leader).data);
});

test("a snapshot replaces entries of the same indices that another leader never committed", () => {
  const cluster = new Cluster({ count: 3, ...compacting, latencyMs: [10, 10] });
  const former = cluster.runUntilLeader();
  cluster.run(1000);
  cluster.split(others(cluster, former));
  for (let value = 0; value < 30; value++) cluster.write(former, -1 - value);
  cluster.run(3000);
  const leader = cluster.leader!;
  expect(leader).not.toBe(former);
  for (let value = 0; value < 20; value++) {
    cluster.write(leader, value);
    cluster.run(50);
  }
  // The snapshot's entry is in both logs, each time of another term.
  const { base } = cluster.state(leader).log;
  const { log, committed } = cluster.state(former);
  expect(base.index).toBeGreaterThan(committed);
  expect(termAt(log, base.index)).toBeLessThan(base.term);
  cluster.heal();
  cluster.run(3000);
  const { data } = cluster.state(former);
  expect(data).toEqual(cluster.state(leader).data);
  expect(Object.values(data.values)).toContain(19);
  expect(cluster.promises.broken).toEqual(new Set());
});

test("the log stays short, and the disk has nothing that the log has not", () => {
  const cluster = new Cluster({ count: 3, ...compacting });
  const leader = cluster.runUntilLeader();
  for (let value = 0; value < 100; value++) {
    cluster.write(leader, value);
    cluster.run(100);
  }
  for (const name of cluster.names) {
    const { log } = cluster.state(name);
    expect(log.last.index - log.base.index).toBeLessThan(20);
    const keys = [...cluster.disk(name).keys()].filter((key) => key.startsWith("raft/entry/"));
    const indices = keys.sort().map((key) => Number(key.slice("raft/entry/".length)));
    const count = log.last.index - log.base.index;
    expect(indices).toEqual(Array.from({ length: count }, (_, at) => log.base.index + 1 + at));
  }
});

test("a lost snapshot is sent again", () => {
  const cluster = new Cluster({ count: 3, ...compacting });
  const leader = cluster.runUntilLeader();
  cluster.run(500);
  const slow = others(cluster, leader)[0]!;
  cluster.crash(slow);
  for (let value = 0; value < 30; value++) cluster.write(leader, value);
  cluster.run(500);
  cluster.restart(slow);
  let isLost = false;
  cluster.run(5000, () => {
    const lost = cluster.letters.some(({ message }) => message.type === "snapshot");
    if (lost) cluster.drop(({ message }) => message.type === "snapshot");
    isLost ||= lost;
    return isLost;
  });
  expect(isLost).toBe(true);
  cluster.run(5000);
  expect(cluster.state(slow).data).toEqual(cluster.state(cluster.leader!).data);
});

test("a record that is not what was written stops the start with its name", () => {
  const cluster = new Cluster({ count: 1 });
  cluster.runUntilLeader();
  cluster.disk("n1").set("raft/state", Uint8Array.of(1));
  expect(() => cluster.restart("n1")).toThrow("raft/state cannot be read: the data ends too early");
});

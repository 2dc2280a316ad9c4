/** Raft with honest rules: elections, repair of logs, commitment, crashes. */

import { expect, test } from "vitest";
import { runChaos } from "./chaos.ts";
import { Cluster } from "./cluster.ts";

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
  expect(cluster.invariants.broken).toEqual(new Set());
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

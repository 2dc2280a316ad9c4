/** One member is added or removed at a time. */

import { expect, test } from "vitest";
import { Cluster } from "../../../src/experiments/raft/cluster.ts";
import type { PeerId } from "../../../src/primitives/brand.ts";

const [n1, n2, n3, n4] = ["n1", "n2", "n3", "n4"] as PeerId[] as [PeerId, PeerId, PeerId, PeerId];
const voters = [n1, n2, n3];
const add = (member: PeerId) => ({ type: "change-members", change: "add", member }) as const;
const remove = (member: PeerId) => ({ type: "change-members", change: "remove", member }) as const;

test("a new member gets the whole log, votes, and can lead", () => {
  const cluster = new Cluster({ count: 4, voters, snapshotEvery: 5, entriesKept: 0 });
  const leader = cluster.runUntilLeader();
  for (let value = 0; value < 12; value++) cluster.write(leader, value);
  cluster.run(1000);
  expect(cluster.state(n4)).toMatchObject({ term: 0, role: "follower" });
  cluster.operate(leader, add(n4));
  cluster.run(2000);
  for (const name of cluster.names) expect(cluster.state(name).members).toEqual([...voters, n4]);
  expect(cluster.state(n4).data).toEqual(cluster.state(leader).data);
  cluster.operate(leader, { type: "transfer", to: n4 });
  cluster.run(1000);
  expect(cluster.leader).toBe(n4);
  const id = cluster.write(n4, 99);
  cluster.run(1000);
  expect(cluster.answerTo(id)).toEqual({ type: "written" });
  expect(cluster.promises.broken).toEqual(new Set());
});

test("a leader that is removed leads until that is committed, and then another does", () => {
  const cluster = new Cluster({ count: 3 });
  const leader = cluster.runUntilLeader();
  cluster.run(500);
  cluster.operate(leader, remove(leader));
  expect(cluster.state(leader).role).toBe("leader");
  cluster.run(500);
  expect(cluster.state(leader).role).toBe("follower");
  const rest = cluster.names.filter((name) => name !== leader);
  const next = cluster.runUntilLeader(rest);
  cluster.run(10_000);
  expect(cluster.leader).toBe(next);
  const id = cluster.write(next, 1);
  cluster.run(500);
  expect(cluster.answerTo(id)).toEqual({ type: "written" });
  expect(cluster.state(next).members).toEqual(rest);
});

test("a second change waits until the first is committed, and the first for its term", () => {
  const cluster = new Cluster({ count: 4, voters, preVote: false, checkQuorum: false });
  cluster.campaign(n1);
  cluster.deliver(({ message }) => message.type.startsWith("vote"));
  cluster.operate(n1, add(n4));
  expect(cluster.state(n1).members).toEqual(voters);
  cluster.deliver();
  cluster.operate(n1, add(n4));
  cluster.operate(n1, remove(n2));
  expect(cluster.state(n1).members).toEqual([n1, n2, n3, n4]);
  cluster.deliver();
  cluster.operate(n1, remove(n2));
  cluster.deliver();
  expect(cluster.state(n4).members).toEqual([n1, n3, n4]);
});

test("a change that a later leader does not have is taken back", () => {
  const cluster = new Cluster({ count: 4, voters, preVote: false, checkQuorum: false });
  cluster.campaign(n1);
  cluster.deliver();
  cluster.split([n1], [n2, n3]);
  cluster.operate(n1, add(n4));
  expect(cluster.state(n1).members).toHaveLength(4);
  cluster.campaign(n2);
  cluster.deliver();
  cluster.heal();
  cluster.write(n2, 1);
  cluster.run(2000);
  expect(cluster.state(n1).members).toEqual(voters);
  expect(cluster.log(n1)).toEqual(cluster.log(n2));
});

test("what makes no sense is dropped: members that are there, or not, and the last one", () => {
  const cluster = new Cluster({ count: 1, voters: [n1] });
  cluster.runUntilLeader();
  const { log } = cluster.state(n1);
  for (const message of [add(n1), remove(n2), remove(n1)]) cluster.operate(n1, message);
  cluster.operate(n1, { type: "transfer", to: n2 });
  expect(cluster.state(n1).log).toBe(log);
  expect(cluster.state(n1).transfer).toBeUndefined();
});

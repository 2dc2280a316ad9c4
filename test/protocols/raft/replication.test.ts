/** How logs become equal, and what it costs. */

import { expect, test } from "vitest";
import { Cluster } from "../../../src/experiments/raft/cluster.ts";
import { giveLog, repairFigure7, termsOf } from "../../../src/experiments/raft/given-logs.ts";

test.each([1, 64 * 1024])(
  "the six logs of Figure 7 are repaired, in batches of %i bytes",
  (batch) => {
    const cluster = repairFigure7(batch);
    expect(cluster.state("n1")).toMatchObject({ role: "leader", term: 8, committed: 11 });
    for (const name of cluster.names) {
      expect(termsOf(cluster.log(name)), name).toEqual([1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 8]);
      expect(cluster.log(name)).toEqual(cluster.log("n1"));
      expect(cluster.state(name).committed).toBe(11);
    }
    expect(cluster.promises.broken).toEqual(new Set());
  },
);

test("a conflict of many entries is found in one refusal a term", () => {
  const cluster = new Cluster({ count: 3, preVote: false, checkQuorum: false });
  cluster.drop();
  giveLog(cluster, "n1", [...Array.from({ length: 50 }, () => 1), 3], 3);
  giveLog(
    cluster,
    "n2",
    Array.from({ length: 50 }, () => 1),
    3,
  );
  giveLog(cluster, "n3", [1, 1, ...Array.from({ length: 60 }, () => 2)], 3);
  cluster.campaign("n1");
  cluster.deliver();
  const refusals = cluster.sent.filter(({ message: { type }, message, from }) => {
    return (
      type === "append-reply" && from === "n3" && !(message as { isAccepted: boolean }).isAccepted
    );
  });
  expect(refusals.length).toBeLessThanOrEqual(2);
  expect(cluster.log("n3")).toEqual(cluster.log("n1"));
});

test.each([3, 5, 7])("a write among %i costs 2(n − 1) messages and a round trip", (count) => {
  const cluster = new Cluster({ count, latencyMs: [50, 50] });
  const leader = cluster.runUntilLeader();
  cluster.run(1000);
  const isOfWrite = ({ message: { type } }: { message: { type: string } }) =>
    type.startsWith("append");
  const before = cluster.sent.filter(isOfWrite).length;
  const begun = cluster.now;
  const id = cluster.write(leader, 1);
  cluster.run(1000);
  expect(cluster.answers.find((answer) => answer.id.client === id.client)!.at - begun).toBe(100);
  expect(cluster.sent.filter(isOfWrite)).toHaveLength(before + 2 * (count - 1));
});

test("a leader without requests sends n − 1 heartbeats an interval, each answered", () => {
  const cluster = new Cluster({ count: 5 });
  cluster.runUntilLeader();
  cluster.run(1000);
  const before = cluster.sent.length;
  cluster.run(3000);
  expect(cluster.sent.length - before).toBe(10 * 2 * 4);
});

test("a message that comes late or twice takes back nothing", () => {
  const cluster = new Cluster({ count: 3, preVote: false, checkQuorum: false });
  cluster.campaign("n1");
  cluster.deliver();
  for (const value of [1, 2, 3]) cluster.write("n1", value);
  cluster.deliver();
  const log = cluster.log("n2");
  for (const letter of [...cluster.sent].reverse()) cluster.replay(letter);
  cluster.deliver();
  expect(cluster.log("n2")).toEqual(log);
  expect(cluster.promises.broken).toEqual(new Set());
});

test("entries go ahead of answers only as far as was said, and lost ones are sent again", () => {
  const cluster = new Cluster({ count: 3, entriesInFlightMax: 4 });
  const leader = cluster.runUntilLeader();
  cluster.run(500);
  const before = cluster.sent.length;
  for (let value = 1; value <= 20; value++) cluster.write(leader, value);
  const appends = cluster.sent.slice(before).filter(({ message }) => message.type === "append");
  expect(appends).toHaveLength(2 * 4);
  cluster.drop();
  cluster.run(5000);
  for (const name of cluster.names) expect(cluster.state(name).data.values).toEqual({ x: 20 });
  expect(cluster.answers.filter(({ answer }) => answer.type === "written")).toHaveLength(20);
});

test("a leader takes no more requests than may wait", () => {
  const cluster = new Cluster({ count: 3, waitingMax: 2 });
  const leader = cluster.runUntilLeader();
  cluster.run(500);
  cluster.split([leader]);
  const ids = [cluster.write(leader, 1), cluster.read(leader), cluster.write(leader, 2)];
  expect(cluster.answerTo(ids[2]!)).toEqual({ type: "redirected", leader: undefined });
  expect(cluster.answerTo(ids[0]!)).toBeUndefined();
});

/** Processes of any protocol in virtual time: who answers, how messages are counted, what roles there are. */

import { expect, test } from "vitest";
import type { Answer, RequestId } from "../../../src/protocols/process/key-value.ts";
import type { ProcessSubject } from "../../../src/sim/process-world/process-host.ts";
import { instantDisk, ProcessWorld } from "../../../src/sim/process-world/process-world.ts";
import { entryOf, networkOf } from "./cluster.ts";

type Given = { readonly id: RequestId; readonly answer: Answer; readonly atMs: number };

function worldOf(name: string, count = 3) {
  const { protocol } = entryOf(name);
  const world = new ProcessWorld({
    protocol,
    network: networkOf(count),
    seed: 1,
    disk: instantDisk,
  });
  const given: Given[] = [];
  world.onAnswer((id, answer) => given.push({ id, answer, atMs: world.clock.elapsedMs }));
  world.begin();
  return { world, given };
}

const id = { client: "c", number: 1 };
const write = { type: "write", key: "x", value: 0 } as const;

test("a request beside a forwarder takes two delays and two messages, beside the keeper none", () => {
  const { world, given } = worldOf("single-copy");
  world.host("n2").request(id, write);
  world.runFor(100);
  expect(given).toEqual([{ id, answer: { type: "written" }, atMs: 20 }]);
  world.host("n1").request({ client: "d", number: 1 }, { type: "read", key: "x" });
  world.runFor(100);
  expect(given[1]).toMatchObject({ answer: { type: "read", value: 0 }, atMs: 100 });
  expect(world.counts.byKind).toEqual({ forward: 1, reply: 1 });
  expect([world.post.messages, world.post.crossings]).toEqual([2, 2]);
});

test("a client that asks another process than the one beside it crosses the links both ways", () => {
  const { world, given } = worldOf("single-copy");
  world.host("n2").request(id, write, world.host("n1").name);
  world.runFor(100);
  expect(given).toEqual([{ id, answer: { type: "written" }, atMs: 20 }]);
  expect(world.counts.byKind).toEqual({});
  expect(world.post.crossings).toBe(2);
});

test("what a client is to be told is lost where the link is cut, and the write is done all the same", () => {
  const { world, given } = worldOf("single-copy");
  const [n1, n2] = [world.host("n1").name, world.host("n2").name];
  world.links.cutOneWay(n1, n2);
  world.host("n2").request(id, write);
  world.runFor(100);
  expect(given).toEqual([]);
  world.host("n1").request({ client: "d", number: 1 }, { type: "read", key: "x" });
  world.runFor(1);
  expect(given[0]?.answer).toEqual({ type: "read", value: 0 });
});

test("a process that is down is asked nothing, and its clients hear nothing", () => {
  const { world, given } = worldOf("single-copy");
  world.crash("n1");
  world.host("n1").request(id, write);
  world.host("n2").request(id, write);
  world.runFor(100);
  expect(given).toEqual([]);
});

test("@leader is the running process that leads in the highest era, @follower the first other one", () => {
  const { world } = worldOf("single-copy");
  expect(world.roles.leader()).toBe("n1");
  expect(world.roles.follower()).toBe("n2");
  world.crash("n1");
  expect(world.roles.leader()).toBeUndefined();
  expect(world.roles.follower()).toBe("n2");
  const { world: leaderless } = worldOf("last-writer");
  expect(leaderless.roles.leader()).toBeUndefined();
});

test("a life begins with what the last one had on disk", () => {
  const { world, given } = worldOf("single-copy");
  world.host("n1").request(id, write);
  world.runFor(1);
  world.crash("n1");
  world.restart("n1");
  world.host("n1").request({ client: "d", number: 1 }, { type: "read", key: "x" });
  world.runFor(1);
  expect(given.at(-1)?.answer).toEqual({ type: "read", value: 0 });
});

test("a process is judged again when it looks different, or when what it knows is durable, and else not", () => {
  const judged: ProcessSubject[] = [];
  const { protocol } = entryOf("raft");
  const check = {
    name: "watches",
    everySteps: 1,
    findViolation: (subject: ProcessSubject) => void judged.push(subject),
  };
  const world = new ProcessWorld({ protocol, network: networkOf(3), seed: 1, checks: [check] });
  world.begin();
  world.runFor(10_000);
  let againCount = 0;
  for (const name of world.names) {
    const own = judged.filter((subject) => subject.name === name);
    const again = own.filter(({ view }, at) => own[at - 1]?.view === view);
    // Nothing but that it became durable, or ceased to be so, is a reason to look at the same view.
    againCount += again.length;
    for (const { view, isDurable } of again) {
      expect(own.filter((each) => each.view === view && each.isDurable === isDurable).length).toBe(
        1,
      );
    }
    expect(own.at(-1)).toEqual({
      name,
      view: world.host(name).view,
      isDurable: true,
      isHonest: true,
    });
  }
  expect(againCount).toBeGreaterThan(0);
  expect(judged.length).toBeLessThan(world.steps / 5);
});

/** Checks the runs that the page shows: the same from the same settings, and a past that stays. */

import { expect, test } from "vitest";
import type { RunRecord } from "../../../src/dashboard/simulator/run-record.ts";
import { type RunSettings, usualSettings } from "../../../src/dashboard/simulator/run-settings.ts";
import type { MessageFault, ScheduledFault } from "../../../src/dashboard/simulator/schedule.ts";
import { simulate } from "../../../src/dashboard/simulator/simulate.ts";

const raft: RunSettings = { ...usualSettings, protocol: "raft", nodes: 5, durationMs: 8_000 };

function run(schedule: readonly ScheduledFault[] = [], settings = raft): RunRecord {
  const record = simulate(settings, schedule);
  if (!record.ok) throw new Error(record.problem);
  return record.value;
}

function before<T extends { readonly atMs: number }>(list: readonly T[], atMs: number) {
  return list.filter((each) => each.atMs < atMs);
}

function firstLeader({ entries }: RunRecord) {
  const found = entries.find(({ sign }) => sign === "leads");
  if (found?.node === undefined) throw new Error("nobody was elected");
  return { name: found.node, atMs: found.atMs };
}

const crashOf = (node: string, atMs: number, lastsMs = 2_000): ScheduledFault => {
  return { verb: "crash", node, moment: "at-once", atMs, lastsMs };
};

test("the same settings and schedule give the same run", () => {
  const schedule = [crashOf("@leader", 4_000)];
  expect(run(schedule)).toEqual(run(schedule));
  expect(run(schedule, { ...raft, seed: "2" }).entries).not.toEqual(run(schedule).entries);
});

test("a crash of the leader changes what follows it and nothing before", () => {
  const plain = run();
  const leader = firstLeader(plain);
  const atMs = leader.atMs + 1_000;
  const crashed = run([crashOf(leader.name, atMs)]);
  expect(before(crashed.entries, atMs)).toEqual(before(plain.entries, atMs));
  const leaders = crashed.entries.filter(({ sign, atMs: at }) => sign === "leads" && at > atMs);
  expect(leaders.length).toBeGreaterThan(0);
  expect(leaders.every(({ node }) => node !== leader.name)).toBe(true);
  const stages = crashed.stages[leader.name] ?? [];
  expect(stages.map(({ health }) => health)).toContain("stopped");
  expect(stages.at(-1)?.health).toBe("running");
  expect(crashed.verdict).toMatchObject({ broken: undefined, refused: undefined });
});

test("every process is, at its stages, what the entries until then tell of it", () => {
  const { entries, stages } = run();
  for (const [index, { sign, node = "", era }] of entries.entries()) {
    if (sign !== "leads") continue;
    const stage = stages[node]?.findLast(({ from }) => from <= index + 1);
    expect(stage?.view).toMatchObject({ isLeader: true, era });
  }
});

test("one message is lost, and those before and beside it are not", () => {
  const plain = run();
  const heartbeat = plain.messages.find(({ kind }) => kind === "heartbeat");
  if (heartbeat === undefined) throw new Error("no heartbeat was sent");
  const { from, to, sentMs: atMs, number } = heartbeat;
  const dropped = run([{ verb: "lose", from, to, atMs, number, byMs: 0 }]);
  const position = plain.messages.indexOf(heartbeat);
  expect(dropped.messages[position]).toEqual({ ...heartbeat, lost: "by-schedule", arrivedMs: [] });
  const earlier = (record: RunRecord) => record.messages.slice(0, position);
  expect(earlier(dropped).map(({ text }) => text)).toEqual(earlier(plain).map(({ text }) => text));
  expect(dropped.struck).toHaveLength(1);
});

test("one message is put on its way later", () => {
  const plain = run();
  const position = plain.messages.findIndex(({ kind }) => kind === "heartbeat");
  const { from, to, sentMs: atMs, number, arrivedMs } = plain.messages[position]!;
  const late = run([{ verb: "delay", from, to, atMs, number, byMs: 150 }]).messages[position]!;
  expect(late.delayedMs).toBe(150);
  expect(late.arrivedMs[0]).toBeGreaterThanOrEqual(arrivedMs[0]! + 100);
});

test("what is under way to a process that crashes is lost", () => {
  const { name, atMs } = firstLeader(run());
  const { messages } = run([crashOf(name, atMs + 30, 1_000)]);
  const lost = messages.filter(({ lost: how }) => how === "on-its-way");
  expect(lost.length).toBeGreaterThan(0);
  expect(lost.every(({ from, to }) => from === name || to === name)).toBe(true);
});

test("writes that are lost are judged, and the operation that no order explains is named", () => {
  const settings = { ...raft, protocol: "last-writer", nodes: 3, durationMs: 20_000 };
  const split: ScheduledFault = { verb: "split", groups: [["n1"]], atMs: 2_000, lastsMs: 8_000 };
  const { verdict, operations } = run([split], settings);
  expect(verdict.broken?.promise).toBe("linearizability");
  const refused = operations[verdict.refused ?? -1];
  expect(refused?.answer).toBeDefined();
  expect(verdict.broken?.message).toContain(`${refused?.endedMs} ms`);
});

test("a mistake in settings or schedule is told in a sentence", () => {
  const problemOf = (settings: RunSettings, schedule: readonly ScheduledFault[] = []) => {
    const record = simulate(settings, schedule);
    return record.ok ? "" : record.problem;
  };
  expect(problemOf({ ...raft, protocol: "rift" })).toContain("There is no protocol rift, only");
  expect(problemOf({ ...raft, mutant: "shy" })).toBe("raft has no mutant shy.");
  expect(problemOf(raft, [crashOf("n9", 1)])).toContain("there is no node n9");
  const lost: ScheduledFault = {
    ...{ verb: "lose", from: "n1", to: "n8", atMs: 1, number: 1, byMs: 0 },
  };
  expect(problemOf(raft, [lost])).toContain("n8");
});

test.each<Partial<MessageFault>>([
  { verb: "delay", byMs: -1 },
  { verb: "delay", byMs: Infinity },
  { number: 0 },
  { number: 1.5 },
  { atMs: 1_605.5 },
])("what cannot happen to a message is refused in a sentence: %o", (wrong) => {
  const lost = { verb: "lose", from: "n5", to: "n1", number: 1, atMs: 1_605, byMs: 0 } as const;
  const answer = simulate(raft, [{ ...lost, ...wrong }]);
  expect(answer).toMatchObject({
    ok: false,
    problem: expect.stringMatching(/^The schedule cannot be run: in “(lose|delay) n5 n1 /),
  });
});

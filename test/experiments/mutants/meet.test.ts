/** Every mutant is caught by the check that it names, in a way on which the right rules break nothing. */

import { describe, expect, test } from "vitest";
import { type Meeting, meetMutant, type Rules } from "../../../src/experiments/mutants/meet.ts";
import { ways } from "../../../src/experiments/mutants/ways.ts";
import { type ProtocolEntry, protocols } from "../../../src/protocols/catalogue.ts";

const all = protocols.flatMap((entry) => {
  return entry.mutants.map(({ name, caughtBy }) => ({
    protocol: entry.name,
    name,
    caughtBy,
    entry,
  }));
});

/** Searches of seconds: `powlab protocol mutants` runs them, too. */
const slow = [
  "multi-paxos promises-in-memory",
  "multi-paxos promise-not-kept",
  "multi-paxos new-leader-forgets",
  "multi-paxos reads-beside-the-log",
];
const isSlow = (protocol: string, name: string) => slow.includes(`${protocol} ${name}`);
const quick = all.filter(({ protocol, name }) => !isSlow(protocol, name));

/** Of the shortest way, where all steps were searched or a script has no needless one. */
const steps: Readonly<Record<string, number>> = {
  "two-phase-commit commits-with-a-majority": 6,
  "two-phase-commit decision-in-memory": 8,
  "two-phase-commit vote-in-memory": 7,
  "two-phase-commit presumed-commit": 5,
  "two-phase-commit aborts-alone-in-doubt": 6,
  "two-phase-commit forgets-before-acknowledgements": 8,
  "paxos truthiness": 10,
  "paxos promises-in-memory": 11,
  "paxos promise-not-kept": 10,
  "paxos half-is-enough": 2,
  "paxos own-value-always": 10,
  "paxos equal-numbers-promised-again": 10,
  "raft vote-not-durable": 8,
  "raft stale-votes": 8,
  "raft answers-counted": 9,
};

test("the table of ways names mutants that there are, and every way is tried or slow", () => {
  const named = Object.entries(ways).flatMap(([protocol, own]) => {
    return Object.keys(own).map((name) => `${protocol} ${name}`);
  });
  const known = all.map(({ protocol, name }) => `${protocol} ${name}`);
  expect(named.filter((each) => !known.includes(each))).toEqual([]);
  const scripted = known.filter((each) => !named.includes(each));
  expect(scripted.filter((each) => !/^(raft|pbft) /.test(each))).toEqual([]);
  for (const each of slow) expect(known).toContain(each);
});

describe.each(quick)("$protocol: $name", ({ protocol, name, caughtBy, entry }) => {
  test(`is caught by ${caughtBy ?? "nothing"}`, () => {
    const { broken, stepsCount, steps: taken } = meetMutant(entry, name);
    if (caughtBy === undefined) expect(broken).toEqual([]);
    else expect(broken).toContain(caughtBy);
    const known = steps[`${protocol} ${name}`];
    if (known === undefined) return;
    expect(stepsCount).toBe(known);
    expect(taken).toHaveLength(known);
  });
});

const narrow = quick.filter(({ protocol, caughtBy }) => {
  return protocol !== "paxos" && caughtBy !== undefined;
});

test.each(narrow)("$protocol with the right rules breaks nothing on the way of $name", (each) => {
  expect(meetRight(each.entry, each.name).broken).toEqual([]);
});

test("all searches of paxos are of one space, in which the right rules break nothing", () => {
  const [entry] = protocols.filter(({ name }) => name === "paxos") as [ProtocolEntry];
  expect(meetRight(entry, "truthiness").broken).toEqual([]);
  expect(meetRight(entry, "asks-a-majority-only").broken).toEqual([]);
});

function meetRight(entry: ProtocolEntry, name: string): Meeting {
  const rules: Rules = "right";
  return meetMutant(entry, name, rules);
}

test("a later leader of Multi-Paxos that proposes an entry again breaks nothing", () => {
  const [entry] = protocols.filter(({ name }) => name === "multi-paxos") as [ProtocolEntry];
  const write = { type: "write", key: "x", value: 0 } as const;
  const { broken } = meetMutant(entry, "new-leader-forgets", "right", {
    type: "search",
    ...{ nodes: 2, crashes: 0, timeouts: 2, erasMax: 2 },
    requests: [[{ process: 0, id: { client: "c1", number: 1 }, command: write }]],
  });
  expect(broken).toEqual([]);
});

/** Three-phase commit: its costs, that no crash blocks it, and how a parted network breaks it. */

import { describe, expect, test } from "vitest";
import type { PeerId } from "../../../src/primitives/brand.ts";
import { threePhaseMutants } from "../../../src/protocols/three-phase-commit/mutants.ts";
import { threePhaseRules } from "../../../src/protocols/three-phase-commit/rules.ts";
import {
  type ThreePhaseCommit,
  threePhaseCommit,
} from "../../../src/protocols/three-phase-commit/three-phase-commit.ts";
import { countsOf, ProcessNetwork } from "../process-network.ts";

const d = 50;
const id = { client: "c", number: 1 };
const write = { type: "write", key: "x", value: 0 } as const;
const first = "n1" as PeerId;

function networkOf(protocol: ThreePhaseCommit, count: number) {
  return new ProcessNetwork(protocol, { count, latencyMs: () => d });
}

type Network = ReturnType<typeof networkOf>;

test.each([2, 4, 16])(
  "%i members: 6n messages, decided after 4d, acknowledged after 6d",
  (count) => {
    const network = networkOf(threePhaseCommit(), count);
    network.request(first, id, write);
    network.runTo(2000);
    const n = count - 1;
    const counts = { prepare: n, vote: n, "pre-commit": n, ready: n, commit: n, acknowledge: n };
    expect(countsOf(network.sent)).toEqual(counts);
    expect(network.answerTo(id)).toMatchObject({ at: 4 * d, answer: { type: "written" } });
    expect(network.sent.at(-1)?.at).toBe(5 * d);
    for (const name of network.names) {
      expect(network.view(name).decisions).toEqual({ "t1.1": "commit" });
      expect(network.state(name).data.values).toEqual({ x: 0 });
    }
  },
);

test("reads, locks and redirections are those of two-phase commit", () => {
  const network = networkOf(threePhaseCommit(), 3);
  network.request("n2" as PeerId, id, write);
  expect(network.answerTo(id)?.answer).toEqual({ type: "redirected", leader: first });
  network.request(first, { client: "d", number: 1 }, write);
  network.runTo(d);
  const asked = { client: "r", number: 1 };
  network.request("n2" as PeerId, asked, { type: "read", key: "x" });
  expect(network.answerTo(asked)?.answer.type).toBe("aborted");
});

test.each([false, true])(
  "a request that was answered aborted stays so when a copy is late (restarted: %s)",
  (isRestarted) => {
    const network = networkOf(threePhaseCommit(), 3);
    const asked = { client: "d", number: 1 };
    network.isCut = (from, to) => to === first && from === "n3" && network.now < 300;
    network.request(first, id, { ...write, value: 8 });
    network.request(first, asked, { ...write, value: 9 });
    network.runTo(5000);
    expect(network.answerTo(id)?.answer.type).toBe("aborted");
    expect(network.answerTo(asked)?.answer.type).toBe("aborted");
    if (isRestarted) {
      network.crash(first);
      network.restart(first);
    }
    for (const copy of [id, asked]) network.request(first, copy, { ...write, value: 9 });
    network.runTo(9000);
    expect(network.answers.map(({ answer }) => answer.type)).toEqual(Array(4).fill("aborted"));
    for (const name of network.names) expect(network.state(name).data.values).toEqual({});
    network.request(first, { client: "d", number: 2 }, write);
    network.runTo(12_000);
    expect(network.answers.at(-1)?.answer).toEqual({ type: "written" });
  },
);

test("a vote of before the coordinator's restart is decided, also when later transactions are over", () => {
  const network = networkOf(threePhaseCommit(), 3);
  network.request(first, id, write);
  network.runTo(d);
  network.crash(first);
  network.restart(first);
  const later = { client: "d", number: 1 };
  network.request(first, later, { type: "write", key: "y", value: 1 });
  // Silence of three rounds, and then one round to ask how far the others are.
  network.runTo(4 * 400 - 1);
  expect(network.answerTo(later)?.answer).toEqual({ type: "written" });
  for (const name of network.names) expect(network.view(name).blocked).toEqual([]);
});

type Crash = { readonly name: PeerId; readonly before: number };

function runWith(
  protocol: ThreePhaseCommit,
  count: number,
  crashes: readonly Crash[],
  restartAfterMs: number | undefined,
): Network {
  const network = networkOf(protocol, count);
  for (const { name, before } of crashes) network.crashBefore.set(name, before);
  network.onCrash = (name) => {
    if (restartAfterMs === undefined) return;
    network.at(network.now + restartAfterMs, () => network.restart(name));
  };
  network.request(first, id, write);
  network.runTo(60_000);
  return network;
}

function crashesOf(protocol: ThreePhaseCommit, count: number): readonly Crash[] {
  const whole = runWith(protocol, count, [], undefined);
  return whole.names.flatMap((name) => {
    const effects = (whole.effectCounts.get(name) ?? 0) + 6;
    return Array.from({ length: effects }, (_, before) => ({ name, before }));
  });
}

function faultsIn(network: Network): readonly string[] {
  const outcomes = new Set<string>();
  for (const { news } of network.news) if (news.type === "decided") outcomes.add(news.outcome);
  const up = network.names.filter((name) => network.isUp(name));
  const isBlocked = up.some((name) => network.view(name).blocked.length > 0);
  const copies = new Set(up.map((name) => JSON.stringify(network.state(name).data.values)));
  return [
    ...(outcomes.size > 1 ? ["atomicity"] : []),
    ...(isBlocked ? ["no-blocked-participant"] : []),
    ...(copies.size > 1 ? ["linearizability"] : []),
  ];
}

describe("while every message arrives in time", () => {
  const restarts = [undefined, 130, 5000];

  test.each([2, 3, 4])("%i members: no crash blocks the others or parts them", (count) => {
    const protocol = threePhaseCommit();
    for (const crash of crashesOf(protocol, count)) {
      for (const restart of restarts) {
        const network = runWith(protocol, count, [crash], restart);
        expect(faultsIn(network), JSON.stringify({ crash, restart })).toEqual([]);
      }
    }
  });

  test.each([3, 4])("%i members: nor do two crashes", (count) => {
    const protocol = threePhaseCommit();
    const crashes = crashesOf(protocol, count);
    for (const one of crashes) {
      for (const two of crashes) {
        if (one.name >= two.name) continue;
        for (const restart of [undefined, 5000]) {
          const network = runWith(protocol, count, [one, two], restart);
          expect(faultsIn(network), JSON.stringify({ one, two, restart })).toEqual([]);
        }
      }
    }
  });
});

test("what a member knew before its crash counts only if all have crashed", () => {
  const rules = threePhaseRules;
  const alive = { stage: "voted", isRecovered: false } as const;
  const back = { stage: "voted", isRecovered: true } as const;
  const knewMore = { stage: "pre-committed", isRecovered: true } as const;
  // The two that stayed up may have aborted without it, and have told one that is down now.
  expect(rules.outcomeOf([alive, alive, knewMore])).toBe("abort");
  expect(rules.outcomeOf([back, back, knewMore])).toBe("commit");
  expect(rules.outcomeOf([alive, { ...knewMore, isRecovered: false }, back])).toBe("commit");
});

test("a parted network breaks it: one side commits, the other aborts", () => {
  const broken = new Set<number>();
  for (let at = 0; at <= 6 * d; at += d / 2) {
    const network = networkOf(threePhaseCommit(), 4);
    const side = ["n1", "n2"];
    network.at(at, () => {
      network.isCut = (from, to) => side.includes(from) !== side.includes(to);
    });
    network.request(first, id, write);
    network.runTo(20_000);
    if (faultsIn(network).includes("atomicity")) broken.add(at);
  }
  // Pre-commits leave at 2d and are lost on their way to n3 and n4, which abort; n1 and n2 commit.
  expect([...broken]).toEqual([2.5 * d, 3 * d]);
});

describe("mutants", () => {
  test.each(threePhaseMutants)("$name is caught", ({ protocol, caughtBy }) => {
    const caught = new Set<string>();
    const crashes = crashesOf(protocol, 4);
    for (const one of crashes) {
      const two = crashes.filter(({ name }) => name > one.name);
      for (const fault of faultsIn(runWith(protocol, 4, [one], 5000))) caught.add(fault);
      for (const other of caught.has("atomicity") ? [] : two) {
        for (const fault of faultsIn(runWith(protocol, 4, [one, other], 5000))) caught.add(fault);
      }
    }
    expect(caught).toContain(caughtBy);
  });
});

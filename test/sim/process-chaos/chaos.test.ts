/** Runs seeds of chaos for protocols, and finds what those break that promise less. */

import { describe, expect, test } from "vitest";
import { behavioursOf } from "../../../src/protocols/catalogue.ts";
import { findGaps, totalOf } from "../../../src/sim/process-chaos/campaign.ts";
import {
  investigateProcessChaos,
  type ProcessChaosOutcome,
  runProcessChaos,
} from "../../../src/sim/process-chaos/chaos.ts";
import { processVerbs } from "../../../src/sim/process-chaos/faults-draw.ts";
import { planProcessChaos } from "../../../src/sim/process-chaos/plan.ts";
import { turnsIn } from "../../../src/sim/process-world/byzantine.ts";
import { entryOf } from "../process-world/cluster.ts";

function run(protocol: string, seed: number, nodes = 3): ProcessChaosOutcome {
  const plan = planProcessChaos(seed, { protocol, nodes });
  return runProcessChaos({ plan, entry: entryOf(protocol) });
}

const seeds = Array.from({ length: 12 }, (_, position) => position + 1);

describe("single-copy", () => {
  const outcomes = seeds.map((seed) => run("single-copy", seed));

  test("is linearizable in every seed, and answers when faults are over", () => {
    expect(outcomes.map(({ failure }) => failure)).toEqual(seeds.map(() => undefined));
  });

  test("is run for a minute and more, with three clients and five faults or more", () => {
    for (const { elapsedMs, faults, asked } of outcomes) {
      expect(elapsedMs).toBeGreaterThanOrEqual(60_000);
      expect(faults).toBeGreaterThanOrEqual(5);
      expect(asked).toBeGreaterThan(100);
    }
  });

  test("answers most requests, but not those while its keeper is down", () => {
    const { asked, answered, givenUp } = totalOf(outcomes);
    expect(answered).toBeGreaterThan(asked / 2);
    expect(givenUp).toBeGreaterThan(0);
  });
});

test("last-writer is refused in each of these seeds: it answers always, and not from one copy", () => {
  const outcomes = seeds.slice(0, 6).map((seed) => run("last-writer", seed));
  for (const { failure, givenUp } of outcomes) {
    expect(failure?.promise).toBe("linearizability");
    expect(givenUp).toBe(0);
  }
});

test("last-writer is refused without any fault, too", () => {
  const plan = { ...planProcessChaos(1, { protocol: "last-writer", nodes: 3 }), faults: [] };
  const { outcome, shortest } = investigateProcessChaos({ plan, entry: entryOf("last-writer") });
  expect(outcome.failure?.promise).toBe("linearizability");
  expect(shortest).toEqual([]);
});

test("raft keeps its promises with two of five processes down for good at the end", () => {
  const plan = planProcessChaos(1, { protocol: "raft", nodes: 5, topology: { type: "complete" } });
  expect(plan.downAtLast).toHaveLength(2);
  const outcome = runProcessChaos({ plan, entry: entryOf("raft") });
  expect(outcome.failure).toBeUndefined();
  expect(outcome.elected).toBeGreaterThan(1);
});

test("a raft that needs more than a majority stops when a minority is down: liveness", () => {
  const mutant = entryOf("raft").mutants.find(({ name }) => name === "more-than-majority");
  const plan = planProcessChaos(1, { protocol: "raft", nodes: 3, topology: { type: "complete" } });
  const entry = { workload: "key-value", protocol: mutant!.protocol } as const;
  expect(runProcessChaos({ plan, entry }).failure?.promise).toBe("liveness");
});

describe("plans for pbft", () => {
  const plans = Array.from({ length: 200 }, (_, seed) => {
    return planProcessChaos(seed, { protocol: "pbft", nodes: 7 });
  });
  const turnsOf = plans.map(({ faults }) => turnsIn(faults));

  test("have up to f byzantine processes, each once, and only as many down as may be besides", () => {
    expect(new Set(turnsOf.map(({ length }) => length))).toEqual(new Set([0, 1, 2]));
    for (const [at, turns] of turnsOf.entries()) {
      const gone = [...turns.map(({ node }) => node), ...plans[at]!.downAtLast];
      expect(new Set(gone).size).toBe(gone.length);
      expect(gone.length).toBeLessThanOrEqual(2);
    }
  });

  test("have every behaviour", () => {
    const drawn = new Set(turnsOf.flat().map(({ by }) => by));
    expect([...drawn].sort()).toEqual(
      behavioursOf(entryOf("pbft"))
        .map(({ name }) => name)
        .sort(),
    );
  });

  test("have none for protocols that tolerate no byzantine process", () => {
    const { faults } = planProcessChaos(1, { protocol: "raft", nodes: 7 });
    expect(turnsIn(faults)).toEqual([]);
  });
});

test("pbft keeps its promises with byzantine processes, which are counted like verbs", () => {
  const outcomes = [2, 4].map((seed) => run("pbft", seed, 4));
  expect(outcomes.map(({ failure }) => failure)).toEqual([undefined, undefined]);
  const { strikes, deviations } = totalOf(outcomes);
  const kinds = Object.keys(strikes).filter((kind) => kind.startsWith("byzantine "));
  expect(kinds.length).toBeGreaterThan(0);
  for (const kind of kinds) {
    expect(deviations[kind.replace("byzantine ", "")]).toBeGreaterThan(0);
  }
});

test("a crash that waits for a write is over when all faults are, also at a process that stood still", () => {
  const { name } = entryOf("raft").protocol;
  const plan = planProcessChaos(682, { protocol: name, nodes: 3 });
  expect(plan.downAtLast).toHaveLength(1);
  const outcome = runProcessChaos({
    entry: entryOf("raft"),
    plan: {
      ...plan,
      faults: [
        { verb: "pause", node: "n2", atMs: 57_946, lastsMs: 7_719 },
        { verb: "crash", node: "n2", moment: "while-writing", atMs: 59_238, lastsMs: 2_059 },
      ],
    },
  });
  expect(outcome.failure).toBeUndefined();
});

test("multi-paxos answers when a throttle is over, whatever waited on the slow links", () => {
  const plan = planProcessChaos(257, { protocol: "multi-paxos", nodes: 5 });
  const throttle = { verb: "throttle", node: "n2", bytesPerSecond: 200 } as const;
  const faults = [{ ...throttle, atMs: 54_941, lastsMs: 5_304 }];
  const outcome = runProcessChaos({ plan: { ...plan, faults }, entry: entryOf("multi-paxos") });
  expect(outcome.failure).toBeUndefined();
});

test("two runs of one seed are the same, byte for byte, and those of two seeds are not", () => {
  const play = (seed: number) => {
    const lines: string[] = [];
    const plan = planProcessChaos(seed, { protocol: "single-copy", nodes: 3 });
    const entry = entryOf("single-copy");
    const outcome = runProcessChaos({ plan, entry, onLine: (line) => lines.push(line) });
    return JSON.stringify({ lines, outcome });
  };
  const first = play(3);
  expect(play(3)).toBe(first);
  expect(play(4)).not.toBe(first);
  expect(first.length).toBeGreaterThan(2_000);
});

describe("a campaign", () => {
  const outcome = run("single-copy", 1);

  test("has met every verb, in more than one state, after 20 seeds", () => {
    const outcomes = Array.from({ length: 20 }, (_, seed) => run("single-copy", seed));
    const { strikes } = totalOf(outcomes);
    expect(Object.keys(strikes).sort()).toEqual([...processVerbs].sort());
    for (const states of Object.values(strikes)) {
      expect(Object.keys(states).length).toBeGreaterThan(1);
    }
    expect(findGaps(outcomes)).toEqual([]);
  });

  test("fails if no leader ever changed where terms go on", () => {
    const same = { ...outcome, eraMax: 1, elected: 1 };
    expect(findGaps([same])).toEqual(["the leader never changed"]);
    expect(findGaps([{ ...same, elected: 2 }])).toEqual([]);
  });

  test("fails if less than half was answered, or nothing", () => {
    expect(findGaps([{ ...outcome, asked: 10, answered: 4 }])).toEqual([
      "only 4 of 10 requests were answered",
    ]);
    expect(findGaps([{ ...outcome, answered: 0 }])).toEqual(["no request was answered"]);
  });

  test("fails if a process that was byzantine never deviated", () => {
    const idle = { ...outcome, deviations: { late: 0, silent: 3 } };
    const strikes = Object.fromEntries(processVerbs.map((verb) => [verb, { keeper: 1 }]));
    const outcomes = Array.from({ length: 200 }, () => ({ ...idle, strikes }));
    expect(findGaps(outcomes)).toEqual(["no process that was late deviated"]);
    expect(findGaps(outcomes.slice(1))).toEqual([]);
  });

  test("fails if a verb never struck in many runs", () => {
    const others = processVerbs.filter((verb) => verb !== "drift");
    const strikes = Object.fromEntries(others.map((verb) => [verb, { keeper: 1 }]));
    const outcomes = Array.from({ length: 20 }, () => ({ ...outcome, strikes }));
    expect(findGaps(outcomes)).toEqual(["no fault was drift"]);
  });
});

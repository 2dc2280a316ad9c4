/** Protocols and the chain under one schedule: small runs, what is answered, and what the answers are worth. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runOrder } from "../../../src/sim/cap/entrants.ts";
import { phasesOf, usualSchedule, usualScheduleTimes } from "../../../src/sim/cap/schedule.ts";
import { type Scorecard, scorecardOf } from "../../../src/sim/cap/scorecard.ts";
import { networkOf } from "../process-world/cluster.ts";

const names = ["n1", "n2", "n3", "n4", "n5", "n6", "n7"];
const times = { phaseMs: 8_000, downMs: 8_000, wholeMs: 5_000 };

function cardOf(protocol: string, seed = "1"): Scorecard {
  const faults = usualSchedule(names, times);
  const network = networkOf(names.length);
  return scorecardOf(
    protocol,
    runOrder({ protocol, seed, network, faults, wholeMs: times.wholeMs }),
  );
}

/** Answered writes of all that ended, a side each. */
function writesIn({ phases }: Scorecard, letter: string): readonly string[] {
  const phase = phases.find((each) => each.letter === letter);
  return phase!.sides.map(({ writes: { answered, of } }) => {
    if (of === 0) return "nothing ended";
    return answered === of ? "all" : answered === 0 ? "none" : `${answered} of ${of}`;
  });
}

test("the usual schedule is the preset cap, fault by fault", () => {
  const preset: unknown = JSON.parse(readFileSync("config/faults/cap.json", "utf8"));
  expect(usualSchedule(names, usualScheduleTimes)).toEqual(preset);
});

test("phases are the whole beginning and each stretch with faults; two at once are one", () => {
  const crash = { verb: "crash", node: "n1", moment: "at-once" } as const;
  const faults = [
    { ...crash, atMs: 1_000, lastsMs: 2_000 },
    { verb: "isolate", node: "n2", atMs: 2_000, lastsMs: 2_000 } as const,
    { verb: "restart", node: "n3", atMs: 6_000, lastsMs: 0 } as const,
  ];
  const phases = phasesOf(faults, 10_000).map(({ letter, fromMs, toMs, faults: on }) => {
    return [letter, fromMs, toMs, on.length];
  });
  expect(phases).toEqual([
    ["A", 0, 1_000, 0],
    ["B", 1_000, 2_000, 1],
    ["C", 2_000, 3_000, 2],
    ["D", 3_000, 4_000, 1],
  ]);
});

test("Raft answers where a majority is, stays linearizable, and trusts a byzantine node", () => {
  const card = cardOf("raft");
  expect(writesIn(card, "A")).toEqual(["all"]);
  expect(writesIn(card, "C")).toEqual(["none", "all"]);
  expect(writesIn(card, "D")).toEqual(["all"]);
  expect(card.phases.find(({ letter }) => letter === "D")!.down).toHaveLength(1);
  expect(card.beforeLies.outcome).toBe("linearizable");
  expect(card.judgement).toMatchObject({ outcome: "refused", isExact: true });
  // Not a node more than the byzantine node is left out of the sides.
  expect(card.phases.at(-1)!.sides.map(({ names: own }) => own)).toEqual([names.slice(0, 6)]);
});

test("proof of work answers on every side, contradicts itself, and takes answers back", () => {
  const card = cardOf("proof-of-work");
  for (const letter of ["B", "C", "D"]) {
    expect(writesIn(card, letter).every((side) => side === "all")).toBe(true);
  }
  const halves = card.phases.find(({ letter }) => letter === "C")!;
  expect(halves.disagreeing).toBeGreaterThan(0);
  expect(card.takenBack).toBeGreaterThan(0);
  expect(card.depth).toBeGreaterThan(1);
  expect(card.disagreeing).toBe(0);
  expect(card.beforeLies.outcome).toBe("refused");
  expect(card.phases.map(({ fabricated }) => fabricated)).toEqual([0, 0, 0, 0, 0, 0]);
});

test("the single copy answers beside it only, and a byzantine node reaches only its own client", () => {
  const card = cardOf("single-copy");
  expect(writesIn(card, "C")).toEqual(["all", "none"]);
  expect(card.judgement.outcome).toBe("linearizable");
});

test("last-writer passes on what a byzantine node invented", () => {
  const card = cardOf("last-writer");
  expect(card.phases.at(-1)!.fabricated).toBeGreaterThan(0);
  expect(card.phases.slice(0, -1).map(({ fabricated }) => fabricated)).toEqual([0, 0, 0, 0, 0]);
});

test("the same seed gives the same scorecard, another seed another one", () => {
  const first = JSON.stringify(cardOf("single-copy"));
  expect(JSON.stringify(cardOf("single-copy"))).toBe(first);
  expect(JSON.stringify(cardOf("single-copy", "2"))).not.toBe(first);
});

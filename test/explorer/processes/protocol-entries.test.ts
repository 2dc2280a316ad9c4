import { describe, expect, test } from "vitest";
import { entries } from "../../../src/explorer/catalogue.ts";
import { Exploration } from "../../../src/explorer/engine/explore.ts";
import { protocols } from "../../../src/protocols/catalogue.ts";

/** @param values in place of the usual ones. */
function search(
  name: string,
  values: Readonly<Record<string, number | string>>,
  statesMax: number,
) {
  const entry = entries.find((each) => each.name === name || each.name === `${name}-protocol`);
  if (entry === undefined) throw new Error(`there is no entry for ${name}`);
  const usual = Object.entries(entry.parameters).map(([key, { initial }]) => [key, initial]);
  const chosen = { ...Object.fromEntries(usual), ...values };
  const exploration = new Exploration(entry.create(chosen), {
    statesMax,
    isSymmetric: false,
    endsAtViolation: true,
  });
  while (exploration.advance(1_000));
  return { exploration, expected: entry.expects(chosen) };
}

/** A step that tosses a coin has two outcomes, and a move of the explorer has one. */
const searched = protocols.filter(({ workload }) => workload !== "bit");

test.each(searched.map(({ name }) => name))("%s can be searched by its name", (name) => {
  const { exploration, expected } = search(name, { nodes: 2, clients: 1, timeouts: 1 }, 20_000);
  expect(exploration.counts.unique).toBeGreaterThan(4);
  if (expected.type === "kept") expect(exploration.violations).toEqual([]);
});

describe("Raft without clocks", () => {
  const twoElections = { nodes: 3, clients: 0, timeouts: 2, eras: 1, crashes: 1 };

  test("elects, replicates and answers, with two processes", () => {
    const { exploration } = search("raft", { nodes: 2, clients: 1, timeouts: 2 }, 20_000);
    expect(exploration.counts).toEqual({ unique: 1296, generated: 2673, depth: 18 });
    expect(exploration.goals.length).toBe(1);
    expect(exploration.violations).toEqual([]);
  });

  test("a vote that no disk keeps gives a term two leaders, in eleven moves at the least", () => {
    const { exploration } = search(
      "raft",
      { ...twoElections, mutant: "vote-not-durable" },
      300_000,
    );
    const [found] = exploration.violations;
    expect(found?.name).toContain("election safety");
    expect(found && exploration.traceTo(found).moves.length).toBe(11);
  });
});

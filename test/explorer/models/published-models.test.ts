/** The explorer proves itself: it counts what TLC and Stateright published, to the digit. */

import { describe, expect, test } from "vitest";
import { entries } from "../../../src/explorer/catalogue.ts";
import { explore } from "../../../src/explorer/engine/explore.ts";
import { actorPaxos } from "../../../src/explorer/models/actor-paxos.ts";
import { grayLamportCommit } from "../../../src/explorer/models/gray-lamport-commit.ts";
import { publishedModels } from "../../../src/explorer/models/published-models.ts";
import { quorumRegister } from "../../../src/explorer/models/quorum-register.ts";
import { singleCopy } from "../../../src/explorer/models/single-copy.ts";

const cases = entries.flatMap(({ name, create, published }) => {
  return published.map(({ values, counts, source }) => ({ name, create, values, counts, source }));
});

test.each(cases)("$name with $values has as many states as in $source", (each) => {
  const exploration = explore(each.create(each.values));
  expect(exploration.ending).toBe("complete");
  expect(exploration.counts).toMatchObject(each.counts);
  expect(exploration.violations).toEqual([]);
  expect(exploration.goals.length).toBe(each.create(each.values).goals.length);
});

test("every published model is compared with at least one published count", () => {
  const compared = new Set(cases.map(({ name }) => name));
  expect([...compared].sort()).toEqual(publishedModels.map(({ name }) => name).sort());
});

describe("two copies that never speak", () => {
  const exploration = explore(singleCopy({ servers: 2, clients: 2, post: "bag" }));

  test("have 62 states, all of them visited although a promise is broken in one", () => {
    expect(exploration.counts.unique).toBe(62);
  });

  test("let a client miss its own write after four deliveries, and not sooner", () => {
    const [violation] = exploration.violations;
    expect(violation!.name).toBe("linearizable");
    expect(exploration.traceTo(violation!).moves).toEqual([
      '2 → 0: put request 2 value "A"',
      "0 → 2: put-ok request 2",
      "2 → 1: get request 4",
      '1 → 2: get-ok request 4 value ""',
    ]);
  });
});

test("a value is read in actor-paxos after eight deliveries, as Stateright found", () => {
  const exploration = explore(actorPaxos({ servers: 3, clients: 1, post: "bag" }));
  const { moves, states } = exploration.traceTo(exploration.goals[0]!);
  expect(moves.length).toBe(8);
  expect(states.length).toBe(9);
});

test.each(["bag", "fifo"] as const)("a quorum register keeps its promise over a %s", (post) => {
  const exploration = explore(quorumRegister({ servers: 2, clients: 2, post }));
  expect(exploration.violations).toEqual([]);
  expect(exploration.goals.length).toBe(1);
  // Of a fifo it is our own count: messages in another order are another state.
  expect(exploration.counts.unique).toBe(post === "bag" ? 544 : 564);
});

describe("symmetry", () => {
  const symmetric = entries.filter(({ asymmetry }) => asymmetry === undefined);

  test("is offered where the model has a representative, and only there", () => {
    for (const { parameters, create, asymmetry } of entries) {
      const initial = Object.entries(parameters).map(([name, each]) => [name, each.initial]);
      const model = create(Object.fromEntries(initial));
      expect(model.representative === undefined).toBe(asymmetry !== undefined);
    }
    expect(symmetric.length).toBe(3);
  });

  test("counts each orbit of managers once: as many as there are multisets of their records", () => {
    const model = grayLamportCommit(4);
    const orbits = new Set<string>();
    const all = explore(model);
    // Each state of the full search, with its managers in every order, belongs to one orbit.
    for (let state = 0; state < all.counts.unique; state++) {
      const reached = all.traceTo({ name: "", state }).states.at(-1)!;
      const managers = reached.managers.map((each) => JSON.stringify(each)).sort();
      orbits.add(JSON.stringify([reached.coordinator, reached.order, managers]));
    }
    const reduced = explore(model, { isSymmetric: true });
    expect(reduced.counts.unique).toBe(orbits.size);
    expect(reduced.counts.unique).toBeLessThan(all.counts.unique);
    expect(reduced.counts.depth).toBe(all.counts.depth);
  });

  test.each(symmetric)("of $name keeps depth, goals and promises", ({ create, published }) => {
    const model = create(published[0]!.values);
    const all = explore(model);
    const reduced = explore(model, { isSymmetric: true });
    expect(reduced.counts.unique).toBeLessThan(all.counts.unique);
    expect(reduced.counts.depth).toBe(all.counts.depth);
    expect(reduced.violations).toEqual([]);
    expect(reduced.goals.length).toBe(all.goals.length);
  });
});

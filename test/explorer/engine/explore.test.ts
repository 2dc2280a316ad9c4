import { describe, expect, test } from "vitest";
import { Exploration, explore } from "../../../src/explorer/engine/explore.ts";
import type { Model } from "../../../src/explorer/engine/model.ts";
import { lamportPaxos } from "../../../src/explorer/models/lamport-paxos.ts";

type Jugs = readonly [small: number, large: number];

/** Two jugs of 3 and 5 litres: how to measure out 4? The classic of shortest ways. */
function jugs(promise: (state: Jugs) => boolean = () => true): Model<Jugs> {
  return {
    initial: () => [[0, 0]],
    moves: ([small, large], visit) => {
      visit("fill small", [3, large]);
      visit("fill large", [small, 5]);
      visit("empty small", [0, large]);
      visit("empty large", [small, 0]);
      const toLarge = Math.min(small, 5 - large);
      visit("small to large", [small - toLarge, large + toLarge]);
      const toSmall = Math.min(large, 3 - small);
      visit("large to small", [small + toSmall, large - toSmall]);
    },
    encode: (state, words) => words.pushList(state),
    promises: [{ name: "never 4 litres", holds: promise }],
    goals: [{ name: "both full", holds: ([small, large]) => small === 3 && large === 5 }],
    show: (state) => state,
  };
}

/** Counts up to a limit, where no move is left. */
function counter(limit: number): Model<number> {
  return {
    initial: () => [0],
    moves: (state, visit) => {
      if (state < limit) visit("add 1", state + 1);
    },
    encode: (state, words) => words.push(state),
    promises: [],
    goals: [],
    show: (state) => state,
  };
}

describe("a search", () => {
  test("finds the shortest way to a broken promise", () => {
    const exploration = explore(jugs(([, large]) => large !== 4));
    const { moves, states } = exploration.traceTo(exploration.violations[0]!);
    expect(moves.length).toBe(6);
    expect(states.at(0)).toEqual([0, 0]);
    expect(states.at(-1)).toEqual([3, 4]);
  });

  test("visits all 16 states of the jugs, with six moves from each and one initial state", () => {
    const { counts, ending } = explore(jugs());
    expect(counts).toMatchObject({ unique: 16, generated: 16 * 6 + 1 });
    expect(ending).toBe("complete");
  });

  test("ends at the first broken promise if it is asked to", () => {
    const exploration = explore(
      jugs(([, large]) => large !== 4),
      { endsAtViolation: true },
    );
    expect(exploration.ending).toBe("violation");
    expect(exploration.counts.unique).toBeLessThan(16);
    expect(exploration.traceTo(exploration.violations[0]!).moves.length).toBe(6);
  });

  test("reports the first state that reaches a goal", () => {
    const exploration = explore(jugs());
    expect(exploration.traceTo(exploration.goals[0]!).moves.length).toBe(2);
  });

  test("counts the depth in states, the first one included", () => {
    expect(explore(counter(6)).counts).toEqual({ unique: 7, generated: 7, depth: 7 });
  });

  test("knows the states that no move leads out of", () => {
    const exploration = explore(counter(6));
    expect(exploration.withoutMoves).toEqual({ count: 1, first: 6 });
    expect(explore(jugs()).withoutMoves).toEqual({ count: 0, first: undefined });
  });

  test("finds a promise broken at the beginning, after no move", () => {
    const exploration = explore(jugs(() => false));
    expect(exploration.traceTo(exploration.violations[0]!).moves).toEqual([]);
  });

  test("finds a broken step, also one that leads to a known state", () => {
    const exploration = explore(jugs(), {
      stepPromises: [{ name: "nothing is poured away", holds: ([a, b], [c, d]) => c + d >= a + b }],
    });
    const trace = exploration.traceTo(exploration.violations[0]!);
    expect(trace.moves).toEqual(["fill small", "empty small"]);
    expect(trace.states.at(-1)).toEqual([0, 0]);
  });

  test("keeps to the greatest number of states, and says how many wait", () => {
    const exploration = explore(counter(1_000_000), { statesMax: 100 });
    expect(exploration.ending).toBe("states");
    expect(exploration.counts.unique).toBe(100);
  });

  test("is complete if the number of states is just the greatest", () => {
    expect(explore(counter(99), { statesMax: 100 }).ending).toBe("complete");
  });

  test("can be done in portions with the same result", () => {
    const model = lamportPaxos({ acceptors: 3, values: 2, ballots: 2 });
    const exploration = new Exploration(model);
    let portions = 0;
    while (exploration.advance(100)) portions += 1;
    expect(portions).toBeGreaterThan(30);
    expect(exploration.counts).toEqual(explore(model).counts);
    expect(exploration.waiting).toBe(0);
  });
});

test("counts are those of a search that keeps every state as it is", () => {
  const model = lamportPaxos({ acceptors: 3, values: 1, ballots: 3 });
  const known = new Set<string>();
  let generated = 1;
  const waiting = [...model.initial()];
  known.add(JSON.stringify(waiting[0]));
  for (const state of waiting) {
    model.moves(state, (_, successor) => {
      generated += 1;
      const key = JSON.stringify(successor);
      if (known.has(key)) return;
      known.add(key);
      waiting.push(successor);
    });
  }
  expect(explore(model).counts).toMatchObject({ unique: known.size, generated });
  expect(known.size).toBeGreaterThan(10_000);
});

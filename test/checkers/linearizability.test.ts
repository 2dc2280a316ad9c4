/** Linearizability: small histories drawn as lanes, and random ones beside a check that tries every order. */

import { describe, expect, test } from "vitest";
import { type HistoryEvent, type Operation, operationsOf } from "../../src/checkers/history.ts";
import { checkLinearizability, LinearizabilityCheck } from "../../src/checkers/linearizability.ts";
import type { ModelName } from "../../src/checkers/model.ts";
import {
  createHistory,
  type HistoryShape,
  withChanges,
} from "../../src/experiments/checkers/random-history.ts";
import { createRandom } from "../../src/primitives/random.ts";
import { isLinearizable, longestPrefix } from "./brute-force.ts";

function operationsIn(events: readonly HistoryEvent[]): readonly Operation[] {
  const operations = operationsOf(events);
  if (!operations.ok) throw new Error(operations.problem.reason);
  return operations.value;
}

/** Events such as `0 invoke write 1`, `1 ok read 1`, `2 fail cas 1 2`; `nil` is null. */
function history(...lines: readonly string[]): readonly HistoryEvent[] {
  return lines.map((line) => {
    const [process, type, f, ...words] = line.split(" ");
    const values = words.map((word) => (word === "nil" ? null : Number(word)));
    const value = f === "cas" ? values : (values[0] ?? null);
    return { process: Number(process), type, f, key: "x", value } as HistoryEvent;
  });
}

function judge(model: ModelName, ...lines: readonly string[]) {
  return checkLinearizability(operationsIn(history(...lines)), { model });
}

describe("a register", () => {
  test("may be read old or new while a write is open, but not old after new", () => {
    const written = ["0 invoke write 1", "1 invoke read", "1 ok read 1", "1 invoke read"];
    expect(judge("register", ...written, "1 ok read 1").outcome).toBe("linearizable");
    const verdict = judge("register", ...written, "1 ok read nil", "0 ok write 1");
    expect(verdict).toMatchObject({
      outcome: "refused",
      refusal: { longestPrefix: 4, isExact: true, operation: { invokedAt: 3, returnedAt: 4 } },
    });
  });

  test("keeps 0, '', false and null apart", () => {
    for (const written of [0, "", false]) {
      for (const read of [0, "", false, null]) {
        const events: readonly HistoryEvent[] = [
          { process: 0, type: "invoke", f: "write", key: "x", value: written },
          { process: 0, type: "ok", f: "write", key: "x", value: written },
          { process: 0, type: "invoke", f: "read", key: "x", value: null },
          { process: 0, type: "ok", f: "read", key: "x", value: read },
        ];
        const { outcome } = checkLinearizability(operationsIn(events), { model: "register" });
        expect(outcome, `${written} ${read}`).toBe(written === read ? "linearizable" : "refused");
      }
    }
  });

  test("may get a write of unknown outcome at any later time, but only once", () => {
    const lost = ["0 invoke write 1", "0 info write 1", "1 invoke write 2", "1 ok write 2"];
    const reads = (...values: readonly number[]): readonly string[] => {
      return values.flatMap((value) => ["1 invoke read", `1 ok read ${value}`]);
    };
    expect(judge("register", ...lost, ...reads(2, 2, 1, 1)).outcome).toBe("linearizable");
    expect(judge("register", ...lost, ...reads(1, 2)).outcome).toBe("refused");
  });
});

test("a cas that found another value tells something, and one that did not take place nothing", () => {
  const start = ["0 invoke write 1", "0 ok write 1", "0 invoke cas 1 2"];
  expect(judge("cas", ...start, "0 fail cas 1 2").outcome).toBe("refused");
  const events = history(...start, "0 fail cas 1 2");
  const unplaced = events.map((event) =>
    event.type === "fail" ? { ...event, error: "full" } : event,
  );
  const { outcome } = checkLinearizability(operationsIn(unplaced), { model: "cas" });
  expect(outcome).toBe("linearizable");
});

test("the first key whose history breaks is named, whichever is decided first", () => {
  const keyed = (key: string, events: readonly HistoryEvent[]): readonly HistoryEvent[] => {
    return events.map((event) => ({ ...event, key }));
  };
  const wrong = history("0 invoke read", "0 ok read 7");
  const events = [
    ...keyed("a", history("0 invoke read", "0 ok read nil")),
    ...keyed("b", wrong),
    ...keyed("a", wrong),
  ];
  const verdict = checkLinearizability(operationsIn(events), { model: "register" });
  expect(verdict).toMatchObject({ outcome: "refused", refusal: { key: "b", longestPrefix: 3 } });
});

/** Every kind of history that a small one can be; the seed says which. */
function smallHistory(seed: number): {
  shape: HistoryShape;
  changes: number;
  events: readonly HistoryEvent[];
} {
  const random = createRandom(seed);
  const shape: HistoryShape = {
    model: random.pick(["register", "cas", "append"]),
    clients: 1 + random.nextBelow(5),
    operations: 2 + random.nextBelow(9),
    keys: 1 + random.nextBelow(2),
    values: random.pick([0, 2, 3, 4, 6]),
    unknown: random.pick([0, 0.1, 0.3, 0.5]),
    reads: random.pick([0.3, 0.5, 0.7]),
  };
  const changes = random.nextBelow(3);
  return { shape, changes, events: withChanges(createHistory(shape, random), changes, random) };
}

describe("3,000 random histories", () => {
  const seeds = Array.from({ length: 3_000 }, (_, i) => i + 1);

  test("are judged as trying every order judges them, with the same longest prefix", () => {
    let refused = 0;
    for (const seed of seeds) {
      const { shape, changes, events } = smallHistory(seed);
      const isText = shape.model === "append";
      const verdict = checkLinearizability(operationsIn(events), { model: shape.model });
      const isRight = isLinearizable(events, isText);
      expect(verdict.outcome, `seed ${seed}`).toBe(isRight ? "linearizable" : "refused");
      if (changes === 0) expect(isRight, `seed ${seed}: a store's own history`).toBe(true);
      if (verdict.outcome !== "refused") continue;
      refused++;
      const { refusal } = verdict;
      expect(refusal.longestPrefix, `seed ${seed}`).toBe(longestPrefix(events, isText));
      expect(refusal.operation.returnedAt, `seed ${seed}`).toBe(refusal.longestPrefix);
    }
    // A check that never refuses, and changes that never break anything, would be seen here.
    expect(refused).toBeGreaterThan(300);
  });
});

describe("50 clients", () => {
  const shape = {
    clients: 50,
    operations: 2_000,
    keys: 2,
    values: 0,
    unknown: 0.3,
    reads: 0.5,
  } as const;

  test.each(["register", "cas", "append"] as const)(
    "of a %s, hundreds of operations open",
    (model) => {
      const random = createRandom(5);
      const events = createHistory({ ...shape, model }, random);
      const operations = operationsIn(events);
      const check = new LinearizabilityCheck(operations, { model });
      let verdict = check.advance();
      while (verdict === undefined) verdict = check.advance();
      expect(verdict.outcome).toBe("linearizable");
      expect(operations.filter(({ outcome }) => outcome === "unknown").length).toBeGreaterThan(500);
      // Without the rules of the search one open write would double what is to be met, and each more again.
      expect(check.configurations).toBeLessThan(20_000);

      const changed = operationsIn(withChanges(events, 20, random));
      expect(checkLinearizability(changed, { model }).outcome).toBe("refused");
    },
  );

  test("whose history is too hard for the memory are not judged, neither right nor wrong", () => {
    const hard = { ...shape, model: "append", values: 4, unknown: 0 } as const;
    const operations = operationsIn(createHistory(hard, createRandom(5)));
    const verdict = checkLinearizability(operations, { model: "append", memory: 2 ** 20 });
    expect(verdict).toEqual({ outcome: "undecided", keys: ["k0", "k1"] });
  });
});

test("a check that is given up says which keys are not known", () => {
  const operations = operationsIn(history("0 invoke read", "0 ok read nil"));
  const check = new LinearizabilityCheck(operations, { model: "register" });
  expect(check.giveUp()).toEqual({ outcome: "undecided", keys: ["x"] });
});

import { describe, expect, test } from "vitest";
import { Numbering, PairMemory, plainKey } from "../../../src/explorer/engine/numbering.ts";

describe("a key of plain data", () => {
  test.each([
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{ a: 1, b: undefined }, { a: 1 }],
    [new Set([1, 2]), new Set([2, 1])],
    [
      new Map([
        ["x", 1],
        ["y", 2],
      ]),
      new Map([
        ["y", 2],
        ["x", 1],
      ]),
    ],
    [Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
  ])("is the same for equal values: %o and %o", (a, b) => {
    expect(plainKey(a)).toBe(plainKey(b));
  });

  test("differs for all others, also for those that look alike", () => {
    const values = [
      ...[0, -0, "0", 0n, false, "", "false", null, "null", undefined, NaN, [], {}, [[]], [0]],
      ...[["a", "b"], ["a,b"], { a: "b" }, { "a:b": 1 }, [1, 2], [12], new Set([1]), new Map()],
      ...[Uint8Array.of(1), Uint8Array.of(1, 2), Uint8Array.of(12), "bytes(1)", new Set()],
    ];
    expect(new Set(values.map(plainKey)).size).toBe(values.length);
  });

  test.each([() => 1, Symbol("s"), new Date(0), new (class Machine {})()])(
    "is refused for what is no plain data: %o",
    (value) => {
      expect(() => plainKey([value])).toThrow("a state is plain data and cannot hold a");
    },
  );
});

test("equal values get one number, and a number gives the value back", () => {
  const numbering = new Numbering<{ readonly x: number }>();
  expect(numbering.numberOf({ x: 1 })).toBe(0);
  expect(numbering.numberOf({ x: 2 })).toBe(1);
  expect(numbering.numberOf({ x: 1 })).toBe(0);
  expect(numbering.valueOf(1)).toEqual({ x: 2 });
  expect(() => numbering.valueOf(2)).toThrow("no value has the number 2");
});

test("a pair is computed once, also if the result is undefined", () => {
  const memory = new PairMemory<number | undefined>();
  let computed = 0;
  const compute = (): undefined => {
    computed += 1;
  };
  for (let i = 0; i < 3; i++) expect(memory.get(1, 2, compute)).toBe(undefined);
  memory.get(2, 1, compute);
  expect(computed).toBe(2);
});

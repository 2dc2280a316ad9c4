import { describe, expect, test } from "vitest";
import {
  begin,
  emptyHistory,
  end,
  type History,
  isLinearizable,
  withdraw,
} from "../../../src/explorer/engine/history.ts";

type Operation = { readonly write: number } | "read";
type RegisterHistory = History<Operation, number>;

const register = {
  initial: 0,
  apply: (state: number, operation: Operation) => {
    return operation === "read" ? { state, answer: state } : { state: operation.write, answer: -1 };
  },
};

/** Lines such as "0 begins 5" (a write), "0 begins read", "0 ends 5". */
function told(...lines: readonly string[]): RegisterHistory {
  return lines.reduce<RegisterHistory>((history, line) => {
    const [client = "", verb, what = ""] = line.split(" ");
    if (verb === "withdraws") return withdraw(history, Number(client));
    if (verb === "ends") return end(history, Number(client), Number(what));
    return begin(history, Number(client), what === "read" ? what : { write: Number(what) });
  }, emptyHistory<Operation, number>(3));
}

describe("a history is linearizable", () => {
  test.each([
    ["nothing happened", []],
    ["a read misses a write that goes on", ["0 begins 5", "1 begins read", "1 ends 0"]],
    ["a read sees a write that goes on", ["0 begins 5", "1 begins read", "1 ends 5"]],
    [
      "two reads see an open write in order",
      ["0 begins 5", "1 begins read", "1 ends 0", "1 begins read", "1 ends 5"],
    ],
    ["a write and then its read", ["0 begins 5", "0 ends -1", "1 begins read", "1 ends 5"]],
  ])("%s", (_, lines) => {
    expect(isLinearizable(told(...lines), register)).toBe(true);
  });
});

describe("a history is not linearizable", () => {
  test.each([
    ["a value from nowhere", ["1 begins read", "1 ends 7"]],
    ["a read misses a write that ended", ["0 begins 5", "0 ends -1", "1 begins read", "1 ends 0"]],
    [
      "a later read sees the earlier value again",
      ["0 begins 5", "1 begins read", "1 ends 5", "2 begins read", "2 ends 0"],
    ],
    ["a read before the write began", ["1 begins read", "1 ends 5", "0 begins 5"]],
    [
      "a read of a write that was withdrawn",
      ["0 begins 5", "0 withdraws", "1 begins read", "1 ends 5"],
    ],
  ])("%s", (_, lines) => {
    expect(isLinearizable(told(...lines), register)).toBe(false);
  });
});

test("what was not begun cannot end", () => {
  expect(() => told("1 ends 5")).toThrow("client 1 has no open operation");
});

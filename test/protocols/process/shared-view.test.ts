/** Compares views that show the same, and others. */

import { expect, test } from "vitest";
import type { ProcessView } from "../../../src/protocols/process/protocol.ts";
import {
  lookAlike,
  noDecisions,
  nothingBlocked,
  remembering,
} from "../../../src/protocols/process/shared-view.ts";

const cells = [{ era: 1, command: "a" }];

function viewWith(changes: Partial<ProcessView> = {}): ProcessView {
  const log = { firstIndex: 1, cells, committed: 0, applied: 0 };
  const role = { role: "follower", era: 1, isLeader: false };
  return { ...role, log, decisions: noDecisions, blocked: nothingBlocked, ...changes };
}

test("what shows the same looks alike", () => {
  expect(lookAlike(viewWith(), viewWith())).toBe(true);
  const listedAnew = { log: { firstIndex: 1, cells: [...cells], committed: 0, applied: 0 } };
  expect(lookAlike(viewWith(), viewWith(listedAnew))).toBe(true);
});

const log = { firstIndex: 1, cells, committed: 0, applied: 0 };

test.each<Partial<ProcessView>>([
  { role: "leader" },
  { era: 2 },
  { isLeader: true },
  { votedFor: "n1" as NonNullable<ProcessView["votedFor"]> },
  { log: { ...log, firstIndex: 2 } },
  { log: { ...log, cells: cells.map((cell) => ({ ...cell })) } },
  { log: { ...log, cells: [...cells, ...cells] } },
  { log: { ...log, committed: 1 } },
  { log: { ...log, applied: 1 } },
  { decisions: { t1: "commit" } },
  { blocked: ["t1"] },
])("another %j does not", (changes) => {
  expect(lookAlike(viewWith(), viewWith(changes))).toBe(false);
  expect(lookAlike(viewWith(changes), viewWith(changes))).toBe(true);
});

test("what is made of an object is made once", () => {
  let count = 0;
  const lengthOf = remembering((list: readonly unknown[]) => {
    count += 1;
    return list.length;
  });
  const list = [1, 2];
  expect([lengthOf(list), lengthOf(list), lengthOf([1])]).toEqual([2, 2, 1]);
  expect(count).toBe(2);
});

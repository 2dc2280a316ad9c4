/** Looks at states that look the same, and at others. */

import { expect, test } from "vitest";
import type { ProcessView } from "../../../src/protocols/process/protocol.ts";
import {
  noDecisions,
  nothingBlocked,
  remembering,
  sharedView,
} from "../../../src/protocols/process/shared-view.ts";

const cells = [{ era: 1, command: "a" }];

function viewWith(changes: Partial<ProcessView> = {}): ProcessView {
  const log = { firstIndex: 1, cells, committed: 0, applied: 0 };
  const role = { role: "follower", era: 1, isLeader: false };
  return { ...role, log, decisions: noDecisions, blocked: nothingBlocked, ...changes };
}

test("what looks the same is the same object, with the same part only", () => {
  const part = {};
  const first = sharedView(part, viewWith());
  expect(sharedView(part, viewWith())).toBe(first);
  expect(sharedView({}, viewWith())).not.toBe(first);
});

const log = { firstIndex: 1, cells, committed: 0, applied: 0 };

test.each<Partial<ProcessView>>([
  { role: "leader" },
  { era: 2 },
  { isLeader: true },
  { votedFor: "n1" as NonNullable<ProcessView["votedFor"]> },
  { log: { ...log, firstIndex: 2 } },
  { log: { ...log, cells: [...cells] } },
  { log: { ...log, committed: 1 } },
  { log: { ...log, applied: 1 } },
  { decisions: { t1: "commit" } },
  { blocked: ["t1"] },
])("another %j is another view, and the next one may share that", (changes) => {
  const part = {};
  const first = sharedView(part, viewWith());
  const second = sharedView(part, viewWith(changes));
  expect(second).not.toBe(first);
  expect(second).toEqual(viewWith(changes));
  expect(sharedView(part, viewWith(changes))).toBe(second);
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

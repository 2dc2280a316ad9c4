/** Who takes part in a lab. */

import { expect, test } from "vitest";
import { makeRoster, minersOf, participantsMax } from "../../../src/lab/nodes/roster.ts";

test("the smallest lab has four miners, a shop and an observer", () => {
  const roster = makeRoster(6);
  expect(minersOf(roster)).toEqual(["alice", "bob", "carol", "mallory"]);
  expect(roster.map(({ role }) => role).slice(4)).toEqual(["shop", "observer"]);
});

test("everybody in the largest lab has a name of their own", () => {
  const names = makeRoster(participantsMax).map(({ name }) => name);
  expect(new Set(names).size).toBe(participantsMax);
});

test("a lab that is too small or too large is refused", () => {
  expect(() => makeRoster(5)).toThrow(RangeError);
  expect(() => makeRoster(participantsMax + 1)).toThrow(RangeError);
});

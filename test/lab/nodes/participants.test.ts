/** Who takes part in a lab. */

import { expect, test } from "vitest";
import {
  makeParticipants,
  minersOf,
  participantsMax,
} from "../../../src/lab/nodes/participants.ts";

test("the smallest lab has four miners, a shop and an observer", () => {
  const participants = makeParticipants(6);
  expect(minersOf(participants)).toEqual(["alice", "bob", "carol", "mallory"]);
  expect(participants.map(({ role }) => role).slice(4)).toEqual(["shop", "observer"]);
});

test("everybody in the largest lab has a name of their own", () => {
  const names = makeParticipants(participantsMax).map(({ name }) => name);
  expect(new Set(names).size).toBe(participantsMax);
});

test("a lab that is too small or too large is refused", () => {
  expect(() => makeParticipants(5)).toThrow(RangeError);
  expect(() => makeParticipants(participantsMax + 1)).toThrow(RangeError);
});

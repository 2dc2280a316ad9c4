/** The race as bars. */

import { expect, test } from "vitest";
import { raceBars } from "../../../src/dashboard/story/race-bars.ts";

test("the longest of both branches and the goal fills its bar", () => {
  const race = { secretBlocks: 3, publicBlocks: 6, lead: -3 };
  expect(raceBars(race, 2)).toEqual({
    secret: 0.5,
    public: 1,
    needed: 1 / 3,
    lead: "3 blocks behind",
  });
  expect(raceBars(race, 12)).toMatchObject({ secret: 0.25, public: 0.5, needed: 1 });
});

test("the first block is a step and not a jump", () => {
  const bars = raceBars({ secretBlocks: 1, publicBlocks: 0, lead: 1 }, null);
  expect(bars).toEqual({ secret: 0.25, public: 0, needed: null, lead: "1 block ahead" });
});

test("equal branches are level", () => {
  expect(raceBars({ secretBlocks: 2, publicBlocks: 2, lead: 0 }, 2).lead).toBe("level");
});

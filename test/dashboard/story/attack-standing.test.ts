/** An attack as it stands: the last of each kind of step. */

import { expect, test } from "vitest";
import { attackStanding } from "../../../src/dashboard/story/attack-standing.ts";
import {
  doubleSpendScene,
  doubleSpendVerdict,
  eclipseScene,
  paid,
  selfishScene,
} from "./attack-steps.ts";
import { Tale } from "./tale.ts";

function standingOf(tale: Tale) {
  return attackStanding(tale.story.attack!);
}

test("the newest step of each kind counts, and what was not told is null", () => {
  const tale = new Tale().attack(doubleSpendScene()).attack(paid());
  tale.attack({ type: "race", secretBlocks: 0, publicBlocks: 1, lead: -1 });
  tale.attack({ type: "race", secretBlocks: 1, publicBlocks: 1, lead: 0 });
  expect(standingOf(tale)).toMatchObject({
    race: { secretBlocks: 1, publicBlocks: 1 },
    delivered: null,
    ending: null,
    verdict: null,
  });
});

test("the end of a double spend tells the last of its race", () => {
  const tale = new Tale().attack(doubleSpendScene()).attack(paid());
  tale.attack({ type: "race", secretBlocks: 3, publicBlocks: 1, lead: 2 });
  tale.attack({ type: "published", secretBlocks: 4, publicBlocks: 2 });
  expect(standingOf(tale)).toMatchObject({
    ending: { type: "published" },
    race: { secretBlocks: 4, publicBlocks: 2, lead: 2 },
  });
});

test("a verdict counts the branches once more, so that both tell the same", () => {
  const tale = new Tale().attack(doubleSpendScene()).attack(paid());
  tale.attack({ type: "published", secretBlocks: 3, publicBlocks: 2 });
  tale.tell({ ...doubleSpendVerdict(), outcome: "failed", secretBlocks: 3, publicBlocks: 4 });
  expect(standingOf(tale)).toMatchObject({
    ending: { publicBlocks: 2 },
    race: { secretBlocks: 3, publicBlocks: 4, lead: -1 },
  });
});

test("who runs out of time stands where the last block left the race", () => {
  const tale = new Tale().attack(doubleSpendScene()).attack(paid());
  tale.attack({ type: "race", secretBlocks: 3, publicBlocks: 4, lead: -1 });
  tale.attack({ type: "out-of-time", seconds: 90 });
  expect(standingOf(tale)).toMatchObject({ ending: { seconds: 90 }, race: { publicBlocks: 4 } });
});

test("publishing is no end of selfish mining", () => {
  const tale = new Tale().attack(selfishScene());
  tale.attack({ type: "published", secretBlocks: 2, publicBlocks: 1 });
  tale.attack({ type: "race", secretBlocks: 0, publicBlocks: 0, lead: 0 });
  expect(standingOf(tale)).toMatchObject({ ending: null, race: { secretBlocks: 0 } });
});

test("an eclipse ends with its mending, also when she ran out of time", () => {
  const tale = new Tale().attack(eclipseScene()).attack(paid());
  tale.attack({ type: "out-of-time", seconds: 180 });
  tale.attack({ type: "mended", secretBlocks: 1, publicBlocks: 70 });
  expect(standingOf(tale)).toMatchObject({
    ending: { type: "mended" },
    race: { secretBlocks: 1, publicBlocks: 70, lead: -69 },
  });
});

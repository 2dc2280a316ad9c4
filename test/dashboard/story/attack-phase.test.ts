/** The phases of an attack, as they fill. */

import { expect, test } from "vitest";
import type { DoubleSpendVerdict } from "../../../src/attacks/double-spend/words.ts";
import { phasesOf } from "../../../src/dashboard/story/attack-phase.ts";
import type { Milliseconds } from "../../../src/primitives/brand.ts";
import {
  doubleSpendScene,
  doubleSpendVerdict,
  eclipseScene,
  eclipseVerdict,
  paid,
  selfishScene,
} from "./attack-steps.ts";
import { Tale } from "./tale.ts";

function statesOf(tale: Tale) {
  const { attack } = tale.story;
  return Object.fromEntries(phasesOf(attack!).map(({ name, state }) => [name, state]));
}

function seen(confirmations: number) {
  const state = confirmations > 0 ? "confirmed" : "waiting";
  const at = 0 as Milliseconds;
  return { type: "shop", seen: { at, height: 9, state, confirmations } } as const;
}

test("at the set-up, all other phases wait", () => {
  const states = statesOf(new Tale().attack(doubleSpendScene()));
  expect(states).toEqual({
    setup: "now",
    payment: "waiting",
    race: "waiting",
    shop: "waiting",
    delivery: "waiting",
    ending: "waiting",
    verdict: "waiting",
  });
});

test("race and shop go on side by side from the payment to the publication", () => {
  const tale = new Tale().attack(doubleSpendScene()).attack(paid()).attack(seen(0));
  expect(statesOf(tale)).toMatchObject({
    setup: "done",
    payment: "done",
    race: "now",
    shop: "now",
  });
  tale.attack(seen(2)).attack({ type: "delivered", confirmations: 2 });
  expect(statesOf(tale)).toMatchObject({ race: "now", shop: "now", delivery: "done" });
  tale.attack({ type: "published", secretBlocks: 3, publicBlocks: 2 });
  expect(statesOf(tale)).toMatchObject({
    race: "done",
    shop: "done",
    ending: "done",
    verdict: "now",
  });
});

test("what has not happened by the verdict will not happen", () => {
  const verdict: DoubleSpendVerdict = { ...doubleSpendVerdict(), deliveredAt: null };
  const tale = new Tale().attack(doubleSpendScene()).attack(paid());
  tale.attack({ type: "given-up", secretBlocks: 0, publicBlocks: 4 }).tell(verdict);
  expect(statesOf(tale)).toMatchObject({ delivery: "missed", ending: "done", verdict: "done" });
});

test("an attack that is broken off has no verdict", () => {
  const tale = new Tale().attack(doubleSpendScene());
  tale.attack({ type: "broken-off", reason: "mallory has no coin" });
  expect(statesOf(tale)).toMatchObject({ setup: "done", payment: "missed", verdict: "missed" });
});

test("each phase knows when it began", () => {
  const tale = new Tale().attack(doubleSpendScene());
  const at = tale.wait(5_000).now;
  const phases = phasesOf(tale.attack(paid()).story.attack!);
  expect(phases.find(({ name }) => name === "payment")?.at).toBe(at);
  expect(phases.find(({ name }) => name === "delivery")?.at).toBeNull();
});

test("selfish mining publishes again and again, and goes on", () => {
  const tale = new Tale().attack(selfishScene());
  tale.attack({ type: "race", secretBlocks: 2, publicBlocks: 1, lead: 1 });
  tale.attack({ type: "published", secretBlocks: 2, publicBlocks: 1 });
  expect(statesOf(tale)).toEqual({ setup: "done", race: "now", verdict: "waiting" });
});

test("an eclipse has the phases of a double spend, and ends when the shop finds the others", () => {
  const tale = new Tale().attack(eclipseScene()).attack(paid()).attack(seen(2));
  tale.attack({ type: "delivered", confirmations: 2 });
  expect(statesOf(tale)).toMatchObject({ race: "now", shop: "now", ending: "waiting" });
  tale.attack({ type: "mended", secretBlocks: 2, publicBlocks: 7 });
  expect(statesOf(tale)).toMatchObject({ race: "done", ending: "done", verdict: "now" });
  expect(statesOf(tale.tell(eclipseVerdict()))).toMatchObject({ verdict: "done" });
});

test("an attack whose beginning nobody told has no phases", () => {
  const { attack } = new Tale().attack({ type: "delivered", confirmations: 2 }).story;
  expect(phasesOf(attack!)).toEqual([]);
});

/** The next attack: what is remembered of it, what the lab is told, and what stands in its way. */

import { expect, test } from "vitest";
import {
  decodePlan,
  encodePlan,
  guidedPlan,
  obstacleTo,
  optionsOf,
} from "../../../src/dashboard/story/attack-plan.ts";
import { doubleSpendScene, doubleSpendVerdict } from "./attack-steps.ts";
import { Tale } from "./tale.ts";

function lab(): Tale {
  return new Tale(["alice", "mallory", "shop", "observer"]);
}

test("a plan is remembered as it was chosen", () => {
  const plan = { ...guidedPlan, type: "selfish-mining", share: 0.42, premine: 1 } as const;
  expect(decodePlan(encodePlan(plan))).toEqual(plan);
  const other = { ...guidedPlan, type: "eclipse", confirmations: 4 } as const;
  expect(decodePlan(encodePlan(other))).toEqual(other);
});

test("what is out of bounds or no plan at all becomes the guided attack", () => {
  expect(decodePlan(null)).toEqual(guidedPlan);
  expect(decodePlan("not JSON")).toEqual(guidedPlan);
  expect(decodePlan('"text"')).toEqual(guidedPlan);
  const strange = JSON.stringify({ share: 7, confirmations: 21, giveUpBehind: "6", blocks: 30 });
  expect(decodePlan(strange)).toEqual({ ...guidedPlan, blocks: 30 });
});

test("the lab is told only what belongs to the attack", () => {
  const { share, confirmations, giveUpBehind, premine, blocks } = guidedPlan;
  const type = "double-spend";
  expect(optionsOf(guidedPlan)).toEqual({ type, share, confirmations, giveUpBehind, premine });
  const selfish = { ...guidedPlan, type: "selfish-mining" } as const;
  expect(optionsOf(selfish)).toEqual({ type: "selfish-mining", share, blocks });
  const eclipse = { ...guidedPlan, type: "eclipse" } as const;
  expect(optionsOf(eclipse)).toEqual({ type: "eclipse", share, confirmations });
});

test("nothing stands in the way while all that it takes are up", () => {
  expect(obstacleTo("double-spend", lab().story)).toBeNull();
});

test("a crashed shop stands in the way of those that would pay it", () => {
  const { story } = lab().crash("shop");
  expect(obstacleTo("double-spend", story)).toMatch(/^shop is not up/);
  expect(obstacleTo("eclipse", story)).toMatch(/^shop is not up/);
  expect(obstacleTo("selfish-mining", story)).toBeNull();
});

test("a network without mallory has nobody to attack it", () => {
  const { story } = new Tale(["alice", "shop", "observer"]);
  expect(obstacleTo("selfish-mining", story)).toMatch(/no node named mallory/);
});

test("one attack at a time: the next waits for the verdict, or for its breaking off", () => {
  const tale = lab().attack(doubleSpendScene());
  expect(obstacleTo("double-spend", tale.story)).toMatch(/under way/);
  expect(obstacleTo("double-spend", tale.tell(doubleSpendVerdict()).story)).toBeNull();
  const broken = lab().attack(doubleSpendScene());
  broken.attack({ type: "broken-off", reason: "no coin" });
  expect(obstacleTo("double-spend", broken.story)).toBeNull();
});

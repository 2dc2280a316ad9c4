/** The next attack: what is remembered of it, what the lab is told, and what stands in its way. */

import { expect, test } from "vitest";
import {
  attackIn,
  decodePlan,
  encodePlan,
  guidedPlan,
  reasonAgainstAttack,
  withChoice,
} from "../../../src/dashboard/story/attack-plan.ts";
import { doubleSpendScene, doubleSpendVerdict } from "./attack-steps.ts";
import { Tale } from "./tale.ts";

function lab(): Tale {
  return new Tale(["alice", "mallory", "shop", "observer"]);
}

test("a plan is remembered as it was chosen, of each attack", () => {
  const stubborn = { lead: true, equalFork: false, trail: 1 };
  const selfish = withChoice({ ...guidedPlan, type: "selfish-mining" }, "stubborn", stubborn);
  const plan = withChoice({ ...selfish, type: "eclipse" }, "confirmations", 4);
  expect(decodePlan(encodePlan(plan))).toEqual(plan);
  expect(plan.values["double-spend"]).toEqual(guidedPlan.values["double-spend"]);
});

test("what is out of bounds or no plan at all becomes the guided attack", () => {
  expect(decodePlan(null)).toEqual(guidedPlan);
  expect(decodePlan("not JSON")).toEqual(guidedPlan);
  expect(decodePlan('"text"')).toEqual(guidedPlan);
  const strange = { share: 0.7, confirmations: 21, giveUpBehind: "6", premine: 2, blocks: 30 };
  const values = { "double-spend": strange, "selfish-mining": { blocks: 30, stubborn: {} } };
  const { type, values: decoded } = decodePlan(JSON.stringify({ type: "bribery", values }));
  expect(type).toBe("double-spend");
  expect(decoded["double-spend"]).toEqual(guidedPlan.values["double-spend"]);
  expect(decoded["selfish-mining"]).toEqual({ share: 0.4, blocks: 30 });
});

test("the lab is told only what belongs to the attack", () => {
  expect(attackIn(guidedPlan)).toEqual({
    type: "double-spend",
    share: 0.6,
    confirmations: 2,
    giveUpBehind: 6,
    premine: 0,
  });
  expect(attackIn({ ...guidedPlan, type: "selfish-mining" })).toEqual({
    type: "selfish-mining",
    share: 0.4,
    blocks: 60,
  });
});

test("a choice that is taken back is absent", () => {
  const selfish = { ...guidedPlan, type: "selfish-mining" } as const;
  const stubborn = { lead: true, equalFork: false, trail: 0 };
  const chosen = withChoice(selfish, "stubborn", stubborn);
  expect(attackIn(chosen)).toMatchObject({ stubborn });
  expect(attackIn(withChoice(chosen, "stubborn", undefined))).toEqual(attackIn(selfish));
});

test("nothing stands in the way while all that it takes are up", () => {
  expect(reasonAgainstAttack("double-spend", lab().story)).toBeNull();
});

test("a crashed shop stands in the way of those that would pay it", () => {
  const { story } = lab().crash("shop");
  expect(reasonAgainstAttack("double-spend", story)).toMatch(/^shop is not up/);
  expect(reasonAgainstAttack("eclipse", story)).toMatch(/^shop is not up/);
  expect(reasonAgainstAttack("selfish-mining", story)).toBeNull();
});

test("a network without mallory has nobody to attack it", () => {
  const { story } = new Tale(["alice", "shop", "observer"]);
  expect(reasonAgainstAttack("selfish-mining", story)).toMatch(/no node named mallory/);
});

test("one attack at a time: the next waits for the verdict, or for its breaking off", () => {
  const tale = lab().attack(doubleSpendScene());
  expect(reasonAgainstAttack("double-spend", tale.story)).toMatch(/under way/);
  expect(reasonAgainstAttack("double-spend", tale.tell(doubleSpendVerdict()).story)).toBeNull();
  const broken = lab().attack(doubleSpendScene());
  broken.attack({ type: "broken-off", reason: "no coin" });
  expect(reasonAgainstAttack("double-spend", broken.story)).toBeNull();
});

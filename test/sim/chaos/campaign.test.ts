/** Many runs together: a kind of fault that never struck does not go unnoticed. */

import { expect, test } from "vitest";
import { chainVerbs } from "../../../src/sim/chain-world/chain-faults.ts";
import { judgedRunsMin, neverStruck, strikesOf } from "../../../src/sim/chaos/campaign.ts";
import { planChaos } from "../../../src/sim/chaos/plan.ts";

/** Runs in which all that was planned struck. */
function runs(count: number, except?: string) {
  return Array.from({ length: count }, (_, seed) => {
    const verbs = planChaos(seed).faults.map(({ verb }) => verb);
    const struck = verbs.filter((verb) => verb !== except);
    return { struck: Object.fromEntries(struck.map((verb) => [verb, 1])) };
  });
}

test("every verb strikes in a campaign that is judged", () => {
  expect(neverStruck(runs(judgedRunsMin))).toEqual([]);
  expect(Object.keys(strikesOf(runs(judgedRunsMin)))).toEqual(chainVerbs);
});

test("a verb that never struck is named, once there were enough runs", () => {
  expect(neverStruck(runs(judgedRunsMin, "step"))).toEqual(["step"]);
  expect(neverStruck(runs(judgedRunsMin - 1, "step"))).toEqual([]);
});

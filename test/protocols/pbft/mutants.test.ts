/** Every mutant breaks the promise that it names, and honest rules keep it in the same scene. */

import { expect, test } from "vitest";
import { scenes } from "../../../src/experiments/pbft/mutant-scenes.ts";
import { pbftMutants } from "../../../src/protocols/pbft/mutants.ts";
import { pbftRules } from "../../../src/protocols/pbft/rules.ts";

test("every mutant has a scene, and its own name", () => {
  const names = pbftMutants.map(({ name }) => name);
  expect(Object.keys(scenes).sort()).toEqual([...names].sort());
  expect(new Set(names).size).toBe(names.length);
});

test.each(pbftMutants)("$name breaks $caughtBy, which honest rules keep", (mutant) => {
  const { name, replaced, caughtBy } = mutant;
  const scene = scenes[name]!;
  expect(scene({ ...pbftRules, ...replaced }).broken).toEqual([caughtBy]);
  expect(scene(pbftRules).broken).toEqual([]);
});

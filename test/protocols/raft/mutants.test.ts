/** Every mutant breaks the promise that it names, and honest rules keep it in the same script. */

import { expect, test } from "vitest";
import { scenes } from "../../../src/experiments/raft/mutant-scenes.ts";
import { raftMutants } from "../../../src/protocols/raft/mutants.ts";
import { raftRules } from "../../../src/protocols/raft/rules.ts";

test("every mutant has a scene, and its own name", () => {
  const names = raftMutants.map(({ name }) => name);
  expect(Object.keys(scenes).sort()).toEqual([...names].sort());
  expect(new Set(names).size).toBe(names.length);
});

test.each(raftMutants)("$name breaks $caughtBy, which honest rules keep", (mutant) => {
  const { name, rules, options, caughtBy } = mutant;
  const scene = scenes[name]!;
  const { brokenAfter } = scene({ ...options, rules: { ...raftRules, ...rules } });
  expect([...brokenAfter.keys()]).toContain(caughtBy);
  expect([...scene({ ...options }).brokenAfter.keys()]).toEqual([]);
});

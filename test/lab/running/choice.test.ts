/** Which lab or node a command means, and what is said of a name that none has. */

import { expect, test } from "vitest";
import {
  chooseLab,
  chooseNode,
  describeChoiceProblem,
  type NodeWanted,
} from "../../../src/lab/running/choice.ts";
import type { Running } from "../../../src/lab/running/entry.ts";
import { clusterEntry, labEntry, nodeEntry } from "./entries.ts";

const young = labEntry("young", { url: "http://127.0.0.1:8478" });
const old = labEntry("old", { url: "http://127.0.0.1:8477" });
const labs = [young, old];
const second = nodeEntry("second", { network: "regtest" });
const first = nodeEntry("first");

/** The node that is meant, and where; undefined if there is none, or what is wrong. */
function meant(running: readonly Running[], wanted: NodeWanted = {}): string | undefined {
  const choice = chooseNode(running, wanted);
  if (!choice.ok) return describeChoiceProblem(choice.problem);
  const { name, lab } = choice.value?.chosen ?? {};
  return lab ? `${name} of ${lab.name}` : name;
}

test("the newest lab is meant, or the one of that name or address", () => {
  expect(chooseLab([], undefined)).toEqual({ ok: true, value: undefined });
  expect(chooseLab(labs, undefined)).toEqual({ ok: true, value: { chosen: young, others: [old] } });
  for (const wanted of ["old", "http://127.0.0.1:8477", "http://127.0.0.1:8477/lab/"]) {
    expect(chooseLab(labs, wanted)).toMatchObject({ value: { chosen: old, others: [young] } });
  }
});

test("a node of the newest lab is meant, or the first of those that run alone", () => {
  expect(meant([])).toBeUndefined();
  expect(meant([second, young, first, old])).toBe("alice of young");
  expect(meant([second, first])).toBe("first");
  expect(meant([second, first], { network: "regtest" })).toBe("second");
  expect(meant([second, young, first], { node: "first" })).toBe("first");
  expect(meant([young, old, first], { lab: "old" })).toBe("alice of old");
  expect(meant([young, old, first], { lab: "old", node: "bob" })).toBe("bob of old");
});

test("processes of a cluster are neither nodes of the chain nor a lab", () => {
  const cluster = clusterEntry("raft", { startedAt: 9 });
  expect(meant([cluster, first])).toBe("first");
  expect(meant([cluster], { node: "n1" })).toBe("No node n1 runs here; there is none.");
});

test("a node of a lab has its folder below the lab's", () => {
  const choice = chooseNode([young, first], { node: "bob" });
  expect(choice).toMatchObject({ value: { chosen: { folder: "/tmp/young/bob" } } });
  expect(choice).toMatchObject({ value: { others: [{ name: "alice" }, { name: "first" }] } });
});

test("a name that none has is answered with those that there are", () => {
  expect(meant([young, old], { lab: "my-lab" })).toBe(
    "No lab my-lab runs here; there is young at http://127.0.0.1:8478, old at http://127.0.0.1:8477.",
  );
  expect(meant([], { lab: "my-lab" })).toBe("No lab my-lab runs here; there is none.");
  expect(meant([young, first], { node: "zoe" })).toBe(
    "No node zoe runs here; there is alice, bob, first.",
  );
  expect(meant([young, first], { node: "first", lab: "young" })).toBe(
    "No node first runs here; there is alice, bob.",
  );
});

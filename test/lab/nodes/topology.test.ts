/** Which nodes are connected with which. */

import { expect, test } from "vitest";
import { makeParticipants } from "../../../src/lab/nodes/participants.ts";
import { completeGroups, isSeparated } from "../../../src/lab/nodes/partition.ts";
import { componentsOf, connectedLinks, missingLinks } from "../../../src/lab/nodes/topology.ts";
import { createRandom } from "../../../src/primitives/random.ts";

const names = makeParticipants(16).map(({ name }) => name);

test("everybody can be reached, and nobody dials more than three", () => {
  for (let seed = 0; seed < 50; seed++) {
    const links = connectedLinks(names, createRandom(seed));
    expect(componentsOf(names, links)).toHaveLength(1);
    for (const name of names) {
      const dialled = links.filter(({ from }) => from === name).map(({ to }) => to);
      expect(new Set(dialled).size).toBe(dialled.length);
      expect(dialled.length).toBeLessThanOrEqual(3);
      expect(dialled).not.toContain(name);
    }
  }
});

test("the same seed gives the same links, another one gives others", () => {
  const links = connectedLinks(names, createRandom("a"));
  expect(connectedLinks(names, createRandom("a"))).toEqual(links);
  expect(connectedLinks(names, createRandom("b"))).not.toEqual(links);
});

test("a group that is cut off gets the links it lacks to be one network", () => {
  // a ─ b   c ─ d   e, while c ─ x is outside
  const links = [
    { from: "b", to: "a" },
    { from: "d", to: "c" },
    { from: "x", to: "c" },
    { from: "e", to: "x" },
  ];
  const group = ["a", "b", "c", "d", "e"];
  const missing = missingLinks(group, links);
  expect(missing).toHaveLength(2);
  expect(componentsOf(group, [...links, ...missing])).toHaveLength(1);
  expect(missingLinks(["a", "b"], links)).toEqual([]);
});

test("who is in no group stays together with the others who are in none", () => {
  const complete = completeGroups(["a", "b", "c", "d"], [["c"]]);
  expect(complete).toEqual({ ok: true, value: [["c"], ["a", "b", "d"]] });
});

test("groups with strangers, with somebody twice, or with everybody are refused", () => {
  const rulesOf = (groups: readonly (readonly string[])[]) => {
    const verdict = completeGroups(["a", "b"], groups);
    return verdict.ok ? "fine" : verdict.problem.rule;
  };
  expect(rulesOf([["a", "z"]])).toBe("no-such-node");
  expect(rulesOf([["a"], ["a"]])).toBe("node-twice");
  expect(rulesOf([["a", "b"]])).toBe("one-group");
  expect(rulesOf([["a"], ["b"]])).toBe("fine");
});

test("two are parted if no group holds both, and nobody is without a partition", () => {
  const groups = [["a", "b"], ["c"]];
  expect(isSeparated(groups, "a", "b")).toBe(false);
  expect(isSeparated(groups, "a", "c")).toBe(true);
  expect(isSeparated(null, "a", "c")).toBe(false);
});

/** Schedules in files: every verb can be written, and a mistake is told with its place. */

import { describe, expect, test } from "vitest";
import { describeChainFault } from "../../../src/sim/chain-world/chain-faults.ts";
import { parseChainFaultFile } from "../../../src/sim/chaos/chain-fault-file.ts";
import { planChaos } from "../../../src/sim/chaos/plan.ts";
import { parseFaultFile } from "../../../src/sim/files/fault-file.ts";

const names = ["n1", "n2"];
const parse = (content: unknown) => parseChainFaultFile(JSON.stringify(content), names);
const at = { atMs: 1_000, lastsMs: 2_000 };

test("every schedule that chaos draws can be written to a file and read again", () => {
  const verbs = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const plan = planChaos(seed);
    const parsed = parseChainFaultFile(JSON.stringify(plan.faults), plan.names);
    expect(parsed).toEqual({ ok: true, value: plan.faults });
    for (const { verb } of plan.faults) verbs.add(verb);
  }
  expect(verbs.size).toBe(16);
});

test("processes, disks and clocks have verbs, and a role may stand for a node", () => {
  const parsed = parse([
    { ...at, verb: "pause", node: "@richest-miner" },
    { atMs: 5, verb: "amnesia", node: "n2" },
    { ...at, verb: "step", node: "n1", byMs: -3_600_000 },
    { ...at, verb: "start-wrong", node: "n1", byMs: 60_000 },
    { ...at, verb: "drift", node: "n1", rate: 1.5 },
  ]);
  expect(parsed.ok && parsed.value.map(describeChainFault)).toEqual([
    "pause @richest-miner for 2.000 s",
    "amnesia n2",
    "step n1 by -3600.000 s",
    "start-wrong n1 by 60.000 s for 2.000 s",
    "drift n1 at 1.5 of the time for 2.000 s",
  ]);
});

describe("a mistake is told with its place", () => {
  const restart = { atMs: 1, verb: "restart", node: "n1" };

  test.each<[string, unknown, string]>([
    ["no list", {}, "the file: must be a list, got {}"],
    ["no verb", [restart, {}], '[1]: must be an object with "verb", got {}'],
    [
      "an unknown verb",
      [{ ...at, verb: "burn" }],
      '[0].verb: must be one of split, isolate, cut, slow, throttle, scramble, crash, restart, amnesia, pause, corrupt, skew, step, start-wrong, drift, turn-byzantine, got "burn"',
    ],
    ["muddle", [{ ...at, verb: "muddle" }], '[0].verb: "muddle" is called "scramble" now'],
    ["clog", [{ ...at, verb: "clog" }], '[0].verb: "clog" is called "throttle" now'],
    ["betray", [{ ...at, verb: "betray" }], '[0].verb: "betray" is called "turn-byzantine" now'],
    ["no node", [{ ...at, verb: "isolate" }], '[0]: needs "node"'],
    ["no end", [{ atMs: 1, verb: "isolate", node: "n1" }], '[0]: needs "lastsMs"'],
    ["a stranger", [{ ...restart, node: "n9" }], "[0].node: there is no node n9, only n1, n2"],
    [
      "a role of another world",
      [{ ...restart, node: "@leader" }],
      "[0].node: there is no role @leader; the roles here: @richest-miner",
    ],
    [
      "a stranger in a group",
      [{ ...at, verb: "split", groups: [["n1"], ["n2", "n3"]] }],
      "[0].groups[1][1]: there is no node n3, only n1, n2",
    ],
    ["the past", [{ ...restart, atMs: -1 }], "[0].atMs: must be a number of at least 0, got -1"],
    [
      "a clock that stands",
      [{ ...at, verb: "drift", node: "n1", rate: 0 }],
      "[0].rate: must be from 0.01 to 100, got 0",
    ],
    [
      "another verb's key",
      [{ ...restart, byMs: 5 }],
      '[0]: has no key "byMs"; the keys are verb, node, atMs, lastsMs',
    ],
    [
      "a byzantine role",
      [{ ...at, verb: "turn-byzantine", node: "@richest-miner", by: "header-spam" }],
      "[0].node: must name a node: which nodes stay honest is fixed at the start",
    ],
    [
      "nobody honest",
      names.map((node) => ({ atMs: 1, verb: "turn-byzantine", node, by: "header-spam" })),
      "at least one node must stay honest",
    ],
  ])("%s", (_, content, problem) => {
    expect(parse(content)).toEqual({ ok: false, problem });
  });

  test("a verb of the chain in a world without one", () => {
    const turn = { ...at, verb: "turn-byzantine", node: "n1", by: "header-spam" };
    const parsed = parseFaultFile(JSON.stringify([turn]), { names, roles: [] });
    expect(!parsed.ok && parsed.problem).toContain("[0].verb: must be one of split");
    const role = parseFaultFile(JSON.stringify([{ ...restart, node: "@leader" }]), {
      names,
      roles: [],
    });
    expect(!role.ok && role.problem).toBe(
      "[0].node: there is no role @leader; the roles here: there are none",
    );
  });
});

/** `powlab protocol` and chaos for protocols: what they print, and how they refuse what is not there. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { presetNames } from "../../bin/commands/protocol/presets.ts";
import { createProgram } from "../../bin/program.ts";
import { readJsonLines } from "../../src/checkers/formats/json-lines.ts";
import { entryOf } from "../sim/process-world/cluster.ts";

let folder = "";
let out = "";
let said = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "powlab-protocol-"));
  out = said = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => Boolean((out += String(text))));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => Boolean((said += String(text))));
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function powlab(...words: readonly string[]): Promise<string> {
  const program = await createProgram(words[0] ?? "");
  await program.parseAsync([...words], { from: "user" });
  return out;
}

function fileWith(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}

test("a run without faults ends with its figures beside the formulas", async () => {
  const text = await powlab("protocol", "single-copy", "--requests", "30", "--clients", "2");
  expect(text).toContain("n1        carries out write");
  expect(text).toMatch(/^messages +\d+: \d+ forward, \d+ reply$/m);
  expect(text).toContain(
    "0 one-way delays beside the leader, 2 one-way delays elsewhere; by the formula 0",
  );
  expect(text).toContain("100 % of 30 requests");
  expect(text).toMatch(/^holds .*linearizability$/m);
});

test("the same seed gives the same transcript, another seed another one", async () => {
  const textOf = async (seed: string) => {
    out = "";
    return powlab("protocol", "last-writer", "--requests", "5", "--seed", seed);
  };
  const first = await textOf("5");
  expect(await textOf("5")).toBe(first);
  expect(await textOf("6")).not.toBe(first);
});

test("a broken check is exit code 5, also for programs, with the figures all the same", async () => {
  const run = powlab("protocol", "last-writer", "--faults", "isolated-follower", "--json");
  await expect(run).rejects.toMatchObject({
    exitCode: 5,
    message: "last-writer broke linearizability.",
  });
  const figures: unknown = JSON.parse(out);
  expect(figures).toMatchObject({
    protocol: "last-writer",
    failure: { promise: "linearizability" },
    availability: { asked: expect.any(Number), givenUp: 0 },
  });
  expect(said).toContain("isolate n1 for 15.000 s (@follower is n1)");
});

test("a byzantine process gives evidence against itself, in words and for programs", async () => {
  const options = ["--requests", "5", "--byzantine", "n1=equivocating"];
  const text = await powlab("protocol", "pbft", ...options);
  expect(text).toContain("turn-byzantine n1 by equivocating");
  expect(text).toContain(
    "has evidence against n1: two signed statements for pre-prepare of view 0",
  );
  expect(text).toMatch(/^evidence +n\d has two signed statements of n1 for pre-prepare of view 0/m);
  expect(text).toMatch(/^deviations +equivocating \d+$/m);
  out = "";
  const figures: unknown = JSON.parse(await powlab("protocol", "pbft", ...options, "--json"));
  expect(figures).toMatchObject({
    byzantine: {
      evidence: expect.arrayContaining([
        {
          by: "n3",
          atMs: expect.any(Number),
          evidence: expect.objectContaining({ culprit: "n1" }),
        },
      ]),
    },
  });
});

test("without faults pbft costs 2n(n − 1) messages a request, checkpoints apart", async () => {
  const text = await powlab("protocol", "pbft", "--nodes", "7");
  expect(text).toContain("84.0 messages beyond those without requests, checkpoint messages apart");
  expect(text).toContain("by the formula 2n(n − 1) = 84");
});

test("a graph from a file is used with its names and links", async () => {
  const graph = { names: ["ann", "bob"], links: [["ann", "bob", { latencyMs: 50 }]] };
  const text = await powlab("protocol", "single-copy", "--graph", fileWith("g.json", graph));
  expect(text).toContain("after 100 ms from bob");
});

test("the history of clients can be written, and read again", async () => {
  const path = join(folder, "history.jsonl");
  await powlab("protocol", "single-copy", "--requests", "10", "--history", path);
  const history = readJsonLines(readFileSync(path, "utf8"));
  expect(history.ok && history.value).toHaveLength(20);
});

test("the list has every protocol, its mutants, and every preset, which are files", async () => {
  const text = await powlab("protocol", "list");
  expect(text).toMatch(/^single-copy +3 +one process keeps the data/m);
  expect(text).toContain("mutants of raft");
  expect(text).toContain(`presets of faults: ${presetNames().join(", ")}`);
  const files = readdirSync("config/faults").filter((file) => file.endsWith(".json"));
  expect(files.map((file) => file.replace(".json", "")).sort()).toEqual(presetNames());
});

/** But for the one that is for all protocols at once, and has a lie. */
test.each(presetNames().filter((name) => name !== "cap"))(
  "the preset %s is described, and can be read for five processes",
  async (name) => {
    expect(readFileSync("config/faults/README.md", "utf8")).toContain(`| \`${name}\``);
    const { readSchedule } = await import("../../bin/commands/protocol/files.ts");
    const names = ["n1", "n2", "n3", "n4", "n5"];
    expect((await readSchedule(name, names, entryOf("raft"))).length).toBeGreaterThan(0);
  },
);

describe("is refused in one sentence with the way out:", () => {
  test.each([
    [
      ["raftt"],
      "There is no protocol raftt (did you mean raft?). There are: single-copy, last-writer,",
    ],
    [["single-copy", "--mutant", "x"], 'single-copy has no mutant "x"; it has none.'],
    [
      ["raft", "--mutant", "stale-vote"],
      'raft has no mutant "stale-vote" (did you mean stale-votes?); it has: more-than-majority, ',
    ],
    [["raft", "--faults", "leader-cras"], "is no preset (there are "],
    [["raft", "--graph", "rign"], "rign is none of complete, line, ring,"],
    [["raft", "--values", "0,1"], "--values is for protocols that decide one value"],
    [
      ["pbft", "--byzantine", "n9=silent"],
      "--byzantine names n9, and there are only n1, n2, n3, n4",
    ],
    [["pbft", "--byzantine", "n1=silnt"], "silnt (did you mean silent?). There are: silent, late,"],
    [["pbft", "--byzantine", "n1=late", "--byzantine", "n1=late"], "--byzantine names n1 twice"],
    [["raft", "--live", "--byzantine", "n1=late"], "--byzantine is of virtual time"],
  ])("%s", async (words, sentence) => {
    const run = powlab("protocol", ...words);
    await expect(run).rejects.toMatchObject({ exitCode: 2 });
    await expect(run).rejects.toThrow(sentence);
  });

  test.each([
    ["a verb", [{ verb: "brake", node: "n1", atMs: 1 }], "[0].verb: must be "],
    [
      "a node",
      [{ verb: "restart", node: "n9", atMs: 1 }],
      "[0].node: there is no node n9, only n1, n2, n3.",
    ],
    [
      "a role",
      [{ verb: "restart", node: "@king", atMs: 1 }],
      "there is no role @king; the roles here: @leader,",
    ],
    ["JSON", "[{", "it is not JSON"],
  ])("a schedule with a wrong %s", async (_, faults, sentence) => {
    const path = fileWith("f.json", faults);
    const run = powlab("protocol", "single-copy", "--faults", path);
    await expect(run).rejects.toMatchObject({ exitCode: 2 });
    await expect(run).rejects.toThrow(`In ${path}: ${sentence.startsWith("[") ? sentence : ""}`);
    await expect(run).rejects.toThrow(sentence);
  });

  test("a graph with a node twice", async () => {
    const path = fileWith("g.json", { names: ["ann", "ann"], links: [] });
    const run = powlab("protocol", "raft", "--graph", path);
    await expect(run).rejects.toThrow(`In ${path}: names[1]: names a second node "ann".`);
  });

  test("a number of processes that is not the graph's", async () => {
    const path = fileWith("g.json", {
      nodes: 3,
      links: [
        [0, 1],
        [1, 2],
      ],
    });
    const run = powlab("protocol", "raft", "--graph", path, "--nodes", "4");
    await expect(run).rejects.toThrow("--nodes is 4, and the graph has 3: leave --nodes out.");
  });

  test("an option of protocols without one", async () => {
    const run = powlab("simulate", "chaos", "--mutant", "stale-votes");
    await expect(run).rejects.toThrow(
      "--mutant is for processes of a protocol: name one with --protocol.",
    );
  });
});

test("a mutant that is caught is shown with its mistake and the last steps", async () => {
  const words = ["--mutant", "no-sessions", "--faults", "lossy-leader", "--seed", "2"];
  const run = powlab("protocol", "raft", ...words, "--duration", "20");
  await expect(run).rejects.toMatchObject({ exitCode: 5, message: "raft broke linearizability." });
  expect(said).toContain("mutant no-sessions: a request that comes twice is carried out twice");
  expect(said).toContain("caught by linearizability; the last steps:");
  expect(said).toMatch(/ s {12}BROKEN: no order of the requests for k\d+ explains/);
});

test("a mutant that nothing catches in this run is named with its line and what must catch it", async () => {
  await powlab("protocol", "raft", "--mutant", "more-than-majority", "--requests", "2");
  expect(said).toContain("(line 134 of the essay)");
  expect(said).toContain("no check caught it here; liveness catches it where steps or faults fit");
});

test("a mutant alone is met by what leads to its mistake, with its line and what caught it", async () => {
  const run = powlab("protocol", "paxos", "--mutant", "truthiness");
  await expect(run).rejects.toMatchObject({ exitCode: 5, message: "paxos broke agreement." });
  expect(out).toMatch(/^essay +line 194$/m);
  expect(out).toMatch(/^caught by +agreement after 10 steps$/m);
  expect(out).toMatch(/^ +1 {2}c1 asks n1: /m);
  expect(out).toMatch(/^ +10 {2}n1 → n2: accepted/m);
});

test("a mutant that others shipped names them, also for programs", async () => {
  const run = powlab("protocol", "raft", "--mutant", "stale-votes", "--json");
  await expect(run).rejects.toMatchObject({ exitCode: 5 });
  expect(JSON.parse(out)).toMatchObject({
    protocol: "raft",
    mutant: "stale-votes",
    victim: "little-raft#44",
    broken: ["election-safety"],
    stepsCount: 8,
  });
});

test("a control is met, and nothing catches it", async () => {
  const text = await powlab("protocol", "paxos", "--mutant", "equal-numbers");
  expect(text).toMatch(/^caught by +nothing$/m);
});

test("chaos for a protocol prints one run, and its schedule with roles", async () => {
  const text = await powlab("simulate", "chaos", "--protocol", "single-copy", "--seed", "2");
  expect(text).toContain("all faults are over");
  expect(said).toContain("Next: powlab simulate chaos --protocol single-copy --seeds 1..100");
});

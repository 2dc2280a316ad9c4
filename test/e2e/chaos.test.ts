/** The program under chaos: many seeds in threads, one seed with a schedule, and wrong files. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { endAll, type Line, Program, temporaryFolder } from "./program.ts";

afterEach(endAll);

async function run(...words: readonly string[]) {
  const program = new Program(["simulate", "chaos", ...words]);
  const code = await program.ended;
  return { code, lines: program.lines, line: program.lines[0] ?? {}, said: program.stderr };
}

function fileWith(content: unknown): string {
  const path = join(temporaryFolder(), "file.json");
  writeFileSync(path, JSON.stringify(content));
  return path;
}

test("the same seeds have the same fingerprint, however many threads play them", async () => {
  const [one, two] = await Promise.all([
    run("seeds", "1..6", "--threads", "1", "--json"),
    run("seeds", "1..6", "--threads", "2", "--json"),
  ]);
  const passed = { seeds: "1..6", runs: 12, passed: 12, failures: [] };
  expect(one).toMatchObject({ code: 0, line: passed });
  expect(two.line["fingerprint"]).toBe(one.line["fingerprint"]);
});

test("a graph and a schedule of one's own are played", async () => {
  //  n1 ─ n2 ─ n3
  const topology = fileWith({ nodes: 3, links: [[0, 1], [1, 2]] }); // prettier-ignore
  const crash = { verb: "crash", node: "n2", atMs: 5_000, lastsMs: 30_000, moment: "at-once" };
  const faults = fileWith([crash]);
  const { code, lines, said } = await run("--json", "--topology", topology, "--faults", faults);
  expect(code).toBe(0);
  const outcomes = lines.map((line) => line["outcome"] as Line);
  expect(outcomes).toMatchObject([
    { network: "regtest", faults: 1, struck: { crash: 1 } },
    { network: "lab", faults: 1, struck: { crash: 1 } },
  ]);
  expect(said).toContain("3 nodes, 2 links");
  expect(said).toContain("5.000 s            crash n2 for 30.000 s");
});

test("a schedule for nodes that are not there is refused, and so is a broken graph", async () => {
  const restart = { verb: "restart", node: "n9", atMs: 1, lastsMs: 0 };
  const schedule = await run("--json", "--faults", fileWith([restart]));
  expect(schedule.code).toBe(2);
  expect(schedule.said).toContain("there is no node n9");
  const graph = await run("--json", "--topology", fileWith({ nodes: 3, links: [] }));
  expect(graph.code).toBe(2);
  expect(graph.said).toContain("every node must reach every other");
});

test.each([
  ["of a protocol", ["1..5", "--protocol", "two-phase-commit", "--mutant", "presumed-commit"]],
  ["of the chain", ["1..3", "--network", "lab"]],
])("shards of a campaign %s print together what one machine prints", async (_, words) => {
  const folder = temporaryFolder();
  const [one, two] = [join(folder, "1.json"), join(folder, "2.json")];
  const [whole] = await Promise.all([
    run("seeds", ...words, "--json"),
    run("seeds", ...words, "--shard", "1/2", "--out", one),
    run("seeds", ...words, "--shard", "2/2", "--out", two),
  ]);
  const joined = await run("merge", "--json", two, one);
  expect(joined.line).toMatchObject({ seeds: words[0] });
  expect([joined.code, joined.lines]).toEqual([whole.code, whole.lines]);
  const mistake = "The mistake: What the coordinator does not know was committed";
  expect(joined.said.includes(mistake)).toBe(words.includes("presumed-commit"));
  const lost = await run("merge", two);
  expect([lost.code, lost.said]).toEqual([2, expect.stringContaining("shard 1/2 is missing")]);
  const other = await run("seeds", "8..9", "--network", "lab", "--shard", "1/2", "--out", one);
  const foreign = await run("merge", two, one);
  expect([other.code, foreign.code]).toEqual([0, 2]);
  expect(foreign.said).toContain("belongs to another run");
});

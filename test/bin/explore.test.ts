/** Runs `powlab explore` in this process and reads what it prints. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { CliError } from "../../bin/commands/output.ts";
import { createProgram } from "../../bin/program.ts";
import { temporaryFolder } from "../temporary-folder.ts";

type Result = { readonly out: string; readonly exitCode: number; readonly problem: string };

async function explore(line: string): Promise<Result> {
  const stdout = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const written = (): string => stdout.mock.calls.map(([text]) => String(text)).join("");
  try {
    const program = await createProgram("explore");
    await program.parseAsync(["explore", ...line.split(" ")], { from: "user" });
    return { out: written(), exitCode: 0, problem: "" };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { out: written(), exitCode: error.exitCode, problem: error.message };
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
  }
}

describe("powlab explore", () => {
  test("prints the counts as JSON", async () => {
    const { out, exitCode } = await explore("gray-lamport-commit --managers 4 --json");
    expect(JSON.parse(out)).toMatchObject({ unique: 1568, ending: "complete", managers: 4 });
    expect(Object.keys(JSON.parse(out))).toEqual(
      expect.arrayContaining(["generated", "depth", "seconds", "memoryMB"]),
    );
    expect(exitCode).toBe(0);
  });

  test("names the published counts beside its own", async () => {
    const { out } = await explore("transaction-commit");
    expect(out).toMatch(/^unique +34\ngenerated +94\ndepth +7\n/);
    expect(out).toContain("unique 34, generated 94, depth 7: TLC, tlaplus/Examples");
    expect(out).toContain("Kept in every state: no manager commits while another aborts.");
  });

  test("shows and saves the shortest way to a broken promise that is expected", async () => {
    const file = join(temporaryFolder(), "trace.json");
    const { out, exitCode } = await explore(`single-copy --servers 2 --json --save ${file}`);
    const { violation } = JSON.parse(out);
    expect(violation).toMatchObject({ promise: "linearizable", steps: 4 });
    expect(violation.trace.length).toBe(4);
    expect(exitCode).toBe(0);
    const saved = JSON.parse(readFileSync(file, "utf8"));
    expect(saved.steps.map(({ move }: { move: string }) => move)).toEqual(violation.trace);
    expect(saved.steps.at(-1).state.history).toBeDefined();
  });

  test("ends in a sentence at the greatest number of states", async () => {
    const { out, exitCode, problem } = await explore("lamport-paxos --max-states 500 --json");
    expect(JSON.parse(out)).toMatchObject({ unique: 500, ending: "states" });
    expect(exitCode).toBe(1);
    expect(problem).toMatch(/^The search ended at 500 states and \d+ known states were not/);
  });

  test("ends in a sentence at the greatest memory", async () => {
    const { out, exitCode, problem } = await explore("actor-paxos --max-memory 1 --json");
    expect(JSON.parse(out)).toMatchObject({ ending: "memory" });
    expect(exitCode).toBe(1);
    expect(problem).toMatch(/^The search ended at \d+ MB of memory and .*raise --max-memory/);
  });

  test("refuses symmetry where names matter, and says why", async () => {
    const { exitCode, problem } = await explore("quorum-register --symmetry");
    expect(exitCode).toBe(2);
    expect(problem).toBe(
      "quorum-register has no symmetry: each client begins at a server of its own. " +
        "Leave --symmetry out.",
    );
  });

  test("takes a protocol of this program, and shows where no move is left", async () => {
    const { out } = await explore("single-copy-protocol --nodes 2 --clients 1 --ends");
    expect(out).toContain("Kept in every state: linearizable.");
    expect(out).toContain("No move is left after 4 moves:");
  });

  test("lists everything", async () => {
    const { out } = await explore("list --json");
    const names = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).name as string);
    expect(names).toContain("actor-paxos");
    expect(names).toContain("last-writer");
  });
});

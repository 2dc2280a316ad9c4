/** `powlab maelstrom` as a user starts it: nodes of our own and of others, in processes of their own. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { readJsonLines } from "../../src/checkers/formats/json-lines.ts";
import { operationsOf } from "../../src/checkers/history.ts";
import { checkLinearizability } from "../../src/checkers/linearizability.ts";
import { endAll, Program, project, temporaryFolder } from "./program.ts";

afterEach(endAll);

const ownNode = [process.execPath, "--import", "tsx", join(project, "bin/powlab.ts")];
const foreignNode = ["python3", join(project, "test/e2e/maelstrom-node.py")];
const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) console.log("There is no python3, so nodes of another language are not tested.");

type Result = {
  readonly completed: number;
  readonly messages: { readonly perOperation: number; readonly dropped: number };
  readonly operations: { readonly asked: number };
};

/** Runs a test of nodes. */
async function testNodes(node: readonly string[], ...flags: readonly string[]) {
  const program = new Program(["maelstrom", "test", "--json", ...flags, "--", ...node]);
  const code = await program.ended;
  return { code, result: program.lines[0], said: program.stderr };
}

test("five nodes of Raft are linearizable, available and cheap with a partition in the middle", async () => {
  const file = join(temporaryFolder(), "history.jsonl");
  const flags = ["--nodes", "5", "--time", "12", "--partition", "--history", file];
  const { code, result } = await testNodes([...ownNode, "maelstrom", "node", "raft"], ...flags);
  expect({ code, result }).toMatchObject({ code: 0, result: { verdict: "linearizable" } });
  const { completed, messages, operations } = result as Result;
  expect(completed).toBeGreaterThan(0.6);
  expect(messages.perOperation).toBeLessThanOrEqual(10);
  expect(messages.dropped).toBeGreaterThan(0);
  const events = readJsonLines(readFileSync(file, "utf8"));
  const history = operationsOf(events.ok ? events.value : []);
  expect(history.ok && history.value.length).toBe(operations.asked);
  const again = checkLinearizability(history.ok ? history.value : [], { model: "cas" });
  expect(again.outcome).toBe("linearizable");
});

describe.skipIf(!hasPython)("a program in Python that knows nothing of powlab", () => {
  test("that keeps the data at one node is linearizable, also with a partition", async () => {
    const flags = ["--nodes", "3", "--time", "3", "--rate", "100", "--partition"];
    const { code, result } = await testNodes([...foreignNode, "primary"], ...flags);
    expect({ code, result }).toMatchObject({ code: 0, result: { verdict: "linearizable" } });
  });

  test("whose nodes keep data of their own is refused", async () => {
    const flags = ["--nodes", "3", "--time", "2", "--rate", "100"];
    const { code, result, said } = await testNodes([...foreignNode, "local"], ...flags);
    expect({ code, result }).toMatchObject({ code: 5, result: { verdict: "not-linearizable" } });
    expect(said).toContain("What clients were answered is not linearizable.");
  });

  test("answers echo", async () => {
    const flags = ["--nodes", "1", "--time", "1", "--workload", "echo"];
    const { code, result } = await testNodes([...foreignNode, "primary"], ...flags);
    expect({ code, result }).toMatchObject({ code: 0, result: { verdict: "equal" } });
  });
});

test("a program that is no node is refused with what it said last", async () => {
  const program = ["sh", "-c", "echo it begins >&2; echo hello"];
  const { code, said } = await testNodes(program, "--nodes", "1", "--time", "1");
  const sentence = 'the line "hello"; its stderr ends with:\npowlab:   it begins';
  expect({ code, said }).toEqual({ code: 2, said: expect.stringContaining(sentence) });
});

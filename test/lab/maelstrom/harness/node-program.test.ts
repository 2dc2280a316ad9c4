/** Programs that are no nodes: the sentence that a test ends with, and that nothing of them is left. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { NodeProgram } from "../../../../src/lab/maelstrom/harness/node-program.ts";
import { runTest } from "../../../../src/lab/maelstrom/harness/run-test.ts";
import { realTime } from "../../../../src/lab/maelstrom/time.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

/** What a test of one such node says; `signal` ends it. */
async function saidOf(command: readonly string[], signal?: AbortSignal): Promise<string> {
  const outcome = runTest({
    ...{ workload: "lin-kv", nodes: 1, seconds: 60, rate: 100, concurrency: 2, partition: false },
    ...{ latency: { leastMs: 0, jitterMs: 0 }, seed: "1", time: realTime },
    ...(signal && { signal }),
    startNode: (name, events) => new NodeProgram({ name, command, ...events }),
    say: () => undefined,
  });
  return outcome.then(
    () => "no failure",
    (error: Error) => error.message,
  );
}

test("one that is not there", async () => {
  const said = await saidOf(["no-such-program", "x"]);
  expect(said).toMatch(/^"no-such-program" cannot be started: there is no .* behind --\.$/);
});

test("one that ends: its exit code and the last lines of its stderr", async () => {
  const script = "read line; for i in 1 2 3 4 5 6 7; do echo line $i >&2; done; exit 3";
  const lines = [3, 4, 5, 6, 7].map((number) => `\n  line ${number}`).join("");
  expect(await saidOf(["sh", "-c", script])).toBe(
    `n1 has ended (exit code 3) during the test; its stderr ends with:${lines}`,
  );
});

test("one that a signal ends, without a word", async () => {
  expect(await saidOf(["sh", "-c", "kill -KILL $$"])).toBe(
    "n1 has ended (SIGKILL) during the test.",
  );
});

test("one that writes what is no message", async () => {
  const said = await saidOf(["sh", "-c", "echo '{}'; cat"]);
  expect(said).toMatch(
    /^n1 has written what is no message: .* with "body".* in the line "\{\}"\.$/,
  );
});

test("what ends a test ends its nodes, with what they have started", async () => {
  const file = join(temporaryFolder(), "pid");
  const stop = new AbortController();
  // It neither answers init nor ends with its input.
  const script = `sleep 1000 & echo $! > ${file}; wait`;
  const said = saidOf(["sh", "-c", script], stop.signal);
  await vi.waitUntil(() => existsSync(file) && readFileSync(file, "utf8").endsWith("\n"));
  stop.abort(new Error("enough"));
  expect(await said).toBe("enough");
  const pid = Number(readFileSync(file, "utf8"));
  await vi.waitUntil(() => !isAlive(pid));
});

/** A process that has ended and was not waited for yet does not count. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/^\d+ \(.*\) Z/.test(readFileSync(stat, "utf8"));
}

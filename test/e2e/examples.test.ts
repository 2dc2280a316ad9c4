/** Runs examples of the help that take seconds, as a user types them, and reads their last line. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { createProgram } from "../../bin/program.ts";
import { firstExampleOf } from "../bin/help-text.ts";

const run = promisify(execFile);
const program = await createProgram("all");

/** Runs powlab; data come back as text. */
async function powlab(...words: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ["--import", "tsx", "bin/powlab.ts", ...words]);
  return stdout;
}

function lastLineOf(text: string): Readonly<Record<string, unknown>> {
  return JSON.parse(text.trimEnd().split("\n").at(-1) ?? "");
}

test.each(["double-spend", "eclipse", "partition", "stale", "difficulty"])(
  "experiment %s ends with one line that says what was found and what was expected",
  async (id) => {
    const words = firstExampleOf(program, `experiment ${id}`);
    expect(lastLineOf(await powlab(...words, "--quiet", "--json"))).toMatchObject({
      id,
      seed: "1",
      estimate: expect.any(Number),
      expected: expect.any(Number),
      interval: [expect.any(Number), expect.any(Number)],
      z: expect.any(Number),
      runs: expect.any(Number),
      holds: true,
    });
  },
);

test.each(["double-spend", "selfish-mining", "eclipse", "partition", "chaos"])(
  "simulate %s ends with one line that says what came of it",
  async (name) => {
    const words = firstExampleOf(program, `simulate ${name}`);
    expect(lastLineOf(await powlab(...words, "--json"))).toHaveProperty("outcome");
  },
);

test.each(["experiment list", "simulate time-warp", "simulate simblock", "simulate world"])(
  "%s answers with data",
  async (name) => {
    const words = firstExampleOf(program, name);
    expect(lastLineOf(await powlab(...words, "--json"))).not.toEqual({});
  },
);

test.each([
  ["simulate stale --delays 0.1,0.5 --miners 10", "powlab experiment stale"],
  ["simulate stale --table --html x.html", "powlab experiment stale table"],
  ["simulate chaos --seeds 1..9", "powlab simulate chaos seeds"],
])("the old spelling %s is answered with the new one", async (old, now) => {
  await expect(powlab(...old.split(" "))).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining(now),
  });
});

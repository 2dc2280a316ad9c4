/** `powlab check linearizable` as a user starts it: verdict, exit code, and what is refused. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { endAll, Program, temporaryFolder } from "./program.ts";

afterEach(endAll);

async function check(text: string, ...flags: readonly string[]) {
  const file = join(temporaryFolder(), "history");
  writeFileSync(file, text);
  const program = new Program(["check", "linearizable", file, "--json", ...flags]);
  return { code: await program.ended, lines: program.lines, said: program.stderr };
}

const written =
  "INFO  jepsen.util - 0\t:invoke\t:write\t1\nINFO  jepsen.util - 0\t:ok\t:write\t1\n";
const asked = "INFO  jepsen.util - 1\t:invoke\t:read\tnil\n";

test("a history is linearizable, not, or unreadable: 0, 5, 2", async () => {
  const right = await check(`${written}${asked}INFO  jepsen.util - 1\t:ok\t:read\t1\n`);
  expect(right).toMatchObject({
    code: 0,
    lines: [{ linearizable: true, operations: 2 }],
    said: "",
  });

  const wrong = await check(`${written}${asked}INFO  jepsen.util - 1\t:ok\t:read\tnil\n`);
  expect(wrong).toMatchObject({
    code: 5,
    lines: [{ linearizable: false, longestPrefix: 3, operation: { process: 1, f: "read" } }],
  });
  expect(wrong.said).toContain("is not linearizable: read null of process 1 cannot be placed.");

  const torn = await check(`${written}INFO  jepsen.util - 1\t:invo`);
  expect(torn).toMatchObject({ code: 2, lines: [] });
  expect(torn.said).toMatch(/history, line 3: it is not of the form .*leave it out\.\n$/);

  const foreign = await check(written, "--model", "append");
  expect(foreign).toMatchObject({ code: 2, lines: [] });
  expect(foreign.said).toMatch(/line 1: the model append has no such write; leave --model out/);
});

/** `powlab mine search` as a user types it. */

import { afterEach, expect, test } from "vitest";
import { endAll, Program } from "./program.ts";

afterEach(endAll);

const genesisStart =
  "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd" +
  "7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d";

test("the nonce of Bitcoin's first block is found, with its hash and the time it took", async () => {
  const nearby = "0000277c"; // 2,082,930,688: a fraction of a second before the nonce
  const words = ["mine", "search", "--network", "main", "--header", genesisStart + nearby];
  const program = new Program([...words, "--json"]);
  expect(await program.ended).toBe(0);
  expect(program.lines).toEqual([
    expect.objectContaining({
      nonce: 2_083_236_893,
      hash: "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
      header: `${genesisStart}1dac2b7c`,
      seconds: expect.any(Number),
      hashes_per_second: expect.any(Number),
    }),
  ]);
});

test.each([
  ["ab", "a header has 160 hex digits, this has 2"],
  ["x".repeat(160), 'not a hex digit: "x" at position 0'],
  [genesisStart.replace(/ffff001d$/, "ffff7f20") + "00000000", "is easier than main allows"],
  [genesisStart.replace(/ffff001d$/, "00000000") + "00000000", "mean no target"],
])("the header %s is refused with a reason", async (header, reason) => {
  const program = new Program(["mine", "search", "--header", header]);
  expect(await program.ended).toBe(2);
  expect(program.stderr).toContain(reason);
  expect(program.stderr).not.toMatch(/^\s+at /m);
});

/** The search for one header's nonce, on Bitcoin's first block. */

import { expect, test } from "vitest";
import { searchHeader } from "../../../src/io/mining/header-search.ts";
import { nonceRangeSize } from "../../../src/io/mining/nonce-walk.ts";
import { hasherNames } from "../../../src/primitives/hashing.ts";

const genesis = Buffer.from(
  "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd" +
    "7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c",
  "hex",
);
const target = Buffer.from(`00000000ffff${"00".repeat(26)}`, "hex");

test.each(hasherNames)("%s finds the nonce from one that is near below it", async (hasher) => {
  const header = Buffer.from(genesis);
  header.writeUInt32LE(2_083_236_893 - 2 * nonceRangeSize, 76);
  const onWarning = (warning: Error): never => {
    throw warning;
  };
  const search = await searchHeader({ header, target, threads: 2, hasher, onWarning });
  expect(Buffer.from(search.header!).toString("hex")).toBe(genesis.toString("hex"));
  expect(search.hashes).toBeGreaterThan(nonceRangeSize);
  expect(search.hashes).toBeLessThan(50 * nonceRangeSize);
  expect(search.seconds).toBeGreaterThan(0);
});

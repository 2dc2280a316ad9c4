/** Checks the networks' constants against the public ones. */

import { describe, expect, test } from "vitest";
import { checkBlock } from "../../src/consensus/block.ts";
import { checkProofOfWork } from "../../src/consensus/header.ts";
import { lab, main, networkNames, paramsOf, regtest } from "../../src/consensus/params.ts";
import { checkTransaction } from "../../src/consensus/transaction.ts";
import { encodeCompact } from "../../src/primitives/target.ts";
import { txidOf } from "../../src/primitives/transaction.ts";

describe("the first block", () => {
  test.each([
    ["main", "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f", 1_231_006_505],
    ["regtest", "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206", 1_296_688_602],
    ["lab", lab.genesisHash, 1_767_225_600],
  ] as const)("of %s has its hash and time", (name, hash, time) => {
    expect(paramsOf(name).genesisHash).toBe(hash);
    expect(paramsOf(name).genesis.header.time).toBe(time);
  });

  test("of lab keeps its hash: changing it makes another network", () => {
    expect(lab.genesisHash).toBe(
      "00008bd694ca3d2f8e26136df9ceaf92143b84f472adc182c2e3fd449522a9e7",
    );
  });

  test("of lab is not one of those it had under former rules", () => {
    expect(lab.formerGenesisHashes).not.toContain(lab.genesisHash);
  });

  test.each(networkNames)("of %s proves its work and commits to its transaction", (name) => {
    const params = paramsOf(name);
    const { header, transactions } = params.genesis;
    expect(checkProofOfWork(header, params).ok).toBe(true);
    expect(transactions).toHaveLength(1);
    expect(header.merkleRoot).toBe(txidOf(transactions[0]!));
    expect(header.previous).toBe("00".repeat(32));
  });

  test("of lab keeps lab's own rules and pays nobody", () => {
    expect(checkBlock(lab.genesis, lab).ok).toBe(true);
    const [transaction] = lab.genesis.transactions;
    expect(checkTransaction(transaction!).ok).toBe(true);
    expect(transaction!.outputs.map(({ value }) => value)).toEqual([0]);
  });
});

describe("a network", () => {
  test.each(networkNames)("%s is found by its name and frozen", (name) => {
    const params = paramsOf(name);
    expect(params.name).toBe(name);
    expect(Object.isFrozen(params)).toBe(true);
  });

  test("has prefixes and genesis blocks of its own", () => {
    const all = networkNames.map(paramsOf);
    expect(new Set(all.map(({ addressPrefix }) => addressPrefix)).size).toBe(all.length);
    expect(new Set(all.map(({ genesisHash }) => genesisHash)).size).toBe(all.length);
  });

  test.each([
    [main, 0x1d00_ffff],
    [regtest, 0x207f_ffff],
  ])("$name has Bitcoin Core's easiest target", (params, bits) => {
    expect(encodeCompact(params.targetMax)).toBe(bits);
    expect(params.genesis.header.bits).toBe(bits);
  });
});

/** Checks what goes into a block, in which order, and that the block keeps every rule. */

import { describe, expect, test } from "vitest";
import type { Ancestor } from "../../src/consensus/ancestor.ts";
import { checkBlock, placeBlock } from "../../src/consensus/block.ts";
import { checkProofOfWork } from "../../src/consensus/header.ts";
import { lab, type Params, regtest } from "../../src/consensus/params.ts";
import { coinbaseWeightMax, makeTemplate, selectTransactions } from "../../src/mempool/template.ts";
import { type Block, weightOfBlock } from "../../src/primitives/block.ts";
import type { Milliseconds, Satoshi } from "../../src/primitives/brand.ts";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import { blockHash } from "../../src/primitives/header.ts";
import { hashNumber } from "../../src/primitives/target.ts";
import { type Transaction, weightOf } from "../../src/primitives/transaction.ts";
import { keyOf } from "../builders.ts";
import { madeBy, Scene } from "./scene.ts";

const smallWeight = 444;

function select(scene: Scene, weightMax = 4_000_000) {
  return selectTransactions(scene.mempool, scene.ledger.view, weightMax);
}

describe("the choice", () => {
  test("takes the best fee rate first, whoever came first", () => {
    const scene = new Scene();
    const pays = [300, 900, 600].map((fee) => scene.spend([scene.coin()], fee));
    for (const pay of pays) scene.admits(pay);
    expect(select(scene)).toEqual({ transactions: [pays[1], pays[2], pays[0]], fees: 1800 });
  });

  test("a child pays for its parent, which then comes before it", () => {
    //  poor (1 sat/vB) ─ rich (9)      plain (3)
    const scene = new Scene();
    const plain = scene.spend([scene.coin()], 333);
    const poor = scene.spend([scene.coin()], 111);
    const rich = scene.spend([madeBy(poor)], 999);
    for (const pay of [plain, poor, rich]) scene.admits(pay);
    expect(select(scene).transactions).toEqual([poor, rich, plain]);
    const roomForTwo = coinbaseWeightMax + 2 * smallWeight;
    expect(select(scene, roomForTwo)).toEqual({ transactions: [poor, rich], fees: 1110 });
  });

  test("a parent that one child has paid for is no burden to the next", () => {
    //  poor (1) ─┬─ rich (9)      alone it would be worth 5
    //            └─ second (4)    with its parent 2.5, without 4
    //  plain (3)
    const scene = new Scene();
    const poor = scene.spend([scene.coin()], 154, { outputs: 2 });
    const rich = scene.spend([madeBy(poor, 0)], 999);
    const second = scene.spend([madeBy(poor, 1)], 444);
    const plain = scene.spend([scene.coin()], 333);
    for (const pay of [plain, poor, second, rich]) scene.admits(pay);
    expect(select(scene).transactions).toEqual([poor, rich, second, plain]);
  });

  test("fills the room to the last weight unit, and skips what does not fit", () => {
    const scene = new Scene();
    const wide = scene.spend([scene.coin()], 9000, { outputs: 3 });
    const small = scene.spend([scene.coin()], 111);
    scene.admits(wide);
    scene.admits(small);
    const weight = coinbaseWeightMax + weightOf(wide) + weightOf(small);
    expect(select(scene, weight).transactions).toEqual([wide, small]);
    expect(select(scene, weight - 1).transactions).toEqual([wide]);
    expect(select(scene, coinbaseWeightMax + smallWeight).transactions).toEqual([small]);
    expect(select(scene, coinbaseWeightMax + smallWeight - 1).transactions).toEqual([]);
  });

  test("leaves out what is locked in that block, with what needs it", () => {
    const scene = new Scene();
    scene.ledger.connect();
    const { height } = scene.ledger.view;
    const locked = scene.spend([scene.coin()], 500, { lockTime: height - 1 });
    const child = scene.spend([madeBy(locked)], 5000);
    const free = scene.spend([scene.coin()], 111);
    for (const pay of [locked, child, free]) scene.admits(pay);
    const earlier = { ...scene.ledger.view, height: height - 1 };
    const { transactions } = selectTransactions(scene.mempool, earlier, 4_000_000);
    expect(transactions).toEqual([free]);
  });
});

function genesisOf({ genesis }: Params): Ancestor {
  const { header } = genesis;
  return { header, height: 0, medianTime: header.time, parent: undefined };
}

function solve(block: Block, params: Params): Block {
  for (let nonce = 0; ; nonce++) {
    const header = { ...block.header, nonce };
    if (checkProofOfWork(header, params).ok) return { ...block, header };
  }
}

const now = 1_700_000_000_000 as Milliseconds;
const payTo = keyOf("miner").script;
const empty = { transactions: [] as Transaction[], fees: 0 as Satoshi };

describe("the template", () => {
  test("once solved, is a valid block that takes subsidy and fees", () => {
    const scene = new Scene();
    const [parent] = scene.chain(1, 500) as [Transaction];
    scene.admits(scene.spend([madeBy(parent)], 700));
    const genesis = genesisOf(regtest);
    const { medianTime } = genesis;
    const selection = select(scene);
    const template = makeTemplate({
      ...selection,
      params: regtest,
      parent: genesis,
      payTo,
      now,
      extraNonce: 7,
      tag: "anna",
    });
    expect(template).toMatchObject({
      height: 1,
      fees: 1200,
      timeMaxSeconds: 1_700_007_200,
      target: hashNumber("7fffff".padEnd(64, "0")),
    });
    expect(template.block.header).toMatchObject({ time: 1_700_000_000, nonce: 0 });
    expect(template.block.header.time).toBeGreaterThan(medianTime);
    const solved = solve(template.block, regtest);
    const checked = checkBlock(solved, regtest);
    if (!checked.ok) throw new Error(checked.problem.rule);
    expect(placeBlock(checked.value, genesis, regtest, now).ok).toBe(true);
    const coinbase = solved.transactions[0]!;
    expect(coinbase.outputs[0]).toEqual({ value: 5_000_001_200, script: payTo });
    expect(bytesToHex(coinbase.inputs[0]!.scriptSig)).toBe(
      "51" + "080700000000000000" + "04616e6e61",
    );
    expect(weightOfBlock(solved)).toBeLessThanOrEqual(coinbaseWeightMax + 2 * smallWeight);
  });

  test("without transactions and tag it is valid too, and commits to witnesses", () => {
    const genesis = genesisOf(regtest);
    const template = makeTemplate({
      ...empty,
      params: regtest,
      parent: genesis,
      payTo,
      now,
      extraNonce: 0,
    });
    expect(template.block.transactions).toHaveLength(1);
    expect(template.block.transactions[0]!.outputs).toHaveLength(2);
    const checked = checkBlock(solve(template.block, regtest), regtest);
    if (!checked.ok) throw new Error(checked.problem.rule);
    expect(placeBlock(checked.value, genesis, regtest, now).ok).toBe(true);
  });

  test("the longest tag fits at the largest height; one byte more does not", () => {
    const far = { ...genesisOf(regtest), height: 0xffff_fffe };
    const make = (tag: string) =>
      makeTemplate({
        ...empty,
        params: regtest,
        parent: far,
        payTo,
        now,
        extraNonce: 2 ** 52,
        tag,
      });
    const { block } = make("é".repeat(37) + "e");
    expect(block.transactions[0]!.inputs[0]!.scriptSig.length).toBeLessThanOrEqual(100);
    expect(weightOfBlock(block)).toBeLessThanOrEqual(coinbaseWeightMax);
    expect(() => make("e".repeat(76))).toThrow(RangeError);
  });

  test("each extra nonce gives another block, and the id names it", () => {
    const parent = genesisOf(lab);
    const make = (extraNonce: number) =>
      makeTemplate({ ...empty, params: lab, parent, payTo, now, extraNonce });
    expect(make(1)).toEqual(make(1));
    expect(make(1).id).toBe(blockHash(make(1).block.header));
    expect(make(1).id).not.toBe(make(2).id);
    expect(make(1).block.header.merkleRoot).not.toBe(make(2).block.header.merkleRoot);
  });

  test("a clock that is behind the chain gives the earliest time that is allowed", () => {
    const parent = genesisOf(lab);
    const early = 5_000 as Milliseconds;
    const { block } = makeTemplate({
      ...empty,
      params: lab,
      parent,
      payTo,
      now: early,
      extraNonce: 1,
    });
    expect(block.header.time).toBe(parent.medianTime + 1);
  });
});

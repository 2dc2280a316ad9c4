/** Checks what a node answers to a transaction and a block that somebody hands in. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { submitBlock, submitTransaction } from "../../../src/io/queries/submissions.ts";
import { hashOfBlock } from "../../../src/primitives/block.ts";
import { txidOf } from "../../../src/primitives/transaction.ts";
import { output, payment, type Spendable } from "../../builders.ts";
import { FullNodeScene, shop } from "../full-node-scene.ts";

let scene: FullNodeScene;
let coins: Spendable[];

beforeAll(async () => {
  scene = await FullNodeScene.start();
  coins = await scene.fund(2);
});

afterAll(() => scene.stop());

test("a transaction is admitted, and known when it comes again", async () => {
  const paid = payment({ from: [coins[0]!], to: [output(1_000_000, shop.script)] });
  const txid = txidOf(paid);
  expect(await submitTransaction(scene.full, paid)).toEqual({ status: "admitted", txid });
  expect(await submitTransaction(scene.full, paid)).toEqual({ status: "known", txid });
});

test("a transaction that pays too little is rejected with the rule and the facts", async () => {
  const { value } = coins[1]!.output;
  const cheap = payment({ from: [coins[1]!], to: [output(value - 1, shop.script)] });
  expect(await submitTransaction(scene.full, cheap)).toMatchObject({
    status: "rejected",
    txid: txidOf(cheap),
    problem: { rule: "min relay fee not met", fee: 1 },
  });
});

test("a block becomes the tip, and one without proof of work is rejected", async () => {
  const block = scene.solve();
  const hash = hashOfBlock(block);
  expect(await submitBlock(scene.full, block)).toEqual({ status: "tip", hash });
  const next = scene.solve();
  const unproven = Array.from({ length: 100 }, (_, nonce) => {
    return { ...next, header: { ...next.header, nonce } };
  }).find((each) => hashOfBlock(each) > "8")!;
  expect(await submitBlock(scene.full, unproven)).toMatchObject({
    status: "rejected",
    hash: hashOfBlock(unproven),
    problem: { rule: "high-hash" },
  });
});

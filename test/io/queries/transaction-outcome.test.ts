/** Checks what a node says became of a transaction. */

import { afterEach, beforeEach, expect, test } from "vitest";
import { type Queries, queriesOf } from "../../../src/io/queries/queries.ts";
import { outcomeOf } from "../../../src/io/queries/transaction-outcome.ts";
import { hashOfBlock } from "../../../src/primitives/block.ts";
import type { Txid } from "../../../src/primitives/brand.ts";
import { type Transaction, txidOf } from "../../../src/primitives/transaction.ts";
import { output, payment } from "../../builders.ts";
import { FullNodeScene, miner, shop } from "../full-node-scene.ts";

let scene: FullNodeScene;
let queries: Queries;

beforeEach(async () => {
  scene = await FullNodeScene.start();
  queries = queriesOf(scene.full);
});

afterEach(() => scene.stop());

const outcome = (transaction: Transaction) => outcomeOf(txidOf(transaction), queries);

async function submit(transaction: Transaction): Promise<void> {
  await scene.full.runner.command({ type: "submit-transaction", transaction });
}

test("it waits, is confirmed, is left behind and waits again", async () => {
  //  … ─ f ─ a1:paid
  //       └─ b1 ─ b2
  const [coin] = await scene.fund(1);
  const fork = scene.tip;
  const paid = payment({ from: [coin!], to: [output(1_000_000, shop.script)] });
  await submit(paid);
  expect(outcome(paid)).toMatchObject({ state: "waiting", orphaning: undefined });
  const a1 = await scene.mine([paid]);
  expect(outcome(paid)).toMatchObject({ state: "confirmed", confirmations: 1 });
  const b1 = await scene.mine([], fork);
  await scene.mine([], scene.entryOf(b1));
  expect(outcome(paid)).toMatchObject({
    state: "waiting",
    orphaning: { block: hashOfBlock(a1), height: fork.height + 1 },
    found: { transaction: paid, confirmedBy: undefined },
  });
});

test("it loses against a conflicting one, and is still found in the block left behind", async () => {
  //  … ─ f ─ a1:paid
  //       └─ b1:rival ─ b2
  const [coin] = await scene.fund(1);
  const fork = scene.tip;
  const paid = payment({ from: [coin!], to: [output(1_000_000, shop.script)] });
  const rival = payment({ from: [coin!], to: [output(2_000_000, miner.script)] });
  await scene.mine([paid]);
  const b1 = await scene.mine([rival], fork);
  await scene.mine([], scene.entryOf(b1));
  expect(outcome(paid)).toMatchObject({
    state: "gone",
    removal: { reason: "conflicted", by: txidOf(rival) },
    found: { transaction: paid, spent: [coin!.output], confirmedBy: undefined },
  });
  expect(outcome(rival)).toMatchObject({ state: "confirmed", confirmations: 2 });
});

test("it is replaced before any block held it, and its bytes are not kept", async () => {
  const [coin] = await scene.fund(1);
  const { value } = coin!.output;
  const cheap = payment({ from: [coin!], to: [output(value - 1_000, shop.script)] });
  const dear = payment({ from: [coin!], to: [output(value - 9_000, shop.script)] });
  await submit(cheap);
  await submit(dear);
  expect(outcome(cheap)).toEqual({
    txid: txidOf(cheap),
    state: "gone",
    removal: { reason: "replaced", by: txidOf(dear) },
    orphaning: undefined,
    found: undefined,
  });
});

test("nothing is said of one that was never seen", () => {
  expect(outcomeOf("ab".repeat(32) as Txid, queries)).toBeUndefined();
});

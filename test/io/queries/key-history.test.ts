/** Checks what is told of a key: sums, pages, coins, and that each answer belongs to one tip. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { entriesOfPage } from "../../../src/indexes/script-records.ts";
import { IndexRecords } from "../../../src/io/queries/index-records.ts";
import { KeyHistory, type OwnedCoin } from "../../../src/io/queries/key-history.ts";
import type { ServedNode } from "../../../src/io/queries/served-node.ts";
import { StoredBlocks } from "../../../src/io/queries/stored-blocks.ts";
import { Transactions } from "../../../src/io/queries/transactions.ts";
import { WaitingByKey } from "../../../src/io/queries/waiting-by-key.ts";
import type { Txid } from "../../../src/primitives/brand.ts";
import { taprootKey } from "../../../src/primitives/script.ts";
import { type OutPoint, outPointName, txidOf } from "../../../src/primitives/transaction.ts";
import { keyOf, output, payment, spendable } from "../../builders.ts";
import { FullNodeScene, miner, shop } from "../full-node-scene.ts";

type Store = ServedNode["store"];

let scene: FullNodeScene;
/** Has more than a page of the miner's history, which is then read by scans. */
let long: FullNodeScene;

const minerKey = taprootKey(miner.script)!;

beforeAll(async () => {
  scene = await FullNodeScene.start();
  for (let i = 0; i < 7; i++) await scene.mine();
  long = await FullNodeScene.start();
  for (let i = 0; i < 2 * entriesOfPage + 3; i++) await long.mine();
});

afterAll(async () => {
  await scene.stop();
  await long.stop();
});

function historyOf({ full }: FullNodeScene, store: Store = full.store): KeyHistory {
  const { node } = full;
  const records = new IndexRecords(store);
  const blocks = new StoredBlocks(node.chain, store, records);
  const transactions = new Transactions(node, records, blocks);
  return new KeyHistory(node, records, transactions, new WaitingByKey(node));
}

/** The long node's own store, but something happens before each scan is read. */
function storeWhere(beforeScan: () => Promise<unknown>): Store {
  const { store } = long.full;
  return {
    waitingCount: 0,
    get: (key) => store.get(key),
    async *scan(prefix, options) {
      await beforeScan();
      yield* store.scan(prefix, options);
    },
  };
}

test("a key that nobody used has zeros and no coins", async () => {
  const key = taprootKey(keyOf("nobody").script)!;
  const history = historyOf(scene);
  const { confirmed, waiting } = history.totals(key);
  expect(confirmed).toEqual(waiting);
  expect(confirmed).toMatchObject({ transactionCount: 0, fundedSum: 0, spentSum: 0 });
  expect(await history.coins(key, 1_000)).toEqual({ ok: true, value: [] });
});

test("pages follow each other, the newest first, as long as the caller wants them", async () => {
  const history = historyOf(scene);
  const heights: (number | undefined)[][] = [];
  let after: Txid | undefined;
  for (;;) {
    const page = await history.confirmed(minerKey, { countMax: 3, ...(after && { after }) });
    if (!page.ok || page.value.length === 0) break;
    heights.push(page.value.map(({ confirmedBy }) => confirmedBy?.height));
    after = txidOf(page.value.at(-1)!.transaction);
  }
  expect(heights).toEqual([[7, 6, 5], [4, 3, 2], [1]]);
});

test("pages go over the borders of records, and begin behind any transaction", async () => {
  const history = historyOf(long);
  const { height } = long.tip;
  const heights: (number | undefined)[] = [];
  let after: Txid | undefined;
  for (;;) {
    const page = await history.confirmed(minerKey, { countMax: 25, ...(after && { after }) });
    if (!page.ok || page.value.length === 0) break;
    heights.push(...page.value.map(({ confirmedBy }) => confirmedBy?.height));
    after = txidOf(page.value.at(-1)!.transaction);
  }
  expect(heights).toEqual(Array.from({ length: height }, (_, i) => height - i));
});

test("nothing comes after a transaction that is not in the chain", async () => {
  const after = "ab".repeat(32) as Txid;
  const page = await historyOf(scene).confirmed(minerKey, { countMax: 3, after });
  expect(page).toEqual({ ok: true, value: [] });
});

test("what waits changes the sums and the coins apart from what is confirmed", async () => {
  const funded = await FullNodeScene.start();
  try {
    const [coin] = await funded.fund(1);
    const paid = payment({ from: [coin!], to: [output(1_000, shop.script)] });
    await funded.mine([paid]);
    const rest = output(600, keyOf("baker").script);
    const waiting = payment({ from: [spendable(paid, 0, shop)], to: [rest] });
    await funded.full.runner.command({ type: "submit-transaction", transaction: waiting });
    const history = historyOf(funded);
    expect(history.totals(taprootKey(shop.script)!)).toMatchObject({
      confirmed: { transactionCount: 1, fundedSum: 1_000, spentSum: 0 },
      waiting: { transactionCount: 1, fundedSum: 0, spentSum: 1_000 },
    });
    expect(await history.coins(taprootKey(shop.script)!, 1_000)).toEqual({ ok: true, value: [] });
    const point = { txid: txidOf(waiting), index: 0 };
    expect(await history.coins(taprootKey(rest.script)!, 1_000)).toEqual({
      ok: true,
      value: [{ point, output: rest, confirmedBy: undefined, isCoinbase: false }],
    });
  } finally {
    await funded.stop();
  }
});

test("is read again if the tip moved meanwhile", async () => {
  let scans = 0;
  const store = storeWhere(async () => {
    scans += 1;
    if (scans === 1) await long.mine();
  });
  const coins = await historyOf(long, store).coins(minerKey, 1_000);
  expect(scans).toBe(2);
  expect(coins.ok && coins.value).toHaveLength(long.tip.height);
});

test("is given up after five attempts if the tip moves each time", async () => {
  let scans = 0;
  const store = storeWhere(async () => {
    scans += 1;
    await long.mine();
  });
  const coins = await historyOf(long, store).coins(minerKey, 1_000);
  expect(coins).toEqual({ ok: false, problem: { rule: "tip-moves" } });
  expect(scans).toBe(5);
});

test("tells all coins, or none if there are more than the caller wants", async () => {
  const history = historyOf(scene);
  const { height } = scene.tip;
  const all = await history.coins(minerKey, height);
  expect(all.ok && all.value).toHaveLength(height);
  expect(await history.coins(minerKey, height - 1)).toEqual({
    ok: false,
    problem: { rule: "too-many-coins" },
  });
});

test("pages of coins follow each other, and together hold each coin once, also those that wait", async () => {
  const paged = await FullNodeScene.start();
  try {
    const [coin] = await paged.fund(1);
    const to = Array.from({ length: 5 }, (_, i) => output(1_000 + i, shop.script));
    const paid = payment({ from: [coin!], to });
    await paged.mine([paid]);
    const rest = [output(350, shop.script), output(351, shop.script)];
    const waiting = payment({ from: [spendable(paid, 3, shop)], to: rest });
    await paged.full.runner.command({ type: "submit-transaction", transaction: waiting });
    const history = historyOf(paged);
    const key = taprootKey(shop.script)!;

    const all = await history.coins(key, 1_000);
    const found: OwnedCoin[] = [];
    const sizes: number[] = [];
    for (let after: OutPoint | undefined; ; after = found.at(-1)!.point) {
      const page = await history.coinPage(key, { countMax: 2, ...(after && { after }) });
      if (!page.ok) throw new Error(page.problem.rule);
      found.push(...page.value.coins);
      sizes.push(page.value.coins.length);
      if (!page.value.hasMore) break;
    }
    expect(sizes).toEqual([2, 2, 2]);
    const names = (coins: readonly OwnedCoin[]) => coins.map((each) => outPointName(each.point));
    expect(all.ok && names(all.value).sort()).toEqual(names(found).sort());
  } finally {
    await paged.stop();
  }
});

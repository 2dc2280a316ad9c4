/** Checks the route that tells an address's coins a page at a time. */

import { afterAll, beforeAll, expect, test } from "vitest";
import type { CoinPageJson } from "../../../../src/contract/coin-page.ts";
import { txidOf } from "../../../../src/primitives/transaction.ts";
import { keyOf, output, payment, spendable } from "../../../builders.ts";
import { addressOf, miner, shop } from "../../full-node-scene.ts";
import { ApiScene } from "../api-scene.ts";

const pageSize = 1_000;

let scene: ApiScene;

beforeAll(async () => {
  scene = await ApiScene.start();
});

afterAll(() => scene.stop());

async function pageOf(script: Uint8Array, after?: string): Promise<CoinPageJson> {
  const query = after === undefined ? "" : `?after=${after}`;
  const { body } = await scene.api
    .get(`/api/v1/address/${addressOf(script)}/coins${query}`)
    .expect(200);
  return body as CoinPageJson;
}

test("an address that nobody used has one empty page", async () => {
  expect(await pageOf(keyOf("nobody").script)).toEqual({
    tip: scene.tip.hash,
    height: scene.tip.height,
    tx_count: 0,
    coin_count: 0,
    coins: [],
    next: null,
  });
});

test("a coin says where it is confirmed and whether it is a coinbase's", async () => {
  const [coin] = await scene.fund(1);
  const value = coin!.output.value;
  const paid = payment({ from: [coin!], to: [output(value - 1_000, shop.script)] });
  await scene.send(paid);
  const mined = await pageOf(miner.script);
  // The first one is spent by what waits.
  expect(mined).toMatchObject({ tx_count: 102, coin_count: 100 });
  expect(mined.coins.every(({ coinbase, height }) => coinbase && height! > 1)).toBe(true);
  const waiting = { txid: txidOf(paid), vout: 0, value: value - 1_000 };
  expect((await pageOf(shop.script)).coins).toEqual([
    { ...waiting, height: null, coinbase: false },
  ]);
  await scene.mine([paid]);
  expect((await pageOf(shop.script)).coins).toEqual([
    { ...waiting, height: scene.tip.height, coinbase: false },
  ]);

  const many = Array.from({ length: pageSize + 200 }, () => output(700, shop.script));
  await scene.mine([payment({ from: [spendable(paid, 0, shop)], to: many })]);
  const first = await pageOf(shop.script);
  const second = await pageOf(shop.script, first.next!);
  expect([first.coins.length, second.coins.length]).toEqual([pageSize, 200]);
  expect([first.coin_count, second.coin_count]).toEqual([pageSize + 200, pageSize + 200]);
  expect(second.next).toBeNull();
  const indexes = [...first.coins, ...second.coins].map(({ vout }) => vout);
  expect(new Set(indexes).size).toBe(pageSize + 200);
});

test.each([
  ["address-invalid", "/api/v1/address/alice/coins"],
  ["cursor-invalid", `/api/v1/address/${addressOf(shop.script)}/coins?after=ab:0`],
  [
    "cursor-invalid",
    `/api/v1/address/${addressOf(shop.script)}/coins?after=${"ab".repeat(32)}:9999999999`,
  ],
])("%s is told of %s", async (code, path) => {
  const { body } = await scene.api.get(path).expect(400);
  expect(body).toMatchObject({ code });
});

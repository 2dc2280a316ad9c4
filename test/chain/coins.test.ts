/** Checks coins in layers: what a layer says, and what it would write. */

import { expect, test } from "vitest";
import { CoinLayer, storedCoins } from "../../src/chain/coins.ts";
import { coinKey, encodeCoin } from "../../src/chain/records.ts";
import type { Coin } from "../../src/consensus/coin.ts";
import { MemoryStore } from "../../src/sim/engine/memory-store.ts";
import { coinNamed, outputOf } from "../consensus/samples.ts";

function coin(value: number): Coin {
  return { output: outputOf(value), height: 7, isCoinbase: true };
}

const stored = coinNamed(0);
const fresh = coinNamed(1);

function layerOver(...values: number[]) {
  const store = new MemoryStore(
    new Map(values.map((value, index) => [coinKey(coinNamed(index)), encodeCoin(coin(value))])),
  );
  const coins = storedCoins(store);
  return { store, coins, layer: new CoinLayer(coins) };
}

test("a layer shows the coins below it until it changes them", () => {
  const { layer } = layerOver(100);
  expect(layer.get(stored)).toEqual(coin(100));
  expect(layer.get(fresh)).toBeUndefined();
  layer.remove(stored);
  layer.add(fresh, coin(200));
  expect(layer.get(stored)).toBeUndefined();
  expect(layer.get(fresh)).toEqual(coin(200));
});

test("what is below a layer changes only when its writes are committed", () => {
  const { store, coins, layer } = layerOver(100);
  layer.remove(stored);
  layer.add(fresh, coin(200));
  expect(coins.get(stored)).toEqual(coin(100));
  expect(coins.get(fresh)).toBeUndefined();
  store.commit(layer.writes());
  expect(coins.get(stored)).toBeUndefined();
  expect(coins.get(fresh)).toEqual(coin(200));
});

test("the last change to a coin counts", () => {
  const { store, coins, layer } = layerOver(100);
  layer.remove(stored);
  layer.add(stored, coin(100));
  layer.add(fresh, coin(200));
  layer.remove(fresh);
  store.commit(layer.writes());
  expect(coins.get(stored)).toEqual(coin(100));
  expect(coins.get(fresh)).toBeUndefined();
});

test("a layer may lie over another layer", () => {
  const { coins, layer } = layerOver(100);
  layer.remove(stored);
  const upper = new CoinLayer(layer);
  expect(upper.get(stored)).toBeUndefined();
  upper.add(stored, coin(300));
  expect(layer.get(stored)).toBeUndefined();
  expect(coins.get(stored)).toEqual(coin(100));
});

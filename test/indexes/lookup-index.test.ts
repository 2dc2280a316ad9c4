/** Compares the index after reorganisations over the borders of pages with one that saw none. */

import { expect, test } from "vitest";
import { getPart, getWhole } from "../../src/chain/pieces.ts";
import { blockKey, decodeCoins, undoKey } from "../../src/chain/records.ts";
import { readIndexState } from "../../src/indexes/index-state.ts";
import {
  decodeEntries,
  decodeScriptRecord,
  entriesOfPage,
  pageKey,
  scriptHashOf,
  scriptKey,
} from "../../src/indexes/script-records.ts";
import {
  decodeLayout,
  decodeTransactionRecord,
  layoutKey,
  transactionKey,
} from "../../src/indexes/transaction-records.ts";
import { decodeTransaction, type Transaction, txidOf } from "../../src/primitives/transaction.ts";
import type { MemoryStore } from "../../src/sim/engine/memory-store.ts";
import { blankPayment, keyOf, output, spendable } from "../builders.ts";
import { Forest, miner } from "../chain/forest.ts";
import { now, Scene } from "../chain/scene.ts";

const rooms = ["transaction/", "layout/", "script/", "history/", "index"];

function indexIn(store: MemoryStore) {
  return rooms.flatMap((room) => store.scan(room));
}

/** Names from `a1` on. */
function named(letter: string, first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => `${letter}${first + i}`);
}

test("a reorganisation over the border of a page leaves the index that the branch alone makes", () => {
  //  genesis ─ a1 … a60 ─ a61 … a70:pay
  //                  └─ b61 … b130:pay ─ b131
  //                              └─ c125 … c133:pay
  const forest = new Forest().plant(named("a", 1, 69).join(" ")).pay("pay", "a1");
  forest.plant(["a69", "a70:pay"].join(" "));
  forest.plant(["a60", ...named("b", 61, 129), "b130:pay", "b131"].join(" "));
  forest.plant(["b124", ...named("c", 125, 132), "c133:pay"].join(" "));
  const a = [...named("a", 1, 70)];
  const [b, c] = [named("b", 61, 131), named("c", 125, 133)];
  const scene = new Scene(forest, ...a);
  expect(scene.tip).toBe("a70");
  for (const [branch, tip] of [
    [[...named("a", 1, 60), ...b], "b131"],
    [[...named("a", 1, 60), ...named("b", 61, 124), ...c], "c133"],
  ] as const) {
    scene.receives(...branch);
    expect(scene.tip).toBe(tip);
    const alone = new Scene(forest, ...branch);
    expect(indexIn(scene.store)).toEqual(indexIn(alone.store));
    expect(readIndexState(scene.store)).toEqual({
      height: scene.chain.tip.height,
      hash: scene.chain.tip.hash,
    });
  }
  const script = scriptHashOf(miner.script);
  const { totals, tail } = decodeScriptRecord(scene.store.get(scriptKey(script))!);
  // 133 coinbases, and the payment's input.
  expect(totals).toMatchObject({ fundedCount: 133, spentCount: 1, transactionCount: 134 });
  expect(decodeEntries(tail)).toHaveLength(134 - 2 * entriesOfPage);
  const page = decodeEntries(scene.store.get(pageKey(script, 1))!);
  expect(page).toHaveLength(entriesOfPage);
  expect(page[0]!.height).toBe(entriesOfPage + 1);
});

test("a payment takes few writes: one in a block of many, five where nobody was paid before", () => {
  const count = 200;
  const forest = new Forest().plant("a1 a2");
  const reward = forest.reward("a1");
  const split = blankPayment({
    from: [reward],
    to: Array.from({ length: count }, () => output(10_000, miner.script)),
  });
  forest.note("split", split).plant("a2 a3:split");
  const coins = split.outputs.map((_, index) => spendable(split, index, miner));
  const shop = keyOf("shop").script;
  // As most payments of a shop's customers: to the shop, and back to the payer.
  const busy = coins.map((coin) =>
    blankPayment({ from: [coin], to: [output(4_000, shop), output(5_000, miner.script)] }),
  );
  // Each of a coin of its own, to two keys that are new.
  const fresh = busy.slice(0, 20).map((paid, i) => {
    const to = [`x${i}`, `y${i}`].map((name) => output(1_000, keyOf(name).script));
    return blankPayment({ from: [spendable(paid, 0, keyOf("shop"))], to });
  });
  const names = (all: readonly Transaction[], letter: string) =>
    all.map((each, i) => {
      forest.note(`${letter}${i}`, each);
      return `${letter}${i}`;
    });
  forest.plant(`a3 a4:${names(busy, "busy").join(",")}`);
  forest.plant(`a4 a5:${names(fresh, "fresh").join(",")}`);
  const scene = new Scene(forest, "a1", "a2", "a3");
  const writesOf = (name: string) => {
    const acceptance = scene.chain.accept(forest.block(name), now);
    if (acceptance.status !== "tip") throw new Error(`${name} is ${acceptance.status}`);
    return acceptance.batch.filter(({ key }) => rooms.some((room) => key.startsWith(room))).length;
  };
  expect(writesOf("a4") / count).toBeLessThan(1.1);
  expect(writesOf("a5") / fresh.length).toBeLessThan(4.5);
});

test("a place in the stored block gives the transaction, and its coins in the undo record", () => {
  const forest = new Forest().plant("a1 a2 a3");
  const [first, second] = [forest.reward("a1"), forest.reward("a2")];
  const to = [output(1_000, keyOf("shop").script), output(2_000, miner.script)];
  const big = blankPayment({ from: [first, second], to });
  forest.note("big", big).plant("a3 a4:big");
  const { store, chain } = new Scene(forest, "a1", "a2", "a3", "a4");
  const { height, position } = decodeTransactionRecord(store.get(transactionKey(txidOf(big)))!);
  expect([height, position]).toEqual([4, 1]);
  const { hash } = chain.tip;
  const rows = decodeLayout(getWhole(store, layoutKey(hash))!);
  expect(rows).toHaveLength(3);
  const [row, end] = [rows[1]!, rows[2]!];
  const bytes = getPart(store, blockKey(hash), row.offset, end.offset - row.offset)!;
  const found = decodeTransaction(bytes);
  expect(found.ok && txidOf(found.value)).toBe(txidOf(big));
  expect(end.offset).toBe(getWhole(store, blockKey(hash))!.length);
  const coins = getPart(store, undoKey(hash), row.undoOffset, end.undoOffset - row.undoOffset)!;
  expect(decodeCoins(coins).map((coin) => coin.output)).toEqual([first.output, second.output]);
  for (const { point } of [first, second]) {
    const { spenders } = decodeTransactionRecord(store.get(transactionKey(point.txid))!);
    const input = point === first.point ? 0 : 1;
    expect(spenders).toEqual([{ output: 0, txid: txidOf(big), input, height: 4 }]);
  }
});

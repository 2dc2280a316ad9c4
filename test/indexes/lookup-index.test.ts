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
import { decodeTransaction, txidOf } from "../../src/primitives/transaction.ts";
import type { MemoryStore } from "../../src/sim/engine/memory-store.ts";
import { blankPayment, keyOf, output } from "../builders.ts";
import { Forest, miner } from "../chain/forest.ts";
import { Scene } from "../chain/scene.ts";

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

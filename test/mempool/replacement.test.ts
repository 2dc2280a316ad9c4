/** Checks when a transaction may push out those that spend the same coins. */

import { describe, expect, test } from "vitest";
import { type Transaction, txidOf } from "../../src/primitives/transaction.ts";
import { madeBy, Scene, smallSizeBytes, snapshot } from "./scene.ts";

describe("a replacement", () => {
  test("pays what it replaces, and 1 satoshi more for each of its own virtual bytes", () => {
    const scene = new Scene();
    const from = [scene.coin()];
    const first = scene.spend(from, 500);
    scene.admits(first);
    const before = snapshot(scene.mempool);
    const problem = scene.refuses(scene.spend(from, 500 + smallSizeBytes - 1));
    expect(problem).toEqual({ rule: "insufficient fee", fee: 610, required: 611 });
    expect(snapshot(scene.mempool)).toEqual(before);
    const second = scene.spend(from, 500 + smallSizeBytes);
    expect(scene.admits(second).replaced).toEqual([first]);
    expect(scene.has(first)).toBe(false);
    expect(scene.mempool.spenderOf(from[0]!.point)).toBe(txidOf(second));
  });

  test("needs no signal from what it replaces", () => {
    const scene = new Scene();
    const from = [scene.coin()];
    scene.admits(scene.spend(from, 500, { sequence: 0xffff_ffff }));
    scene.admits(scene.spend(from, 700));
  });

  test("pays for the children of what it replaces too", () => {
    //  coin ─┬─ parent ─ child
    //        └─ rival
    const scene = new Scene();
    const coin = scene.coin();
    const [parent, child] = scene.chain(2, 400, coin) as [Transaction, Transaction];
    const problem = scene.refuses(scene.spend([coin], 800 + smallSizeBytes - 1));
    expect(problem).toMatchObject({ rule: "insufficient fee", required: 911 });
    const rival = scene.spend([coin], 800 + smallSizeBytes);
    expect(scene.admits(rival).replaced).toEqual([parent, child]);
    expect(scene.mempool).toMatchObject({ count: 1, totalFees: 911, virtualSizeBytes: 111 });
  });

  test("has a better fee rate than each of its conflicts", () => {
    const scene = new Scene();
    const coin = scene.coin();
    const first = scene.spend([coin], 222);
    scene.admits(first);
    const wide = (fee: number) => scene.spend([coin], fee, { outputs: 4 });
    const sizeBytes = smallSizeBytes + 3 * 43;
    expect(scene.refuses(wide(2 * sizeBytes))).toMatchObject({
      rule: "insufficient fee",
      conflict: txidOf(first),
      feeRate: 2000,
      conflictFeeRate: 2000,
    });
    scene.admits(wide(2 * sizeBytes + 1));
  });

  test("pushes out 100 at most, children included", () => {
    const scene = new Scene();
    const coins = Array.from({ length: 5 }, () => scene.coin());
    for (const coin of coins) scene.chain(20, 111, coin);
    const extra = scene.coin();
    scene.admits(scene.spend([extra], 111));
    const problem = scene.refuses(scene.spend([...coins, extra], 100_000));
    expect(problem).toEqual({ rule: "too many potential replacements", count: 101 });
    const admission = scene.admits(scene.spend(coins, 100_000));
    expect(admission.replaced).toHaveLength(100);
    expect(scene.mempool.count).toBe(2);
  });

  test("what needs two of its conflicts counts for each of them", () => {
    //  ─ link 1 ─ link 2 ─ … ─ link 14, each with a coin of its own
    const scene = new Scene();
    const coins = Array.from({ length: 14 }, () => scene.coin());
    let last: Transaction | undefined;
    for (const coin of coins) {
      last = scene.spend(last ? [coin, madeBy(last)] : [coin], 200);
      scene.admits(last);
    }
    const problem = scene.refuses(scene.spend(coins, 100_000));
    expect(problem).toEqual({ rule: "too many potential replacements", count: 105 });
    expect(scene.admits(scene.spend(coins.slice(2, 12), 100_000)).replaced).toHaveLength(12);
  });

  test("brings no unconfirmed parent that nothing it replaces had", () => {
    const scene = new Scene();
    const coin = scene.coin();
    const parent = scene.spend([scene.coin()], 200);
    scene.admits(parent);
    const first = scene.spend([coin], 200);
    scene.admits(first);
    const adding = scene.spend([coin, madeBy(parent)], 5000);
    const problem = { rule: "replacement-adds-unconfirmed", parent: txidOf(parent) };
    expect(scene.refuses(adding)).toEqual(problem);
    scene.follows(scene.ledger.connect(parent));
    expect(scene.admits(adding).replaced).toEqual([first]);
  });

  test("may keep an unconfirmed parent of what it replaces", () => {
    const scene = new Scene();
    const [parent] = scene.chain(1, 200) as [Transaction];
    scene.admits(scene.spend([madeBy(parent)], 200));
    scene.admits(scene.spend([madeBy(parent)], 400));
    expect(scene.mempool.get(txidOf(parent))!.descendants).toMatchObject({ count: 2, fees: 600 });
  });

  test("may keep an unconfirmed parent that only a child of its conflict has", () => {
    const scene = new Scene();
    const coin = scene.coin();
    const parent = scene.spend([scene.coin()], 200, { outputs: 2 });
    scene.admits(parent);
    const [first] = scene.chain(1, 200, coin) as [Transaction];
    const child = scene.spend([madeBy(first), madeBy(parent)], 400);
    scene.admits(child);
    const { replaced } = scene.admits(scene.spend([coin, madeBy(parent, 1)], 5000));
    expect(replaced).toEqual([first, child]);
  });

  test("does not need what it would replace", () => {
    const scene = new Scene();
    const coin = scene.coin();
    const [first] = scene.chain(1, 200, coin) as [Transaction];
    const before = snapshot(scene.mempool);
    const problem = scene.refuses(scene.spend([coin, madeBy(first)], 5000));
    expect(problem).toEqual({ rule: "bad-txns-spends-conflicting-tx", conflict: txidOf(first) });
    expect(snapshot(scene.mempool)).toEqual(before);
  });
});

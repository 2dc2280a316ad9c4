/** Checks what a move of the tip does to those who wait. */

import { describe, expect, test } from "vitest";
import { type Transaction, txidOf } from "../../src/primitives/transaction.ts";
import { madeBy, Scene } from "./scene.ts";

describe("a new block", () => {
  test("takes out what it contains; children that stay need nothing any more", () => {
    const scene = new Scene();
    const [first, second, third] = scene.chain(3, 200) as [Transaction, Transaction, Transaction];
    const { revision } = scene.mempool;
    const change = scene.follows(scene.ledger.connect(first, second));
    expect(change).toEqual({
      mined: [first, second],
      conflicted: [],
      readmitted: [],
      dropped: [],
      adopted: [],
    });
    expect(scene.mempool.revision).toBeGreaterThan(revision);
    const left = scene.mempool.get(txidOf(third))!;
    expect(left.parents.size).toBe(0);
    expect(left.ancestors).toEqual({ count: 1, fees: 200, virtualSizeBytes: 111 });
    expect(scene.mempool).toMatchObject({ count: 1, totalFees: 200, virtualSizeBytes: 111 });
  });

  test("drops what spends the same coin, with what needs it, and says what won", () => {
    const scene = new Scene();
    const coin = scene.coin();
    const [loser, child] = scene.chain(2, 200, coin) as [Transaction, Transaction];
    const winner = scene.spend([coin], 111);
    const { conflicted } = scene.follows(scene.ledger.connect(winner));
    expect(conflicted).toEqual([
      { transaction: loser, by: txidOf(winner) },
      { transaction: child, by: txidOf(winner) },
    ]);
    expect(scene.mempool.count).toBe(0);
  });
});

describe("a reorganisation", () => {
  test("a payment whose block was undone waits again, and its child after it", () => {
    //  ─ a1:pay           pay ─ child (waits)
    //  └ b1 ─ b2
    const scene = new Scene();
    const pay = scene.spend([scene.coin()], 200);
    scene.follows(scene.ledger.connect(pay));
    const child = scene.spend([madeBy(pay)], 300);
    scene.admits(child);
    const change = scene.follows(scene.ledger.reorganise(1, [], []));
    expect(change).toMatchObject({ readmitted: [pay], dropped: [], conflicted: [] });
    expect(scene.mempool.get(txidOf(child))!.ancestors).toMatchObject({ count: 2, fees: 500 });
    expect([...scene.mempool.entries()].map(({ txid }) => txid)).toEqual([pay, child].map(txidOf));
  });

  test("a chain over two undone blocks comes back in order, without asking for fees", () => {
    const scene = new Scene();
    const first = scene.spend([scene.coin()], 0);
    const second = scene.spend([madeBy(first)], 0);
    scene.follows(scene.ledger.connect(first));
    scene.follows(scene.ledger.connect(second));
    const change = scene.follows(scene.ledger.reorganise(2, []));
    expect(change.readmitted).toEqual([first, second]);
  });

  test("what both branches contain does not wait", () => {
    const scene = new Scene();
    const pay = scene.spend([scene.coin()], 200);
    scene.follows(scene.ledger.connect(pay));
    const child = scene.spend([madeBy(pay)], 300);
    scene.admits(child);
    const change = scene.follows(scene.ledger.reorganise(1, [], [pay]));
    expect(change).toMatchObject({ mined: [], readmitted: [], dropped: [] });
    expect(scene.has(child)).toBe(true);
    expect(scene.mempool.count).toBe(1);
  });

  test("a double spend: the shop's payment and all that came of it are gone, and by what", () => {
    //  ─ a1:pay ─ a2:next       next ─ last (waits)
    //  └ b1:theft ─ b2 ─ b3
    const scene = new Scene();
    const coin = scene.coin();
    const pay = scene.spend([coin], 200);
    const next = scene.spend([madeBy(pay)], 200);
    const last = scene.spend([madeBy(next)], 200);
    scene.follows(scene.ledger.connect(pay));
    scene.follows(scene.ledger.connect(next));
    scene.admits(last);
    const theft = scene.spend([coin], 500);
    const change = scene.follows(scene.ledger.reorganise(2, [theft], [], []));
    const by = txidOf(theft);
    expect(change).toMatchObject({ readmitted: [], dropped: [] });
    expect(change.conflicted).toEqual(
      [pay, next, last].map((transaction) => ({ transaction, by })),
    );
    expect(scene.mempool.count).toBe(0);
  });

  test("a coinbase's coin that is immature or gone takes its spenders along", () => {
    const scene = new Scene();
    scene.follows(scene.ledger.connect());
    const young = scene.ledger.reward;
    for (let depth = 2; depth <= 10; depth++) scene.follows(scene.ledger.connect());
    const spend = scene.spend([young], 200);
    const child = scene.spend([madeBy(spend)], 200);
    scene.admits(spend);
    scene.admits(child);
    // The new branch is heavier, but shorter by one block.
    const change = scene.follows(scene.ledger.reorganise(2, []));
    expect(change).toMatchObject({ readmitted: [], dropped: [spend, child] });
    scene.follows(scene.ledger.connect());
    scene.admits(spend);
    expect(scene.follows(scene.ledger.reorganise(10, [])).dropped).toEqual([spend]);
    expect(scene.mempool.count).toBe(0);
  });

  test("locks that are closed on the new branch close again", () => {
    const scene = new Scene();
    const coin = scene.coin();
    for (let i = 0; i < 3; i++) scene.follows(scene.ledger.connect());
    const lockTime = scene.ledger.view.height - 1;
    const locked = scene.spend([coin], 200, { lockTime });
    const free = scene.spend([scene.coin()], 200);
    scene.admits(locked);
    scene.admits(free);
    const change = scene.follows(scene.ledger.reorganise(2, []));
    expect(change.dropped).toEqual([locked]);
    expect(scene.has(free)).toBe(true);
  });

  test("all children wait on when their parent comes back, more than a newcomer may have", () => {
    const scene = new Scene();
    const root = scene.spend([scene.coin()], 5000, { outputs: 42 });
    scene.follows(scene.ledger.connect(root));
    for (let i = 0; i < 40; i++) scene.admits(scene.spend([madeBy(root, i)], 200));
    const change = scene.follows(scene.ledger.reorganise(1, [], []));
    expect(change).toMatchObject({ readmitted: [root], dropped: [] });
    expect(scene.mempool.get(txidOf(root))!.descendants.count).toBe(41);
    const late = scene.spend([madeBy(root, 40)], 200);
    expect(scene.refuses(late)).toMatchObject({ limit: "descendants", count: 42 });
  });

  test("a chain that became too long loses its end", () => {
    const scene = new Scene();
    const pay = scene.spend([scene.coin()], 200);
    scene.follows(scene.ledger.connect(pay));
    const links = scene.chain(25, 200, madeBy(pay));
    const change = scene.follows(scene.ledger.reorganise(1, [], []));
    expect(change).toMatchObject({ readmitted: [pay], dropped: [links[24]] });
    expect(scene.mempool.count).toBe(25);
  });

  test("what finds no room is dropped, the cheapest first", () => {
    const scene = new Scene({ virtualSizeBytesMax: 222 });
    const [cheap, fine] = [scene.spend([scene.coin()], 200), scene.spend([scene.coin()], 900)];
    scene.follows(scene.ledger.connect(cheap, fine));
    const waiting = scene.spend([scene.coin()], 800);
    scene.admits(waiting);
    const change = scene.follows(scene.ledger.reorganise(1, [], []));
    expect(change).toMatchObject({ readmitted: [fine], dropped: [cheap] });
    expect(scene.has(waiting, fine)).toBe(true);
  });
});

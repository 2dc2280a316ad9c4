/** Checks what happens to transactions that come before their parents. */

import { expect, test } from "vitest";
import type { Elapsed } from "../../src/primitives/brand.ts";
import {
  outPointName,
  type Transaction,
  txidOf,
  wtxidOf,
} from "../../src/primitives/transaction.ts";
import { madeBy, Scene } from "./scene.ts";

/** Spends a coin that nobody has ever seen. */
function orphan(scene: Scene): Transaction {
  return scene.spend([madeBy(scene.spend([scene.coin()], 200))], 200);
}

test("a child that comes first waits for its parent, which is named", () => {
  const scene = new Scene();
  const parent = scene.spend([scene.coin()], 200);
  const child = scene.spend([madeBy(parent)], 300);
  const grandchild = scene.spend([madeBy(child)], 400);
  expect(scene.refuses(grandchild).rule).toBe("missing-inputs");
  expect(scene.refuses(child)).toEqual({
    rule: "missing-inputs",
    coins: [outPointName(madeBy(parent).point)],
    parents: [txidOf(parent)],
  });
  expect(scene.mempool.orphanCount).toBe(2);
  expect(scene.admits(parent).adopted).toEqual([child, grandchild]);
  expect(scene.mempool).toMatchObject({ orphanCount: 0, count: 3, totalFees: 900 });
});

test("a child of two waits until both have come", () => {
  const scene = new Scene();
  const parents = [scene.spend([scene.coin()], 200), scene.spend([scene.coin()], 200)] as const;
  const child = scene.spend(
    parents.map((parent) => madeBy(parent)),
    300,
  );
  scene.refuses(child);
  expect(scene.admits(parents[0]).adopted).toEqual([]);
  expect(scene.admits(parents[1]).adopted).toEqual([child]);
});

test("an orphan that breaks a rule is forgotten when its parent comes", () => {
  const scene = new Scene();
  const parent = scene.spend([scene.coin()], 200);
  scene.refuses(scene.spend([madeBy(parent)], 110));
  expect(scene.admits(parent).adopted).toEqual([]);
  expect(scene.mempool.orphanCount).toBe(0);
});

test("an orphan is adopted when a block brings its parent, and forgotten when one takes its coin", () => {
  const scene = new Scene();
  const parent = scene.spend([scene.coin()], 200);
  const contested = scene.coin();
  const child = scene.spend([madeBy(parent)], 300);
  const loser = scene.spend([contested, madeBy(orphan(scene))], 300);
  scene.refuses(child);
  scene.refuses(loser);
  const winner = scene.spend([contested], 999);
  expect(scene.follows(scene.ledger.connect(parent, winner)).adopted).toEqual([child]);
  expect(scene.mempool.orphanCount).toBe(0);
});

test("of more than 100 orphans, the oldest of whoever sent most is forgotten", () => {
  const scene = new Scene();
  const [quiet, ...loud] = Array.from({ length: 101 }, () => orphan(scene));
  scene.refuses(quiet!, "quiet");
  for (const transaction of loud) scene.refuses(transaction, "loud");
  expect(scene.mempool.orphanCount).toBe(100);
  expect(scene.mempool.hasOrphan(wtxidOf(quiet!))).toBe(true);
  expect(scene.mempool.hasOrphan(wtxidOf(loud[0]!))).toBe(false);
  expect(scene.mempool.hasOrphan(wtxidOf(loud[99]!))).toBe(true);
});

test("an orphan is forgotten after 20 minutes", () => {
  const scene = new Scene();
  scene.refuses(orphan(scene));
  scene.now = (scene.now + 20 * 60_000) as Elapsed;
  scene.mempool.expire(scene.now);
  expect(scene.mempool.orphanCount).toBe(1);
  scene.now = (scene.now + 1) as Elapsed;
  scene.mempool.expire(scene.now);
  expect(scene.mempool.orphanCount).toBe(0);
});

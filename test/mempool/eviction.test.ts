/** Checks what goes when there is no room, and how the fee floor rises and falls. */

import { describe, expect, test } from "vitest";
import type { Elapsed } from "../../src/primitives/brand.ts";
import type { Transaction } from "../../src/primitives/transaction.ts";
import { madeBy, Scene, smallSizeBytes, snapshot } from "./scene.ts";

const hourMs = 3_600_000;

/** Room for this many payments of one input and one output. */
function sceneFor(count: number): Scene {
  return new Scene({ virtualSizeBytesMax: count * smallSizeBytes });
}

function later(scene: Scene, hours: number): void {
  scene.now = (scene.now + hours * hourMs) as Elapsed;
}

describe("a full mempool", () => {
  test("evicts the cheapest for something better, and asks for more from then on", () => {
    const scene = sceneFor(2);
    const cheap = scene.spend([scene.coin()], 2 * smallSizeBytes);
    const fine = scene.spend([scene.coin()], 5 * smallSizeBytes);
    scene.admits(cheap);
    scene.admits(fine);
    expect(scene.mempool.feeRateMinPerKvb).toBe(1000);
    const { evicted } = scene.admits(scene.spend([scene.coin()], 4 * smallSizeBytes));
    expect(evicted).toEqual([cheap]);
    expect(scene.mempool.feeRateMinPerKvb).toBe(3000);
    const problem = scene.refuses(scene.spend([scene.coin()], 3 * smallSizeBytes - 1));
    expect(problem).toEqual({ rule: "mempool min fee not met", fee: 332, required: 333 });
  });

  test("refuses what would be the cheapest itself, and stays as it was", () => {
    const scene = sceneFor(2);
    scene.admits(scene.spend([scene.coin()], 5 * smallSizeBytes));
    scene.admits(scene.spend([scene.coin()], 5 * smallSizeBytes));
    const before = snapshot(scene.mempool);
    const problem = scene.refuses(scene.spend([scene.coin()], 4 * smallSizeBytes));
    expect(problem).toEqual({ rule: "mempool full" });
    expect(snapshot(scene.mempool)).toEqual(before);
  });

  test("puts everything back when making room was not enough", () => {
    //  a (1 sat/vB) ─ b (1 sat/vB)     c (9)     and a newcomer that needs the room of all
    const scene = sceneFor(3);
    scene.chain(2, smallSizeBytes);
    scene.admits(scene.spend([scene.coin()], 9 * smallSizeBytes));
    const before = snapshot(scene.mempool);
    const wide = scene.spend([scene.coin()], 1000, { outputs: 5 });
    expect(scene.refuses(wide)).toEqual({ rule: "mempool full" });
    expect(snapshot(scene.mempool)).toEqual(before);
  });

  test("puts back what a replacement pushed out when the replacement finds no room", () => {
    const scene = sceneFor(3);
    const coin = scene.coin();
    scene.chain(2, smallSizeBytes, coin);
    scene.admits(scene.spend([scene.coin()], 99 * smallSizeBytes));
    const before = snapshot(scene.mempool);
    const wide = scene.spend([coin], 3000, { outputs: 6 });
    expect(scene.refuses(wide)).toEqual({ rule: "mempool full" });
    expect(snapshot(scene.mempool)).toEqual(before);
  });

  test("evicts a transaction together with all that need it", () => {
    const scene = sceneFor(3);
    const [parent] = scene.chain(1, smallSizeBytes) as [Transaction];
    const child = scene.spend([madeBy(parent)], 2 * smallSizeBytes);
    scene.admits(child);
    scene.admits(scene.spend([scene.coin()], 5 * smallSizeBytes));
    const { evicted } = scene.admits(scene.spend([scene.coin()], 6 * smallSizeBytes));
    expect(evicted).toEqual([parent, child]);
  });

  test("keeps a cheap parent whose child pays for both", () => {
    const scene = sceneFor(3);
    const [parent] = scene.chain(1, smallSizeBytes) as [Transaction];
    const child = scene.spend([madeBy(parent)], 9 * smallSizeBytes);
    const alone = scene.spend([scene.coin()], 3 * smallSizeBytes);
    scene.admits(child);
    scene.admits(alone);
    expect(scene.admits(scene.spend([scene.coin()], 6 * smallSizeBytes)).evicted).toEqual([alone]);
    expect(scene.has(parent, child)).toBe(true);
  });
});

test("after thousands of changes the cheapest is still the cheapest", () => {
  const scene = sceneFor(2);
  const coin = scene.coin();
  const steady = scene.spend([scene.coin()], 1000 * smallSizeBytes);
  scene.admits(steady);
  for (let feeRate = 1; feeRate <= 2000; feeRate++) {
    scene.admits(scene.spend([coin], feeRate * smallSizeBytes));
  }
  expect(scene.admits(scene.spend([scene.coin()], 1500 * smallSizeBytes)).evicted).toEqual([
    steady,
  ]);
});

describe("the fee floor", () => {
  /** The floor is at 101,000; both places are taken. */
  function raised(): Scene {
    const scene = sceneFor(2);
    for (const feeRate of [100, 200, 300]) {
      scene.admits(scene.spend([scene.coin()], feeRate * smallSizeBytes));
    }
    expect(scene.mempool.feeRateMinPerKvb).toBe(101_000);
    return scene;
  }

  test("stays up as long as no block comes", () => {
    const scene = raised();
    later(scene, 48);
    scene.mempool.expire(scene.now);
    expect(scene.mempool.feeRateMinPerKvb).toBe(101_000);
  });

  test("halves every 12 hours after a block, four times as fast when nearly empty", () => {
    const scene = raised();
    scene.follows(scene.ledger.connect());
    later(scene, 12);
    scene.mempool.expire(scene.now);
    expect(scene.mempool.feeRateMinPerKvb).toBeCloseTo(50_500, 6);
    for (const { transaction } of [...scene.mempool.entries()]) {
      scene.follows(scene.ledger.connect(transaction));
    }
    later(scene, -9);
    scene.mempool.expire(scene.now);
    expect(scene.mempool.feeRateMinPerKvb).toBeCloseTo(50_500, 6);
  });

  test("ends at the relay floor", () => {
    const scene = raised();
    scene.follows(scene.ledger.connect());
    later(scene, 12 * 7);
    scene.mempool.expire(scene.now);
    expect(scene.mempool.feeRateMinPerKvb).toBe(1000);
    scene.admits(scene.spend([scene.coin()], 400 * smallSizeBytes));
  });
});

describe("expiry", () => {
  test("what waits longer than 336 hours goes, with what needs it", () => {
    const scene = new Scene();
    const [parent] = scene.chain(1, 200) as [Transaction];
    later(scene, 336);
    const child = scene.spend([madeBy(parent)], 200);
    const other = scene.spend([scene.coin()], 200);
    scene.admits(child);
    scene.admits(other);
    expect(scene.mempool.expire(scene.now)).toEqual([]);
    const { revision } = scene.mempool;
    scene.now = (scene.now + 1) as Elapsed;
    expect(scene.mempool.expire(scene.now)).toEqual([parent, child]);
    expect(scene.mempool.revision).toBeGreaterThan(revision);
    expect([...scene.mempool.entries()].map(({ transaction }) => transaction)).toEqual([other]);
  });
});

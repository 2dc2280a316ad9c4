/** Checks in which of the next blocks waiting transactions would be, and at which fee rate. */

import { expect, test } from "vitest";
import { projectBlocks } from "../../src/mempool/projection.ts";
import { coinbaseWeightMax } from "../../src/mempool/template.ts";
import { txidOf } from "../../src/primitives/transaction.ts";
import { madeBy, Scene } from "./scene.ts";

function projected(scene: Scene, countMax = 8) {
  return projectBlocks(scene.mempool.entries(), countMax).map(({ transactions }) =>
    transactions.map(({ entry, feeRate }) => [entry.txid, feeRate]),
  );
}

test("an empty mempool fills no block", () => {
  expect(projected(new Scene())).toEqual([]);
});

test("a child and its parent have the fee rate of both together", () => {
  //  poor (1 sat/vB) ─ rich (9)      plain (3)
  const scene = new Scene();
  const plain = scene.spend([scene.coin()], 333);
  const poor = scene.spend([scene.coin()], 111);
  const rich = scene.spend([madeBy(poor)], 999);
  for (const pay of [plain, poor, rich]) scene.admits(pay);
  const both = [poor, rich].map((pay) => [txidOf(pay), 5]);
  expect(projected(scene)).toEqual([[...both, [txidOf(plain), 3]]]);
});

test("what a block has no room for begins the next one, and the last block holds the rest", () => {
  const scene = new Scene();
  // Each has nearly the weight that is relayed at most: nine fit into a block, ten do not.
  const outputs = 2300;
  const pays = Array.from({ length: 21 }, (_, i) =>
    scene.spend([scene.coin(100_000_000)], 1_000_000 - i, { outputs }),
  );
  for (const pay of pays) scene.admits(pay);
  const { weight } = scene.mempool.get(txidOf(pays[0]!))!;
  const fitting = Math.floor((4_000_000 - coinbaseWeightMax) / weight);
  expect([weight < 400_000, fitting * 2 < pays.length]).toEqual([true, true]);
  const rest = pays.length - 2 * fitting;
  expect(projected(scene).map((block) => block.length)).toEqual([fitting, fitting, rest]);
  expect(projected(scene, 2).map((block) => block.length)).toEqual([fitting, fitting + rest]);
});

/** Checks changes to mining: all of one or nothing. */

import { afterEach, beforeEach, expect, test } from "vitest";
import { changeMining, miningFacts } from "../../../src/io/queries/mining.ts";
import { addressOf, FullNodeScene, shop } from "../full-node-scene.ts";

let scene: FullNodeScene;

beforeEach(async () => {
  scene = await FullNodeScene.start(1);
});

afterEach(() => scene.stop());

test("a node begins to mine for an address, and the answer says so", async () => {
  const change = { address: addressOf(shop.script), hashrate: 0 };
  const changed = await changeMining(scene.full, change);
  expect(changed).toMatchObject({
    ok: true,
    value: { payTo: shop.script, hashesPerSecondMax: 0, threads: 1, height: 1 },
  });
});

test("what is left out stays, and null ends it", async () => {
  await changeMining(scene.full, { address: addressOf(shop.script), hashrate: 0 });
  await changeMining(scene.full, { address: null });
  expect(miningFacts(scene.full)).toMatchObject({ payTo: undefined, hashesPerSecondMax: 0 });
  await changeMining(scene.full, { hashrate: null });
  expect(miningFacts(scene.full).hashesPerSecondMax).toBeUndefined();
});

test("an address of another network changes nothing, not even the hash rate", async () => {
  const address = addressOf(shop.script, "bc");
  expect(await changeMining(scene.full, { address, hashrate: 7 })).toMatchObject({
    ok: false,
    problem: { rule: "address-invalid", address, problem: { rule: "wrong-network" } },
  });
  expect(miningFacts(scene.full).hashesPerSecondMax).toBeUndefined();
});

test("a node without miners refuses to mine, but can be told to stop", async () => {
  const idle = await FullNodeScene.start();
  try {
    const refused = { ok: false, problem: { rule: "no-miners" } };
    expect(await changeMining(idle.full, { address: "any" })).toEqual(refused);
    expect(await changeMining(idle.full, { hashrate: 7 })).toEqual(refused);
    expect(await changeMining(idle.full, { address: null })).toMatchObject({ ok: true });
  } finally {
    await idle.stop();
  }
});

/** A lab on regtest as a developer of a wallet uses it: in a test, with what the package gives. */

import { openLab } from "powlab";
import { beforeAll, expect, test } from "vitest";
import { environment } from "./program.ts";

beforeAll(() => void Object.assign(process.env, environment()));

const balanceOf = async (api: string, address: string): Promise<number> => {
  const { chain_stats: sums } = await (await fetch(`${api}/address/${address}`)).json();
  return sums.funded_txo_sum - sums.spent_txo_sum;
};

test("a payment is double-spent after six confirmations, and a snapshot brings it back", async () => {
  const lab = await openLab({ nodes: 2, seed: "wallet test" });
  const [alice, bob] = [lab.nodes[0]!.url, lab.nodes[1]!.url];
  const shop = "bcrt1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqc8gma6";

  const payment = await lab.faucet(shop, 150_000_000, { confirm: true });
  await lab.mine(5);
  expect(await balanceOf(bob, shop)).toBe(150_000_000);
  await lab.save("paid");
  const { back, forth, conflict } = await lab.reorg(6, { doubleSpend: payment });
  expect([back.length, forth.length]).toEqual([6, 7]);
  expect(await balanceOf(bob, shop)).toBe(0);
  expect((await fetch(`${bob}/tx/${payment}`)).status).toBe(404);
  expect((await fetch(`${bob}/tx/${conflict}`)).status).toBe(200);

  await lab.partition(["alice"]);
  await lab.mine(1, shop, "alice");
  expect([await balanceOf(alice, shop), await balanceOf(bob, shop)]).toEqual([50e8, 0]);
  await lab.heal();
  expect(await balanceOf(bob, shop)).toBe(50e8);
  await lab.close();

  const restored = await openLab({ from: "paid" });
  expect(await balanceOf(restored.nodes[1]!.url, shop)).toBe(150_000_000);
  await restored.close();
});

test("what cannot be done is refused with a sentence, and changes nothing", async () => {
  const lab = await openLab({ nodes: 1 });
  const [{ url }, miner] = [lab.nodes[0]!, lab.keys[0]!.address];
  const tip = await (await fetch(`${url}/blocks/tip/hash`)).text();
  const height = Number(await (await fetch(`${url}/blocks/tip/height`)).text());
  const unknown = "0".repeat(64);
  await expect(lab.reorg(height + 1)).rejects.toThrow(
    `The chain of alice has ${height} blocks above genesis: a reorganisation of depth ${height + 1}`,
  );
  await expect(lab.reorg(1, { drop: unknown })).rejects.toThrow("is in none of the last 1 block.");
  await expect(lab.reorg(1, { doubleSpend: unknown })).rejects.toThrow("There is no transaction");
  await expect(lab.reorg(1, { drop: unknown, empty: true })).rejects.toThrow("at most");
  await expect(lab.faucet(miner, 20_000_000e8)).rejects.toThrow("faucet needs");
  await expect(lab.faucet("pow1nonsense", 1e8)).rejects.toThrow("is not an address");
  await expect(lab.mine(1, miner, "zoe")).rejects.toThrow("There is no node zoe here");
  await expect(lab.partition(["alice"])).rejects.toThrow("One group with all nodes");
  await expect(openLab({ from: "never" })).rejects.toThrow("There is no snapshot never");
  await lab.save("once");
  await expect(lab.save("once")).rejects.toThrow("There is a snapshot once already");
  expect(await (await fetch(`${url}/blocks/tip/hash`)).text()).toBe(tip);
  await lab.close();
});

test("one node reorganises block by block, and what it drops or empties waits again", async () => {
  const lab = await openLab({ nodes: 1 });
  const [{ url }, miner] = [lab.nodes[0]!, lab.keys[0]!.address];
  const waiting = async (): Promise<string[]> => (await fetch(`${url}/mempool/txids`)).json();
  const first = await lab.faucet(miner, 1e8, { confirm: true });
  const second = await lab.faucet(miner, 2e8, { confirm: true });
  await lab.reorg(2);
  expect(await waiting()).toEqual([]);
  await lab.reorg(3, { drop: first });
  expect(await waiting()).toEqual([first]);
  await lab.reorg(4, { empty: true });
  expect((await waiting()).sort()).toEqual([first, second].sort());
  await lab.close();
});

test("a block comes for each transaction, if the lab mines so", async () => {
  const lab = await openLab({ nodes: 2, mining: "on-transaction" });
  const [{ url }, miner] = [lab.nodes[1]!, lab.keys[0]!.address];
  const payment = await lab.faucet(miner, 1e8);
  await expect
    .poll(async () => (await (await fetch(`${url}/tx/${payment}/status`)).json()).confirmed, {
      timeout: 60_000,
    })
    .toBe(true);
  await lab.close();
});

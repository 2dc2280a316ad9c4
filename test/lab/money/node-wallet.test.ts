/** A node's wallet: what it pays with, and what it remembers of it. */

import { expect, test } from "vitest";
import { lab } from "../../../src/consensus/params.ts";
import type { CoinPageJson } from "../../../src/contract/coin-page.ts";
import { NodeWallet } from "../../../src/lab/money/node-wallet.ts";
import type { BlockHash, Satoshi, Txid } from "../../../src/primitives/brand.ts";
import { NodeClient } from "../../../src/wallet/client.ts";
import type { OwnCoin } from "../../../src/wallet/payment.ts";

const wallet = new NodeWallet("seed", "alice", lab);
const payee = new NodeWallet("seed", "bob", lab).key;

function coin(value: number, index: number): OwnCoin {
  const point = { txid: "ab".repeat(32) as Txid, index };
  return { point, value: value as Satoshi, script: wallet.key.script, place: wallet.key.place };
}

const to = { value: 150_000 as Satoshi, script: payee.script };

test("a payment takes as many coins as it needs, at the asked fee rate, and never the same twice", () => {
  const coins = [coin(100_000, 0), coin(90_000, 1), coin(80_000, 2)];
  const paid = wallet.payWith(coins, to, 10);
  if (!paid.ok) throw new Error("refused");
  expect(paid.value.transaction.inputs).toHaveLength(2);
  expect(paid.value.transaction.outputs[0]).toEqual(to);
  expect(paid.value.fee).toBeGreaterThan(2_000);
  expect(paid.value.fee).toBeLessThan(2_300);

  const again = wallet.payWith(coins, to, 10);
  expect(again).toMatchObject({ problem: { rule: "not-enough-funds", available: 80_000 } });
  wallet.release(paid.value.transaction);
  expect(wallet.payWith(coins, to, 10).ok).toBe(true);
});

test("coins are read from all pages, and young coinbases and waiting coins are left out", async () => {
  const height = 100;
  const paged = (vout: number, value: number, at: number | null, coinbase = false) => {
    return { txid: "cd".repeat(32) as Txid, vout, value: value as Satoshi, height: at, coinbase };
  };
  const young = height - lab.coinbaseMaturity + 2;
  const pages = [
    [paged(0, 10_000, 90), paged(1, 20_000, null)],
    [paged(2, 30_000, young, true), paged(3, 40_000, young - 1, true), paged(4, 50_000, 100)],
  ];
  class PagedClient extends NodeClient {
    override coinPage(_address: string, after?: string): Promise<CoinPageJson> {
      const [number, tip] = [Number(after ?? 0), "00".repeat(32) as BlockHash];
      const next = number + 1 < pages.length ? String(number + 1) : null;
      const page = { tip, height, tx_count: 5, coin_count: 5, coins: pages[number]!, next };
      return Promise.resolve(page);
    }
  }
  const found = await new NodeWallet("seed", "alice", lab).spendableCoins(new PagedClient());
  expect(found.map(({ point }) => point.index)).toEqual([4, 3, 0]);
});

test("only addresses of this network have a script", () => {
  const script = wallet.scriptOf(payee.address);
  expect(script).toEqual({ ok: true, value: payee.script });
  expect(wallet.scriptOf(payee.address.replace("pow1", "bcrt1")).ok).toBe(false);
});

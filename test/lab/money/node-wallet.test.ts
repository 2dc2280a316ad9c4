/** A node's wallet: what it pays with, and what it remembers of it. */

import { expect, test } from "vitest";
import { lab } from "../../../src/consensus/params.ts";
import { NodeWallet } from "../../../src/lab/money/node-wallet.ts";
import type { Satoshi, Txid } from "../../../src/primitives/brand.ts";
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

test("only addresses of this network have a script", () => {
  const script = wallet.scriptOf(payee.address);
  expect(script).toEqual({ ok: true, value: payee.script });
  expect(wallet.scriptOf(payee.address.replace("pow1", "bcrt1")).ok).toBe(false);
});

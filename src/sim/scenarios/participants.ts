/**
 * The participants of an attack on a payment: an attacker, a shop, miners, and the chain they begin
 * with.
 */

import { regtest } from "../../consensus/params.ts";
import { satoshisPerCoin } from "../../primitives/amount.ts";
import type { Satoshi } from "../../primitives/brand.ts";
import { createRandom } from "../../primitives/random.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";
import type { Transaction } from "../../primitives/transaction.ts";
import { defaultStart } from "../chain-world/chain-world.ts";
import { type HeadStart, mineHeadStart } from "../chain-world/head-start.ts";
import { SimulatedWallet } from "../chain-world/simulated-wallet.ts";

/** Keys, and the chain on which the run begins: the same for every seed. */
export type Participants = {
  readonly mallory: SimulatedWallet;
  readonly shop: SimulatedWallet;
  readonly miners: SimulatedWallet;
  readonly headStart: HeadStart;
};

const price = (30 * satoshisPerCoin) as Satoshi;

export function createParticipants(verifier: SignatureVerifier): Participants {
  const random = createRandom("double-spend").fork("purses");
  const mallory = new SimulatedWallet(random.fork("mallory"));
  const miners = new SimulatedWallet(random.fork("miners"));
  const headStart = mineHeadStart({
    params: regtest,
    verifier,
    start: defaultStart,
    rich: [mallory.script],
    rest: miners.script,
  });
  return { mallory, shop: new SimulatedWallet(random.fork("shop")), miners, headStart };
}

/** Two payments that spend the same coin: only one of them can ever be confirmed. */
export type ConflictingPayments = {
  /** What the shop is paid with. */
  readonly payment: Transaction;
  /** What gives the coin back to mallory. */
  readonly conflict: Transaction;
};

export function payTwice(
  { mallory, shop, headStart }: Participants,
  fees: { readonly payment: Satoshi; readonly conflict: Satoshi },
): ConflictingPayments {
  const [coin] = headStart.coins;
  if (coin === undefined) throw new Error("mallory has no coin");
  const change = (coin.output.value - price - fees.payment) as Satoshi;
  const back = (coin.output.value - fees.conflict) as Satoshi;
  return {
    payment: mallory.pay(coin, [
      { value: price, script: shop.script },
      { value: change, script: mallory.script },
    ]),
    conflict: mallory.pay(coin, [{ value: back, script: mallory.script }]),
  };
}

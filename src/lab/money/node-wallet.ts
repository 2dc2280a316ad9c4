/** The wallet of a node in a lab: one key, and the coins that this node knows of. */

import type { Params } from "../../consensus/params.ts";
import type { CoinPageJson, PagedCoinJson } from "../../contract/coin-page.ts";
import { type AddressProblem, scriptOfAddress } from "../../primitives/address.ts";
import type { Satoshi } from "../../primitives/brand.ts";
import { outPointName, type Output, type Transaction } from "../../primitives/transaction.ts";
import { valid, type Verdict } from "../../primitives/verdict.ts";
import type { NodeClient } from "../../wallet/client.ts";
import type { FundsProblem } from "../../wallet/coins.ts";
import { Account, type WalletKey } from "../../wallet/keys.ts";
import { type OwnCoin, planPayment, planSweep, signPayment } from "../../wallet/payment.ts";
import { wordsOf } from "../nodes/keys.ts";

/** Satoshis for one virtual byte. */
export const feeRate = 2;

export type SignedPayment = { readonly transaction: Transaction; readonly fee: Satoshi };

export class NodeWallet {
  readonly name: string;
  /** Restores it in any BIP39 wallet. */
  readonly words: string;
  readonly key: WalletKey;
  readonly account: Account;
  readonly #params: Params;
  /** Coins that were spent, until our node knows it. */
  readonly #spent = new Set<string>();

  constructor(seed: string, name: string, params: Params) {
    this.name = name;
    this.words = wordsOf(seed, name);
    this.account = new Account(this.words, params);
    this.#params = params;
    this.key = this.account.keyAt({ use: "receiving", index: 0 });
  }

  /** Coins that may be spent, as our own node knows them, the largest first. */
  async spendableCoins(client: NodeClient): Promise<readonly OwnCoin[]> {
    const pages = await this.#readPages(client);
    const names = new Set(pages.flatMap(({ coins }) => coins.map(nameOf)));
    for (const name of this.#spent) if (!names.has(name)) this.#spent.delete(name);
    return pages
      .flatMap(({ coins, height }) => coins.filter((coin) => this.#isMature(coin, height)))
      .filter((coin) => !this.#spent.has(nameOf(coin)))
      .sort((a, b) => b.value - a.value)
      .map((coin) => this.#ownCoin(coin));
  }

  async #readPages(client: NodeClient): Promise<readonly CoinPageJson[]> {
    const pages: CoinPageJson[] = [];
    for (let after: string | null | undefined; after !== null;) {
      const page: CoinPageJson = await client.coinPage(this.key.address, after);
      pages.push(page);
      after = page.next;
    }
    return pages;
  }

  /** The output script of an address on this network. */
  scriptOf(address: string): Verdict<Uint8Array, AddressProblem> {
    return scriptOfAddress(address, this.#params.addressPrefix);
  }

  /** Pays with as few coins as suffice. */
  payWith(
    coins: readonly OwnCoin[],
    to: Output,
    feeRate: number,
  ): Verdict<SignedPayment, FundsProblem> {
    const unspent = coins.filter(({ point }) => !this.#spent.has(outPointName(point)));
    const plan = planPayment(unspent, [to], this.key.script, feeRate);
    if (!plan.ok) return plan;
    for (const { point } of plan.value.coins) this.#spent.add(outPointName(point));
    return valid({ transaction: this.#sign(plan.value), fee: plan.value.fee });
  }

  /** Lets the coins of a transaction be spent again: no node has accepted it. */
  release({ inputs }: Transaction): void {
    for (const { previous } of inputs) this.#spent.delete(outPointName(previous));
  }

  /** Pays with one coin, and gets back what is left of it; undefined if it is too small. */
  pay(coin: OwnCoin, to: Output): SignedPayment | undefined {
    const plan = planPayment([coin], [to], this.key.script, feeRate);
    if (!plan.ok) return undefined;
    this.#spent.add(outPointName(coin.point));
    return { transaction: this.#sign(plan.value), fee: plan.value.fee };
  }

  /** Joins these coins to one of ourselves. */
  payToSelf(coins: readonly OwnCoin[]): SignedPayment {
    const plan = planSweep(coins, this.key.script, feeRate);
    if (!plan.ok) throw new Error(`${coins.length} coins are not worth their fee`);
    for (const { point } of coins) this.#spent.add(outPointName(point));
    return { transaction: this.#sign(plan.value), fee: plan.value.fee };
  }

  /** Spends these coins on these outputs; no node needs to know the coins yet. */
  spend(coins: readonly OwnCoin[], outputs: readonly Output[]): Transaction {
    const plan = planPayment(coins, outputs, this.key.script, feeRate);
    if (!plan.ok) throw new Error(`${plan.problem.required} satoshis are more than the coins have`);
    return this.#sign(plan.value);
  }

  #isMature({ height, coinbase }: PagedCoinJson, tipHeight: number): boolean {
    if (height === null) return false;
    return !coinbase || tipHeight - height + 1 >= this.#params.coinbaseMaturity;
  }

  #ownCoin({ txid, vout, value }: PagedCoinJson): OwnCoin {
    const { script, place } = this.key;
    return { point: { txid, index: vout }, value, script, place };
  }

  #sign(plan: Parameters<typeof signPayment>[0]): Transaction {
    return signPayment(plan, (place) => this.account.secretKeyAt(place));
  }
}

function nameOf({ txid, vout }: PagedCoinJson): string {
  return outPointName({ txid, index: vout });
}

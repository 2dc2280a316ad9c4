/**
 * Payments among a few wallets, submitted to any node: some spend unconfirmed coins, or one coin
 * twice.
 */

import type { Satoshi } from "../../primitives/brand.ts";
import { equalBytes } from "../../primitives/bytes.ts";
import type { Random } from "../../primitives/random.ts";
import { type Output, type Transaction, txidOf } from "../../primitives/transaction.ts";
import type { ChainHost } from "../chain-world/chain-host.ts";
import type { ChainWorld } from "../chain-world/chain-world.ts";
import type { PaymentCoin, SimulatedWallet } from "../chain-world/simulated-wallet.ts";

export type TrafficOptions = {
  readonly world: ChainWorld;
  readonly random: Random;
  readonly wallets: readonly SimulatedWallet[];
  /** The first coins, in the order of the wallets that own them. */
  readonly coins: readonly PaymentCoin[];
  /** Between payments. */
  readonly meanMs: number;
};

type Owned = { readonly wallet: SimulatedWallet; readonly coin: PaymentCoin };

/** Shares of payments. */
const doubleSpendShare = 0.1;
const coinbaseShare = 0.2;
const lockedShare = 0.15;
/** A coin is worth spending above this. */
const valueMin = 100_000;
/** BIP68: a relative lock of so many blocks. */
const lockBlocksMax = 3;
const replaceable = 0xffff_fffd;

export class Traffic {
  readonly #options: TrafficOptions;
  /** Unspent coins, as far as the payers know. */
  readonly #coins: Owned[];
  /** Coins that were spent once, the newest last. */
  readonly #spent: Owned[] = [];
  #payments = 0;
  #isOver = false;

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.#coins = options.coins.flatMap((coin, position) => {
      const wallet = options.wallets[position];
      return wallet ? [{ wallet, coin }] : [];
    });
  }

  get payments(): number {
    return this.#payments;
  }

  begin(): void {
    const { world, random, meanMs } = this.#options;
    world.clock.after(random.nextExponential(meanMs), () => {
      if (this.#isOver) return;
      this.#pay();
      this.begin();
    });
  }

  end(): void {
    this.#isOver = true;
  }

  #pay(): void {
    const { world, random } = this.#options;
    // The search for a coin must not read a damaged record: the node itself has to meet it.
    const hosts = world.names.map((name) => world.host(name));
    const sound = hosts.filter(({ isRunning, store }) => isRunning && !store.isDamaged);
    if (sound.length === 0) return;
    const host = random.pick(sound);
    const owned = this.#choose(host);
    if (owned === undefined) return;
    const transaction = this.#spend(owned);
    this.#payments += 1;
    host.command({ type: "submit-transaction", transaction });
  }

  #choose(host: ChainHost): Owned | undefined {
    const { random } = this.#options;
    const kind = random.nextFloat();
    const again = this.#spent.at(-1 - random.nextBelow(4));
    if (kind < doubleSpendShare && again) return again;
    const reward = kind < doubleSpendShare + coinbaseShare ? this.#rewardAt(host) : undefined;
    if (reward) return reward;
    const [taken] = this.#coins.splice(random.nextBelow(Math.max(this.#coins.length, 1)), 1);
    return taken;
  }

  /** The reward of a block about as deep as a coinbase must be to be spent; nodes may refuse it. */
  #rewardAt({ node: { chain, params } }: ChainHost): Owned | undefined {
    const depth = params.coinbaseMaturity - 2 + this.#options.random.nextBelow(4);
    const entry = chain.entryAt(chain.tip.height - depth);
    const coinbase = entry && chain.blockOf(entry.hash)?.transactions[0];
    const [output] = coinbase?.outputs ?? [];
    if (!coinbase || !output) return undefined;
    const wallet = this.#options.wallets.find(({ script }) => equalBytes(script, output.script));
    if (wallet === undefined) return undefined;
    return { wallet, coin: { point: { txid: txidOf(coinbase), index: 0 }, output } };
  }

  #spend(owned: Owned): Transaction {
    const { wallet, coin } = owned;
    const { random, wallets } = this.#options;
    const fee = 500 + random.nextBelow(5_000);
    const left = coin.output.value - fee;
    const price = Math.floor(left * (0.1 + 0.8 * random.nextFloat()));
    const payee = random.pick(wallets);
    const outputs: Output[] = [
      { value: price as Satoshi, script: payee.script },
      { value: (left - price) as Satoshi, script: wallet.script },
    ];
    const transaction = wallet.pay(coin, outputs, this.#sequence());
    this.#spent.push(owned);
    this.#remember(transaction, [payee, wallet]);
    return transaction;
  }

  #sequence(): number {
    const { random } = this.#options;
    const isLocked = random.nextFloat() < lockedShare;
    return isLocked ? 1 + random.nextBelow(lockBlocksMax) : replaceable;
  }

  #remember(transaction: Transaction, owners: readonly SimulatedWallet[]): void {
    const txid = txidOf(transaction);
    for (const [index, output] of transaction.outputs.entries()) {
      const wallet = owners[index];
      if (wallet === undefined || output.value < valueMin) continue;
      this.#coins.push({ wallet, coin: { point: { txid, index }, output } });
    }
  }
}

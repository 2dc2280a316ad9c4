/** A wallet: the coins and the history of an account as a node knows them, and payments. */

import type { AddressJson, CoinJson, TransactionJson } from "../contract/node-api.ts";
import type { Satoshi, Txid } from "../primitives/brand.ts";
import { bytesToHex } from "../primitives/bytes.ts";
import { encodeTransaction, type Transaction, txidOf } from "../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import { type NodeClient, NodeRefusedError } from "./client.ts";
import type { FundsProblem } from "./coins.ts";
import type { Account, KeyUse, WalletKey } from "./keys.ts";
import { type OwnCoin, type PaymentPlan, planPayment, planSweep, signPayment } from "./payment.ts";

/** After so many unused addresses in a row no further one is asked for. @see BIP44 */
const gapLimit = 20;
/** Paid if the node has no estimate: the least that nodes relay, in satoshis for one virtual byte. */
const feeRateMin = 1;
/** The number of blocks within which a payment should confirm. */
const waitBlocks = "2";
/** @see Bitcoin Core, CheckPackageLimits */
const chainTooLong = "too-long-mempool-chain";

/** A coin with what decides whether it may be spent. */
export type WalletCoin = OwnCoin & {
  readonly address: string;
  /** Blocks that hold it or stand on it; 0 while it waits. */
  readonly confirmations: number;
  /** Whether it is a coinbase's, too young to be spent. */
  readonly isImmature: boolean;
};

/** What a node knows of a wallet at one time. */
export type WalletView = {
  readonly tipHeight: number;
  readonly used: readonly WalletKey[];
  /** The first unused key of each kind. */
  readonly next: Readonly<Record<KeyUse, WalletKey>>;
  readonly coins: readonly WalletCoin[];
};

/** The three parts do not overlap. */
export type Balance = {
  readonly confirmed: Satoshi;
  readonly unconfirmed: Satoshi;
  readonly immature: Satoshi;
};

export type HistoryEntry = {
  readonly txid: Txid;
  readonly confirmations: number;
  readonly height: number | undefined;
  /** Seconds since 1970, as its block says. */
  readonly time: number | undefined;
  /** What we got less what we gave, the fee included. */
  readonly net: number;
  readonly fee: Satoshi;
  readonly isCoinbase: boolean;
};

export type Payment = {
  readonly script: Uint8Array;
  /** Everything there is, less the fee, if it is "all". */
  readonly amount: Satoshi | "all";
  /** Satoshis for one virtual byte; the node's estimate if absent. */
  readonly feeRate?: number;
};

export type PaymentProblem =
  | FundsProblem
  /** Only change of our own waiting payments is left, and nodes accept no longer chain of them. */
  | { readonly rule: "chain-too-long" };

export type SentPayment = {
  readonly txid: Txid;
  /** What the receiver gets. */
  readonly amount: Satoshi;
  readonly fee: Satoshi;
  readonly change: Satoshi;
};

export class Wallet {
  readonly #account: Account;
  readonly #client: NodeClient;

  constructor(account: Account, client: NodeClient) {
    this.#account = account;
    this.#client = client;
  }

  /** Asks the node for all used addresses and their coins. Nothing is cached. */
  async look(): Promise<WalletView> {
    const { height: tipHeight } = await this.#client.node();
    const receiving = await this.#scan("receiving");
    const change = await this.#scan("change");
    const used = [...receiving.used, ...change.used];
    const coins: WalletCoin[] = [];
    for (const key of used) coins.push(...(await this.#coinsOf(key, tipHeight)));
    return { tipHeight, used, next: { receiving: receiving.next, change: change.next }, coins };
  }

  /** The newest transactions, unconfirmed ones first. */
  async history(entriesMax: number): Promise<readonly HistoryEntry[]> {
    const { tipHeight, used } = await this.look();
    const own = new Set(used.map(({ address }) => address));
    const found = new Map<Txid, TransactionJson>();
    for (const { address } of used) {
      for (const transaction of await this.#transactionsOf(address, entriesMax)) {
        found.set(transaction.txid, transaction);
      }
    }
    return [...found.values()]
      .map((transaction) => entryOf(transaction, own, tipHeight))
      .sort((a, b) => a.confirmations - b.confirmations)
      .slice(0, entriesMax);
  }

  /**
   * Signs a payment and submits it to the node. Change that waits is spent only if confirmed coins do
   * not suffice; of change that nodes do not accept yet, it turns to the next.
   *
   * @throws NodeRefusedError if the node does not accept it.
   */
  async pay(payment: Payment): Promise<Verdict<SentPayment, PaymentProblem>> {
    const feeRate = payment.feeRate ?? (await this.#estimateFeeRate());
    const { coins, next } = await this.look();
    let spendable = coins.filter(isSpendable);
    for (;;) {
      const plan = planFrom(spendable, { ...payment, feeRate }, next.change.script);
      if (!plan.ok) return plan;
      const transaction = signPayment(plan.value, (place) => this.#account.secretKeyAt(place));
      if (await this.#isAccepted(transaction)) return valid(sentPayment(plan.value, transaction));
      const tried = new Set<OwnCoin>(plan.value.coins);
      const others = spendable.filter((coin) => coin.confirmations > 0 || !tried.has(coin));
      const rest = planFrom(others, { ...payment, feeRate }, next.change.script);
      // "All" without some coins is not all.
      if (!rest.ok || payment.amount === "all") return broken({ rule: "chain-too-long" });
      spendable = others;
    }
  }

  /**
   * Whether the node takes a transaction; it does not if too many others wait before it.
   *
   * @throws NodeRefusedError if the node has any other reason.
   */
  async #isAccepted(transaction: Transaction): Promise<boolean> {
    try {
      await this.#client.sendTransaction(bytesToHex(encodeTransaction(transaction)));
      return true;
    } catch (error) {
      if (error instanceof NodeRefusedError && error.message.startsWith(chainTooLong)) return false;
      throw error;
    }
  }

  async #estimateFeeRate(): Promise<number> {
    const estimates = await this.#client.feeEstimates();
    return Math.max(estimates[waitBlocks] ?? 0, feeRateMin);
  }

  async #scan(use: KeyUse): Promise<{ used: WalletKey[]; next: WalletKey }> {
    const used: WalletKey[] = [];
    let next: WalletKey | undefined;
    for (let index = 0, unusedInRow = 0; unusedInRow < gapLimit; index += gapLimit) {
      const keys = Array.from({ length: gapLimit }, (_, i) =>
        this.#account.keyAt({ use, index: index + i }),
      );
      const answers = await Promise.all(keys.map(({ address }) => this.#client.address(address)));
      for (const [i, key] of keys.entries()) {
        const answer = answers[i];
        const isUsed = answer !== undefined && countOf(answer) > 0;
        if (isUsed) used.push(key);
        else next ??= key;
        unusedInRow = isUsed ? 0 : unusedInRow + 1;
      }
    }
    return { used, next: next ?? this.#account.keyAt({ use, index: 0 }) };
  }

  async #coinsOf(key: WalletKey, tipHeight: number): Promise<WalletCoin[]> {
    const coins: WalletCoin[] = [];
    for (const json of await this.#client.coinsOf(key.address)) {
      const confirmations = confirmationsOf(json, tipHeight);
      coins.push({
        point: { txid: json.txid, index: json.vout },
        value: json.value,
        script: key.script,
        place: key.place,
        address: key.address,
        confirmations,
        isImmature: await this.#isImmature(json, confirmations),
      });
    }
    return coins;
  }

  /** A coin may go into the next block if it will then be deep enough. */
  async #isImmature({ txid, status }: CoinJson, confirmations: number): Promise<boolean> {
    if (!status.confirmed || confirmations >= this.#account.network.coinbaseMaturity) return false;
    return isCoinbase(await this.#client.transaction(txid));
  }

  async #transactionsOf(address: string, countMax: number): Promise<TransactionJson[]> {
    const transactions = [...(await this.#client.historyOf(address))];
    while (transactions.length < countMax) {
      const last = transactions.findLast(({ status }) => status.confirmed);
      if (last === undefined) break;
      const older = await this.#client.historyAfter(address, last.txid);
      if (older.length === 0) break;
      transactions.push(...older);
    }
    return transactions;
  }
}

export function balanceOf(coins: readonly WalletCoin[]): Balance {
  const sum = (filter: (coin: WalletCoin) => boolean): Satoshi =>
    coins.filter(filter).reduce((total, { value }) => total + value, 0) as Satoshi;
  return {
    confirmed: sum(({ confirmations, isImmature }) => confirmations > 0 && !isImmature),
    unconfirmed: sum(({ confirmations }) => confirmations === 0),
    immature: sum(({ isImmature }) => isImmature),
  };
}

/** Chooses the coins of a payment: confirmed ones if they suffice, and change that waits if not. */
function planFrom(
  spendable: readonly WalletCoin[],
  { script, amount, feeRate }: Required<Payment>,
  changeScript: Uint8Array,
): Verdict<PaymentPlan, FundsProblem> {
  if (amount === "all") return planSweep(spendable, script, feeRate);
  const outputs = [{ value: amount, script }];
  const confirmed = spendable.filter(({ confirmations }) => confirmations > 0);
  const plan = planPayment(confirmed, outputs, changeScript, feeRate);
  return plan.ok ? plan : planPayment(spendable, outputs, changeScript, feeRate);
}

function sentPayment({ outputs, fee, change }: PaymentPlan, transaction: Transaction): SentPayment {
  const [paid] = outputs;
  return { txid: txidOf(transaction), amount: paid?.value ?? (0 as Satoshi), fee, change };
}

/** The sender may replace an unconfirmed payment: we spend it only if we are the sender. */
function isSpendable({ confirmations, isImmature, place }: WalletCoin): boolean {
  return !isImmature && (confirmations > 0 || place.use === "change");
}

function countOf({ chain_stats, mempool_stats }: AddressJson): number {
  return chain_stats.tx_count + mempool_stats.tx_count;
}

function confirmationsOf({ status }: Pick<TransactionJson, "status">, tipHeight: number): number {
  return status.confirmed ? Math.max(tipHeight - status.block_height + 1, 1) : 0;
}

function isCoinbase({ vin }: TransactionJson): boolean {
  return vin[0]?.is_coinbase ?? false;
}

function entryOf(
  transaction: TransactionJson,
  own: ReadonlySet<string>,
  tipHeight: number,
): HistoryEntry {
  const { txid, vin, vout, fee, status } = transaction;
  const outputs = vout.filter(({ scriptpubkey_address: address }) => own.has(address ?? ""));
  const inputs = vin.flatMap(({ prevout }) => prevout ?? []);
  const given = inputs.filter(({ scriptpubkey_address: address }) => own.has(address ?? ""));
  const sum = (values: readonly { readonly value: number }[]): number =>
    values.reduce((total, { value }) => total + value, 0);
  return {
    txid,
    confirmations: confirmationsOf(transaction, tipHeight),
    height: status.confirmed ? status.block_height : undefined,
    time: status.confirmed ? status.block_time : undefined,
    net: sum(outputs) - sum(given),
    fee,
    isCoinbase: isCoinbase(transaction),
  };
}

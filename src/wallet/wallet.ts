/** A wallet: the coins and the history of an account as a node knows them, and payments. */

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Satoshi, Txid } from "../primitives/brand.ts";
import { bytesToHex } from "../primitives/bytes.ts";
import {
  encodeTransaction,
  outPointName,
  type Transaction,
  txidOf,
} from "../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import { type NodeClient, NodeRefusedError } from "./client.ts";
import { dustMin, type FundsProblem } from "./coins.ts";
import { paymentsOfCoins, paymentsOfEntries, paymentsOfOutcomes } from "./confirmed-payments.ts";
import { type HistoryEntry, readHistory, withReversed } from "./history.ts";
import {
  coinsInUse,
  type ConfirmedPayment,
  type Journal,
  type JournalChange,
  type JournalContent,
  MemoryJournal,
  withConfirmed,
  withoutPayment,
  withPayment,
  withSent,
} from "./journal.ts";
import type { Account, WalletKey } from "./keys.ts";
import { type OwnCoin, type PaymentPlan, planPayment, planSweep, signPayment } from "./payment.ts";
import { findReversed } from "./reversal.ts";
import { sendAgain } from "./sent-again.ts";
import {
  isSpendable,
  type ReadingProgress,
  ViewReader,
  type WalletCoin,
  type WalletView,
} from "./view.ts";

/** Paid if the node has no estimate: the least that nodes relay, in satoshis for one virtual byte. */
const feeRateMin = 1;
/** The number of blocks within which a payment should confirm. */
const waitBlocks = "2";
/** @see Bitcoin Core, CheckPackageLimits */
const chainTooLong = "too-long-mempool-chain";
/** A payment that is being made is sent, or given up, within a few seconds. */
const waitMs = 250;
const waitsMax = 20;

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
  | { readonly rule: "chain-too-long" }
  | CoinsInUse
  /** Nodes do not relay an output that is worth less than this. */
  | { readonly rule: "dust"; readonly smallest: Satoshi };

/** The coins would suffice, but another payment that is being made uses some, worth this. */
type CoinsInUse = { readonly rule: "coins-in-use"; readonly value: Satoshi };

export type SentPayment = {
  readonly txid: Txid;
  /** What the receiver gets. */
  readonly amount: Satoshi;
  readonly fee: Satoshi;
  readonly change: Satoshi;
};

export type SignedPayment = SentPayment & { readonly transaction: Transaction };

export type PlannedPayment = {
  readonly plan: PaymentPlan;
  /** That of the change, if there is any. */
  readonly changeKey: WalletKey;
};

export type WalletOptions = {
  /** Shared by all who spend the same coins, so that no coin is spent twice; a new one if absent. */
  readonly journal?: Journal;
  readonly onProgress?: ReadingProgress;
  /** Remembered in the journal; as it was last chosen if absent. */
  readonly gapLimit?: number;
};

export class Wallet {
  readonly #account: Account;
  readonly #client: NodeClient;
  readonly #journal: Journal;
  readonly #options: WalletOptions;

  constructor(account: Account, client: NodeClient, options: WalletOptions = {}) {
    this.#account = account;
    this.#client = client;
    this.#journal = options.journal ?? new MemoryJournal();
    this.#options = options;
  }

  /** Asks the node for all used addresses and their coins, once it has again what was sent before. */
  async look(): Promise<WalletView> {
    const outcomes = await sendAgain(this.#client, this.#journal, Date.now());
    const view = await this.#read();
    await this.#note([...paymentsOfCoins(view), ...paymentsOfOutcomes(outcomes, view)]);
    return view;
  }

  /** Notes what is confirmed, so that the history can show it if it no longer is. */
  async #note(payments: readonly ConfirmedPayment[]): Promise<void> {
    const content = await this.#journal.read();
    if (withConfirmed(content, payments) === content) return;
    await this.#journal.change((latest) => ({
      content: withConfirmed(latest, payments),
      answer: undefined,
    }));
  }

  async #read(): Promise<WalletView> {
    const { onProgress } = this.#options;
    const { addresses, gapLimit } = await this.#rememberGapLimit();
    const reader = new ViewReader(this.#account, this.#client, {
      addresses,
      ...(gapLimit !== undefined && { gapLimit }),
      ...(onProgress && { onProgress }),
    });
    return reader.read();
  }

  async #rememberGapLimit(): Promise<JournalContent> {
    const { gapLimit } = this.#options;
    const remembered = await this.#journal.read();
    if (gapLimit === undefined || gapLimit === remembered.gapLimit) return remembered;
    return this.#journal.change((content) => {
      const changed = { ...content, gapLimit };
      return { content: changed, answer: changed };
    });
  }

  /**
   * The newest transactions, unconfirmed ones first; with them what was confirmed and is no longer,
   * where it was.
   */
  async history(entriesMax: number): Promise<readonly HistoryEntry[]> {
    const view = await this.look();
    const entries = await readHistory(this.#client, view, entriesMax);
    const seen = paymentsOfEntries(entries);
    await this.#note(seen);
    const isSeen = new Set(seen.map(({ txid }) => txid));
    const { confirmed } = await this.#journal.read();
    const others = confirmed.filter(({ txid }) => !isSeen.has(txid));
    const reversed = await findReversed(this.#client, others);
    return withReversed(entries, reversed, { tipHeight: view.tipHeight, entriesMax });
  }

  /**
   * Signs a payment and submits it to the node. Change that waits is spent only if confirmed coins do
   * not suffice; of change that nodes do not accept yet, it turns to the next. If another payment uses
   * the coins, it waits a little for that one's change.
   *
   * @throws NodeRefusedError if the node does not accept it.
   */
  async pay(payment: Payment): Promise<Verdict<SentPayment, PaymentProblem>> {
    const refused = new Set<string>();
    for (;;) {
      const held = await this.#hold(payment, refused);
      if (!held.ok) return held;
      const { id, plan, view } = held.value;
      const transaction = this.#signed(plan);
      if (await this.#send(id, transaction)) return valid(sentPayment(plan, transaction));
      // "All" without some coins is not all.
      if (payment.amount === "all") return broken({ rule: "chain-too-long" });
      const waiting = view.coins.filter(({ confirmations }) => confirmations === 0).map(nameOf);
      const tried = new Set(plan.coins.map(nameOf));
      for (const name of waiting) if (tried.has(name)) refused.add(name);
    }
  }

  /** Signs a payment that another program submits; its coins are held for `heldMs`. */
  async sign(payment: Payment): Promise<Verdict<SignedPayment, PaymentProblem>> {
    const held = await this.#hold(payment, new Set());
    if (!held.ok) return held;
    const { plan } = held.value;
    const transaction = this.#signed(plan);
    return valid({ ...sentPayment(plan, transaction), transaction });
  }

  /** Plans a payment that is signed later; its coins are held for `heldMs`. */
  async plan(payment: Payment): Promise<Verdict<PlannedPayment, PaymentProblem>> {
    const held = await this.#hold(payment, new Set());
    if (!held.ok) return held;
    const { plan, view } = held.value;
    return valid({ plan, changeKey: view.next.change });
  }

  #signed(plan: PaymentPlan): Transaction {
    return signPayment(plan, (place) => this.#account.secretKeyAt(place));
  }

  /** Holds the coins of a payment; if another one uses them, it waits a little for that one's change. */
  async #hold(
    payment: Payment,
    refused: ReadonlySet<string>,
  ): Promise<Verdict<HeldPayment, PaymentProblem>> {
    if (payment.amount !== "all" && payment.amount < dustMin) {
      return broken({ rule: "dust", smallest: dustMin as Satoshi });
    }
    const feeRate = payment.feeRate ?? (await this.#estimateFeeRate());
    let view = await this.look();
    for (let waits = 0; ; waits++) {
      const held = await this.#holdCoins(view, { ...payment, feeRate }, refused);
      if (held.ok) return valid({ ...held.value, view });
      if (held.problem.rule !== "coins-in-use" || waits === waitsMax) return held;
      await sleep(waitMs);
      view = await this.#read();
    }
  }

  /** Chooses coins and holds them, in one step that no other payment can come into. */
  #holdCoins(
    { coins, next }: WalletView,
    payment: Required<Payment>,
    refused: ReadonlySet<string>,
  ): Promise<Verdict<HeldCoins, PaymentProblem>> {
    const id = randomUUID();
    const nowMs = Date.now();
    const spendable = coins.filter((coin) => isSpendable(coin) && !refused.has(nameOf(coin)));
    return this.#journal.change((content): JournalChange<Verdict<HeldCoins, PaymentProblem>> => {
      const inUse = coinsInUse(content, nowMs);
      const plan = planBeside(inUse, spendable, payment, next.change.script);
      if (plan.ok) {
        const changed = withPayment(content, id, plan.value.coins, nowMs);
        return { content: changed, answer: valid({ id, plan: plan.value }) };
      }
      const isShort = plan.problem.rule === "not-enough-funds" && refused.size > 0;
      return { content, answer: isShort ? broken({ rule: "chain-too-long" }) : plan };
    });
  }

  /**
   * Whether the node takes a payment; it does not if too many others wait before it. If a node does
   * not answer, it is unknown what it took: then the coins stay held.
   *
   * @throws NodeRefusedError if the node has any other reason.
   */
  async #send(id: string, transaction: Transaction): Promise<boolean> {
    const hex = bytesToHex(encodeTransaction(transaction));
    try {
      await this.#client.sendTransaction(hex);
      const txid = txidOf(transaction);
      await this.#journal.change((content) => ({
        content: withSent(content, { txid, hex, sentAt: Date.now() }),
        answer: undefined,
      }));
      return true;
    } catch (error) {
      if (!(error instanceof NodeRefusedError)) throw error;
      await this.#journal.change((content) => ({
        content: withoutPayment(content, id),
        answer: undefined,
      }));
      if (error.message.startsWith(chainTooLong)) return false;
      throw error;
    }
  }

  async #estimateFeeRate(): Promise<number> {
    const estimates = await this.#client.feeEstimates();
    return Math.max(estimates[waitBlocks] ?? 0, feeRateMin);
  }
}

type HeldCoins = { readonly id: string; readonly plan: PaymentPlan };
type HeldPayment = HeldCoins & { readonly view: WalletView };

function nameOf({ point }: OwnCoin): string {
  return outPointName(point);
}

/** Plans a payment with coins that no other payment uses. */
function planBeside(
  inUse: ReadonlySet<string>,
  spendable: readonly WalletCoin[],
  payment: Required<Payment>,
  changeScript: Uint8Array,
): Verdict<PaymentPlan, FundsProblem | CoinsInUse> {
  const taken = spendable.filter((coin) => inUse.has(nameOf(coin)));
  const free = spendable.filter((coin) => !inUse.has(nameOf(coin)));
  const plan = planFrom(free, payment, changeScript);
  const isWhole = payment.amount !== "all" || taken.length === 0;
  if (plan.ok && isWhole) return plan;
  if (!planFrom(spendable, payment, changeScript).ok) return plan;
  const value = taken.reduce((sum, coin) => sum + coin.value, 0) as Satoshi;
  return broken({ rule: "coins-in-use", value });
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

/** What a wallet must remember because neither its words nor a node can tell it. */

import type { BlockHash, Txid } from "../primitives/brand.ts";
import { outPointName } from "../primitives/transaction.ts";
import type { OwnCoin } from "./payment.ts";

/** A payment that is being made: until it is known how it ends, no other takes its coins. */
export type PaymentUnderWay = {
  readonly id: string;
  /** The names of its coins, as `outPointName` gives them. */
  readonly coins: readonly string[];
  /** Milliseconds since 1970; after it, its coins are free again. */
  readonly heldUntil: number;
};

/** A payment that a node took. */
export type SentTransaction = {
  readonly txid: Txid;
  readonly hex: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
};

/** A payment, not a coinbase, that was seen in a block. */
export type ConfirmedPayment = {
  readonly txid: Txid;
  /** What we got less what we gave, the fee included. */
  readonly net: number;
  readonly height: number;
  /** Null if only its height was told. */
  readonly block: BlockHash | null;
};

export type JournalContent = {
  readonly payments: readonly PaymentUnderWay[];
  /** Numbers of receiving addresses that were given away although a gap may lie before them. */
  readonly addresses: readonly number[];
  /** Not yet settled; the oldest first. */
  readonly sent: readonly SentTransaction[];
  /** The history shows those that are confirmed no longer; the one noted last is the last. */
  readonly confirmed: readonly ConfirmedPayment[];
  /** As it was last chosen. */
  readonly gapLimit?: number;
};

export const emptyJournal: JournalContent = {
  payments: [],
  addresses: [],
  sent: [],
  confirmed: [],
};

/** What comes of a change: the new content, and an answer for its caller. */
export type JournalChange<Answer> = { readonly content: JournalContent; readonly answer: Answer };

export interface Journal {
  read(): Promise<JournalContent>;
  /** Changes the content; no other change, of this process or another, comes in between. */
  change<Answer>(change: (content: JournalContent) => JournalChange<Answer>): Promise<Answer>;
}

/** Remembers as long as the process runs. */
export class MemoryJournal implements Journal {
  #content = emptyJournal;

  read(): Promise<JournalContent> {
    return Promise.resolve(this.#content);
  }

  change<Answer>(change: (content: JournalContent) => JournalChange<Answer>): Promise<Answer> {
    const { content, answer } = change(this.#content);
    this.#content = content;
    return Promise.resolve(answer);
  }
}

/**
 * How long a payment holds its coins if nothing is heard of it again, because its process died or the
 * node never answered. A node that took it does not show its coins any longer.
 */
export const heldMs = 10 * 60_000;

/** The coins that a payment under way uses. */
export function coinsInUse(content: JournalContent, nowMs: number): ReadonlySet<string> {
  return new Set(content.payments.filter(isHeld(nowMs)).flatMap(({ coins }) => coins));
}

/** Notes a payment, and forgets those whose time is over. */
export function withPayment(
  content: JournalContent,
  id: string,
  coins: readonly OwnCoin[],
  nowMs: number,
): JournalContent {
  const names = coins.map(({ point }) => outPointName(point));
  const payment = { id, coins: names, heldUntil: nowMs + heldMs };
  return { ...content, payments: [...content.payments.filter(isHeld(nowMs)), payment] };
}

export function withoutPayment(content: JournalContent, id: string): JournalContent {
  return { ...content, payments: content.payments.filter((payment) => payment.id !== id) };
}

function isHeld(nowMs: number): (payment: PaymentUnderWay) => boolean {
  // A clock that was set back must not hold coins for longer.
  return ({ heldUntil }) => heldUntil > nowMs && heldUntil <= nowMs + heldMs;
}

/** Each of them is asked for whenever the wallet looks. */
const addressesMax = 1_000;

/** Notes an address that was given away; undefined if there are too many. */
export function withAddress(content: JournalContent, index: number): JournalContent | undefined {
  const { addresses } = content;
  if (addresses.includes(index)) return content;
  if (addresses.length >= addressesMax) return undefined;
  return { ...content, addresses: [...addresses, index] };
}

/** The node is asked for each of them whenever the wallet looks. */
const sentMax = 100;

/** Notes what was sent; the oldest go if there are too many. */
export function withSent(content: JournalContent, sent: SentTransaction): JournalContent {
  return { ...content, sent: [...content.sent, sent].slice(-sentMax) };
}

/** The node is asked for those that are not in the history any more. */
const confirmedMax = 100;

/**
 * Notes payments that are confirmed; the oldest notes go if there are too many. The content is the
 * same one if nothing is new.
 */
export function withConfirmed(
  content: JournalContent,
  payments: readonly ConfirmedPayment[],
): JournalContent {
  const noted = new Map(content.confirmed.map((payment) => [payment.txid, payment]));
  const fresh = payments.filter((payment) => isNews(payment, noted.get(payment.txid)));
  if (fresh.length === 0) return content;
  for (const payment of fresh) noted.delete(payment.txid);
  const kept = [...noted.values(), ...fresh].slice(-confirmedMax);
  return { ...content, confirmed: kept };
}

/** A note without its block tells less than one with it. */
function isNews(payment: ConfirmedPayment, noted: ConfirmedPayment | undefined): boolean {
  if (noted === undefined) return true;
  return payment.block === null ? payment.height !== noted.height : payment.block !== noted.block;
}

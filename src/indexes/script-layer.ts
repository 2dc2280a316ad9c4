/** One record for each script, with its sums and the newest of its history; pages of the older. */

import type { BranchBlock } from "../chain/change.ts";
import type { Key, Store, Write } from "../machine/store.ts";
import { bytesToHex } from "../primitives/bytes.ts";
import { taprootKey } from "../primitives/script.ts";
import type { OutPoint, Output } from "../primitives/transaction.ts";
import type { ConnectedTransaction } from "./connected.ts";
import { GatheredWrites } from "./gathered-writes.ts";
import {
  decodeScriptRecord,
  encodeEntry,
  encodeScriptRecord,
  entriesOfPage,
  type FundedOutput,
  joinEntries,
  noTotals,
  pageKey,
  type ScriptHash,
  scriptHashOf,
  scriptKey,
  type ScriptTotals,
  splitEntries,
} from "./script-records.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A script that this move touches, as it will be. */
type Draft = {
  readonly hash: ScriptHash;
  readonly script: Uint8Array;
  readonly totals: Mutable<ScriptTotals>;
  tail: Uint8Array[];
};

/** What one transaction did to one script. */
type Touch = { readonly funded: FundedOutput[]; readonly spent: OutPoint[]; spentSum: number };

/** What one move of the tip does to the records of scripts. */
export class ScriptLayer {
  readonly #store: Store;
  readonly #pages = new GatheredWrites();
  /** By the digits of the scripts' keys: to hash a script costs more. */
  readonly #drafts = new Map<string, Draft>();

  constructor(store: Store) {
    this.#store = store;
  }

  connect({ height }: BranchBlock, transactions: readonly ConnectedTransaction[]): void {
    for (const transaction of transactions) {
      const { txid, position } = transaction;
      for (const [draft, touch] of this.#touchesOf(transaction)) {
        const { funded, spent } = touch;
        draft.tail.push(encodeEntry({ height, position, txid, funded, spent }));
        count(draft.totals, touch, 1);
        if (draft.tail.length === entriesOfPage) this.#turnPage(draft);
      }
    }
  }

  /** @param transactions the last one first. */
  disconnect(transactions: readonly ConnectedTransaction[]): void {
    for (const transaction of transactions) {
      for (const [draft, touch] of this.#touchesOf(transaction)) {
        if (draft.tail.length === 0) this.#turnBack(draft);
        draft.tail.pop();
        count(draft.totals, touch, -1);
      }
    }
  }

  writes(): Write[] {
    const writes = Array.from(this.#drafts.values(), (draft): Write => {
      const key = scriptKey(draft.hash);
      if (draft.totals.transactionCount === 0) return { type: "delete", key };
      return {
        type: "put",
        key,
        value: encodeScriptRecord({ ...draft, tail: joinEntries(draft.tail) }),
      };
    });
    return [...writes, ...this.#pages.list()];
  }

  #turnPage(draft: Draft): void {
    const number = draft.totals.transactionCount / entriesOfPage - 1;
    this.#pages.put(pageKey(draft.hash, number), joinEntries(draft.tail));
    draft.tail = [];
  }

  #turnBack(draft: Draft): void {
    const key = pageKey(draft.hash, draft.totals.transactionCount / entriesOfPage - 1);
    draft.tail = splitEntries(this.#pageAt(key));
    this.#pages.delete(key);
  }

  /** A page may be as young as this move. */
  #pageAt(key: Key): Uint8Array {
    const page = this.#pages.get(key) ?? this.#store.get(key);
    if (page === undefined) throw new Error(`the record ${key} is missing`);
    return page;
  }

  /** Data have no owner, so they are left out. */
  #touchesOf({ txid, outputs, spent }: ConnectedTransaction): ReadonlyMap<Draft, Touch> {
    const touches = new Map<Draft, Touch>();
    for (const [index, output] of outputs.entries()) {
      const { value } = output;
      this.#touchOf(output, touches)?.funded.push({ index, value });
    }
    for (const { point, coin } of spent) {
      const touch = this.#touchOf(coin.output, touches);
      if (touch === undefined) throw new Error(`${txid} spent an output that cannot be spent`);
      touch.spent.push(point);
      touch.spentSum += coin.output.value;
    }
    return touches;
  }

  #touchOf({ script }: Output, touches: Map<Draft, Touch>): Touch | undefined {
    const key = taprootKey(script);
    if (key === undefined) return undefined;
    const draft = this.#draftOf(bytesToHex(key), script);
    let touch = touches.get(draft);
    if (touch === undefined) touches.set(draft, (touch = { funded: [], spent: [], spentSum: 0 }));
    return touch;
  }

  #draftOf(digits: string, script: Uint8Array): Draft {
    let draft = this.#drafts.get(digits);
    if (draft === undefined) {
      const hash = scriptHashOf(script);
      const record = this.#store.get(scriptKey(hash));
      draft = record ? draftFrom(hash, record) : emptyDraft(hash, script);
      this.#drafts.set(digits, draft);
    }
    return draft;
  }
}

function draftFrom(hash: ScriptHash, record: Uint8Array): Draft {
  const { totals, script, tail } = decodeScriptRecord(record);
  return { hash, script, totals, tail: splitEntries(tail) };
}

function emptyDraft(hash: ScriptHash, script: Uint8Array): Draft {
  return { hash, script, totals: { ...noTotals }, tail: [] };
}

function count(totals: Mutable<ScriptTotals>, touch: Touch, sign: 1 | -1): void {
  totals.fundedCount += sign * touch.funded.length;
  for (const { value } of touch.funded) totals.fundedSum += sign * value;
  totals.spentCount += sign * touch.spent.length;
  totals.spentSum += sign * touch.spentSum;
  totals.transactionCount += sign;
}

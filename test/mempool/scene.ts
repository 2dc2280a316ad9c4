/** A mempool beside a ledger, with short words for what tests do to them. */

import type { TipChange } from "../../src/chain/change.ts";
import { lab } from "../../src/consensus/params.ts";
import { describeProblem } from "../../src/consensus/problem.ts";
import { type Admission, Mempool, type MempoolChange } from "../../src/mempool/mempool.ts";
import type { MempoolPolicy } from "../../src/mempool/policy.ts";
import type { MempoolProblem } from "../../src/mempool/problem.ts";
import type { Elapsed, PeerId } from "../../src/primitives/brand.ts";
import type { SignatureVerifier } from "../../src/primitives/signature.ts";
import { type Transaction, txidOf, virtualSizeOf } from "../../src/primitives/transaction.ts";
import {
  blankPayment,
  output,
  type PaymentOptions,
  type Spendable,
  spendable,
  trustingVerifier,
} from "../builders.ts";
import { Ledger, miner } from "./ledger.ts";

/** Virtual bytes of a payment with one input and one output. */
export const smallSizeBytes = 111;

type Extra = Omit<PaymentOptions, "from" | "to"> & { readonly outputs?: number };

export class Scene {
  readonly ledger = new Ledger();
  readonly mempool: Mempool;
  now = 0 as Elapsed;

  constructor(policy: Partial<MempoolPolicy> = {}, verifier: SignatureVerifier = trustingVerifier) {
    this.mempool = new Mempool({ params: lab, verifier, policy });
  }

  coin(value = 1_000_000): Spendable {
    return this.ledger.fund(value);
  }

  /** Pays all but the fee back to the miner, in equal parts. */
  spend(from: readonly Spendable[], fee: number, extra: Extra = {}): Transaction {
    const { outputs = 1, ...rest } = extra;
    const total = from.reduce((sum, coin) => sum + coin.output.value, 0) - fee;
    const part = Math.floor(total / outputs);
    const to = Array.from({ length: outputs }, (_, i) =>
      output(i === 0 ? total - part * (outputs - 1) : part, miner.script),
    );
    return blankPayment({ ...rest, from, to });
  }

  judge(transaction: Transaction, from?: string) {
    return this.mempool.admit(transaction, this.ledger.view, this.now, from as PeerId | undefined);
  }

  admits(transaction: Transaction, from?: string): Admission {
    const verdict = this.judge(transaction, from);
    if (!verdict.ok) throw new Error(`refused: ${describeProblem(verdict.problem)}`);
    return verdict.value;
  }

  refuses(transaction: Transaction, from?: string): MempoolProblem {
    const verdict = this.judge(transaction, from);
    if (verdict.ok) throw new Error("admitted");
    return verdict.problem;
  }

  follows(change: TipChange): MempoolChange {
    return this.mempool.follow(change, this.ledger.view, this.now);
  }

  has(...transactions: Transaction[]): boolean {
    return transactions.every((transaction) => this.mempool.has(txidOf(transaction)));
  }

  /** Admits a chain of small payments, each spending the one before; returns them. */
  chain(length: number, fee: number, start: Spendable = this.coin()): Transaction[] {
    const links: Transaction[] = [];
    for (let from = start; links.length < length;) {
      const link = this.spend([from], fee);
      this.admits(link);
      links.push(link);
      from = spendable(link, 0, miner);
    }
    return links;
  }
}

export function madeBy(transaction: Transaction, index = 0): Spendable {
  return spendable(transaction, index, miner);
}

/** Everything that a caller can see of a mempool. */
export function snapshot(mempool: Mempool): unknown {
  const entries = [...mempool.entries()].map((entry) => ({
    txid: entry.txid,
    fee: entry.fee,
    time: entry.time,
    ancestors: entry.ancestors,
    descendants: entry.descendants,
    parents: Array.from(entry.parents, ({ txid }) => txid).sort(),
    children: Array.from(entry.children, ({ txid }) => txid).sort(),
  }));
  entries.sort((a, b) => (a.txid < b.txid ? -1 : 1));
  const {
    count,
    virtualSizeBytes,
    totalFees,
    feeRateMinPerKvb: feeRateMinPerKvb,
    revision,
  } = mempool;
  return { entries, count, virtualSizeBytes, totalFees, feeRateMinPerKvb, revision };
}

export function sizeOf(transactions: readonly Transaction[]): number {
  return transactions.reduce((sum, transaction) => sum + virtualSizeOf(transaction), 0);
}

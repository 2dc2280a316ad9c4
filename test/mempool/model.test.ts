/** Compares the mempool with what can be counted from its transactions, after random events. */

import fc from "fast-check";
import { expect, test } from "vitest";
import type { MempoolEntry } from "../../src/mempool/entry.ts";
import { coinbaseWeightMax, selectTransactions } from "../../src/mempool/template.ts";
import type { Txid } from "../../src/primitives/brand.ts";
import {
  outPointName,
  type Transaction,
  txidOf,
  virtualSizeOf,
  weightOf,
} from "../../src/primitives/transaction.ts";
import { blankPayment, output, type Spendable } from "../builders.ts";
import { miner } from "./ledger.ts";
import { madeBy, Scene, smallSizeBytes, snapshot } from "./scene.ts";

const policy = {
  ancestorsMax: 4,
  descendantsMax: 4,
  replacedMax: 4,
  virtualSizeBytesMax: 9 * smallSizeBytes,
  orphansMax: 5,
};

type Step =
  | {
      readonly type: "send";
      readonly coins: number[];
      readonly feeRate: number;
      readonly outputs: number;
    }
  | { readonly type: "mine"; readonly count: number }
  | { readonly type: "mine-rival"; readonly coin: number }
  | { readonly type: "reorganise"; readonly depth: number; readonly kept: number };

const send = fc.record({
  type: fc.constant("send" as const),
  coins: fc.array(fc.nat(1000), { minLength: 1, maxLength: 3 }),
  feeRate: fc.oneof(fc.nat(4), fc.nat(40)),
  outputs: fc.integer({ min: 1, max: 3 }),
});
const mine = fc.record({ type: fc.constant("mine" as const), count: fc.nat(8) });
const mineRival = fc.record({ type: fc.constant("mine-rival" as const), coin: fc.nat(1000) });
const reorganise = fc.record({
  type: fc.constant("reorganise" as const),
  depth: fc.integer({ min: 1, max: 3 }),
  kept: fc.nat(4),
});
const steps = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: send },
    { weight: 1, arbitrary: mine },
    { weight: 1, arbitrary: mineRival },
    { weight: 1, arbitrary: reorganise },
  ),
  { minLength: 10, maxLength: 60 },
);

/** Coins that a sender may try: old ones, made ones and spent ones, waiting or not. */
class World {
  readonly scene = new Scene(policy);
  readonly coins: Spendable[] = Array.from({ length: 8 }, () => this.scene.coin(100_000));
  blocks: Transaction[][] = [];
  readonly outcomes = new Set<string>();

  take(step: Step): void {
    switch (step.type) {
      case "send":
        return this.#send(step.coins, step.feeRate, step.outputs);
      case "mine":
        return this.#connect(this.#waiting().slice(0, step.count));
      case "mine-rival":
        return this.#mineRival(this.#pick(step.coin));
      case "reorganise":
        return this.#reorganise(Math.min(step.depth, this.blocks.length), step.kept);
    }
  }

  /** Any coin, but two times of three one that nobody has spent. */
  #pick(choice: number): Spendable {
    const { mempool, ledger } = this.scene;
    const { view } = ledger;
    const free = this.coins.filter(({ point }) => {
      return mempool.coinAt(point, view) && mempool.spenderOf(point) === undefined;
    });
    const coins = choice % 3 === 0 || free.length === 0 ? this.coins : free;
    return coins[choice % coins.length]!;
  }

  #send(choices: readonly number[], feeRate: number, outputs: number): void {
    const named = choices.map((choice) => this.#pick(choice));
    const from = [...new Map(named.map((coin) => [outPointName(coin.point), coin])).values()];
    const draft = this.#pay(from, 0, outputs);
    const transaction = this.#pay(from, feeRate * virtualSizeOf(draft), outputs);
    const before = snapshot(this.scene.mempool);
    const verdict = this.scene.judge(transaction, `peer-${choices[0]! % 3}`);
    this.outcomes.add(verdict.ok ? "admitted" : verdict.problem.rule);
    if (!verdict.ok) expect(snapshot(this.scene.mempool)).toEqual(before);
    for (const index of transaction.outputs.keys()) this.coins.push(madeBy(transaction, index));
  }

  #pay(from: readonly Spendable[], fee: number, outputs: number): Transaction {
    const total = from.reduce((sum, coin) => sum + coin.output.value, 0);
    const part = Math.max(Math.floor((total - fee) / outputs), 0);
    const to = Array.from({ length: outputs }, () => output(part, miner.script));
    return blankPayment({ from, to });
  }

  #waiting(): Transaction[] {
    return Array.from(this.scene.mempool.entries(), ({ transaction }) => transaction);
  }

  #mineRival(coin: Spendable): void {
    if (this.scene.ledger.view.coinAt(coin.point) === undefined) return;
    this.#connect([this.#pay([coin], 7, 1)]);
  }

  #connect(transactions: Transaction[]): void {
    this.blocks.push(transactions);
    this.scene.follows(this.scene.ledger.connect(...transactions));
  }

  /** The new branch keeps the first few of what was undone: parents are never left out alone. */
  #reorganise(depth: number, kept: number): void {
    const undone = this.blocks.splice(this.blocks.length - depth, depth).flat();
    const branch = [[], undone.slice(0, kept), []];
    this.blocks.push(...branch);
    this.scene.follows(this.scene.ledger.reorganise(depth, ...branch));
  }
}

/** The slow twin of the links and sums: everything counted from the transactions alone. */
function checkSums(entries: readonly MempoolEntry[]): void {
  const byTxid = new Map(entries.map((entry) => [entry.txid, entry]));
  const above = new Map<Txid, Set<MempoolEntry>>();
  for (const entry of entries) {
    const ancestors = new Set([entry]);
    for (const { previous } of entry.transaction.inputs) {
      if (!byTxid.has(previous.txid)) continue;
      // A parent that stands later in the list has no row yet, and the test fails.
      for (const ancestor of above.get(previous.txid)!) ancestors.add(ancestor);
    }
    above.set(entry.txid, ancestors);
  }
  for (const entry of entries) {
    const below = entries.filter((other) => above.get(other.txid)!.has(entry));
    expect(entry.ancestors).toEqual(sumsOf([...above.get(entry.txid)!]));
    expect(entry.descendants).toEqual(sumsOf(below));
  }
}

function sumsOf(entries: readonly MempoolEntry[]) {
  return {
    count: entries.length,
    fees: entries.reduce((sum, { fee }) => sum + fee, 0),
    virtualSizeBytes: entries.reduce((sum, { virtualSizeBytes }) => sum + virtualSizeBytes, 0),
  };
}

function checkCoins({ mempool, ledger }: Scene, entries: readonly MempoolEntry[]): void {
  const spent = new Set<string>();
  const { view } = ledger;
  for (const { transaction, fee } of entries) {
    let valueIn = 0;
    for (const { previous } of transaction.inputs) {
      expect(spent.has(outPointName(previous))).toBe(false);
      spent.add(outPointName(previous));
      expect(mempool.spenderOf(previous)).toBe(txidOf(transaction));
      valueIn += mempool.coinAt(previous, view)!.output.value;
    }
    const valueOut = transaction.outputs.reduce((sum, { value }) => sum + value, 0);
    expect(valueIn - valueOut).toBe(fee);
  }
}

function checkRoom({ mempool }: Scene, entries: readonly MempoolEntry[]): void {
  const { count, fees, virtualSizeBytes } = sumsOf(entries);
  expect(mempool).toMatchObject({ count, totalFees: fees, virtualSizeBytes });
  expect(virtualSizeBytes).toBeLessThanOrEqual(policy.virtualSizeBytesMax);
  expect(mempool.orphanCount).toBeLessThanOrEqual(policy.orphansMax);
}

/** How many descendants each entry has. */
function countDescendants(entries: Iterable<MempoolEntry>): ReadonlyMap<Txid, number> {
  return new Map(Array.from(entries, ({ txid, descendants }) => [txid, descendants.count]));
}

/**
 * A reorganisation may give an entry more descendants than a newcomer may have; else no more come
 * than the limit, but for one child of a parent that has no other unconfirmed one.
 */
function checkLimits(
  step: Step,
  before: ReadonlyMap<Txid, number>,
  entries: readonly MempoolEntry[],
): void {
  for (const { txid, ancestors, descendants, children } of entries) {
    expect(ancestors.count).toBeLessThanOrEqual(policy.ancestorsMax);
    const isGrown = descendants.count > Math.max(policy.descendantsMax, before.get(txid) ?? 0);
    if (step.type === "reorganise" || !isGrown) continue;
    expect(descendants.count).toBe(policy.descendantsMax + 1);
    const newcomers = [...children].filter((child) => !before.has(child.txid));
    expect(newcomers.some((child) => child.ancestors.count === 2)).toBe(true);
  }
}

function checkSelection({ mempool, ledger }: Scene): void {
  const roomWeight = 3000;
  const { view } = ledger;
  const { transactions, fees } = selectTransactions(mempool, view, coinbaseWeightMax + roomWeight);
  const before = new Set<Txid>();
  for (const transaction of transactions) {
    for (const { previous } of transaction.inputs) {
      expect(before.has(previous.txid) || !mempool.has(previous.txid)).toBe(true);
    }
    before.add(txidOf(transaction));
  }
  expect(before.size).toBe(transactions.length);
  const chosen = [...before].map((txid) => mempool.get(txid)!);
  expect(fees).toBe(sumsOf(chosen).fees);
  const weight = transactions.reduce((sum, transaction) => sum + weightOf(transaction), 0);
  expect(weight).toBeLessThanOrEqual(roomWeight);
}

test("after any events no coin is spent twice, all sums are right, and a refusal changed nothing", () => {
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(steps, (list) => {
      const world = new World();
      for (const step of list) {
        const before = countDescendants(world.scene.mempool.entries());
        world.take(step);
        const entries = [...world.scene.mempool.entries()];
        checkSums(entries);
        checkCoins(world.scene, entries);
        checkRoom(world.scene, entries);
        checkLimits(step, before, entries);
        checkSelection(world.scene);
      }
      for (const outcome of world.outcomes) outcomes.add(outcome);
    }),
    { numRuns: 150 },
  );
  // The events were varied enough to meet every kind of end.
  for (const outcome of [
    "admitted",
    "insufficient fee",
    "mempool full",
    "mempool min fee not met",
    "min relay fee not met",
    "missing-inputs",
    "too-long-mempool-chain",
  ]) {
    expect(outcomes).toContain(outcome);
  }
});

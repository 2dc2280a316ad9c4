/** Compares the chain with a slow twin, on random trees that arrive in random order. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Chain } from "../../src/chain/chain.ts";
import {
  coinPrefix,
  decodeCoin,
  decodeUndo,
  encodeUndo,
  parsePointDigits,
} from "../../src/chain/records.ts";
import type { Coin } from "../../src/consensus/coin.ts";
import { lookupIndex } from "../../src/indexes/lookup-index.ts";
import { branchTips } from "../../src/indexes/tips.ts";
import type { Key, Store, Write } from "../../src/machine/store.ts";
import { hashOfBlock } from "../../src/primitives/block.ts";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import { outPointName } from "../../src/primitives/transaction.ts";
import { MemoryStore } from "../../src/sim/engine/memory-store.ts";
import { trustingVerifier } from "../builders.ts";
import { practice } from "./forest.ts";
import { growTree, plan, type RandomBlock } from "./random-tree.ts";
import { type PlainCoins, Replay } from "./replay.ts";
import { now, wordOf } from "./scene.ts";

type Order = (typeof orders)[number];
const orders = ["invalidate", "reconsider", "prefer"] as const;

type Delivery = {
  readonly type: "block" | "changed-body" | "headers" | "restart" | Order;
  readonly at: number;
};

const deliveries = ["block", "block", "changed-body", "headers", "restart"] as const;

const extra = fc.record({
  type: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom<Delivery["type"]>(...deliveries) },
    { weight: 2, arbitrary: fc.constantFrom<Delivery["type"]>(...orders) },
  ),
  at: fc.nat(100),
});

/** What each block is, how late it comes, and what else comes before it. */
const story = fc.array(
  fc.record({ plan, lateBy: fc.nat(8), extras: fc.array(extra, { maxLength: 3 }) }),
  { minLength: 8, maxLength: 24 },
);

type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;

function deliveriesOf(items: Story): Delivery[] {
  const late = items
    .map((item, at) => ({ ...item, at, time: at + item.lateBy }))
    .sort((a, b) => a.time - b.time);
  const deliveries = late.flatMap(({ at, extras }): Delivery[] => [
    ...extras.map((each) => ({ ...each, at: each.at % items.length })),
    { type: "block", at },
  ]);
  // In the end everything has come, parents before children.
  return [...deliveries, ...items.map((_, at): Delivery => ({ type: "block", at }))];
}

function tell(items: Story, pair: Pair): void {
  const blocks = growTree(
    items.map((item) => item.plan),
    practice,
  );
  for (const delivery of deliveriesOf(items)) pair.deliver(delivery, blocks);
  pair.compareIndexes();
}

/** The chain and its twin. */
class Pair {
  comparisons = 0;
  readonly #memory = new CoinedStore();
  readonly #store: Store;
  readonly #twin = new Replay(practice);
  chain: Chain;

  constructor(wrap: (store: Store) => Store = (store) => store) {
    this.#store = wrap(this.#memory);
    this.chain = this.#open();
  }

  deliver(delivery: Delivery, blocks: readonly RandomBlock[]): void {
    const { block, changed, path } = blocks[delivery.at]!;
    switch (delivery.type) {
      case "block":
        this.#compare(wordOf(this.chain.accept(block, now)), this.#twin.accept(block));
        break;
      case "changed-body": {
        if (changed === undefined) return;
        const said = wordOf(this.chain.accept(changed, now));
        this.#compare(said, this.#twin.accept(changed, "bad-witness-merkle-match"));
        break;
      }
      case "headers": {
        const headers = [...path, block].map(({ header }) => header);
        const verdict = this.chain.acceptHeaders(headers, now);
        const said = verdict.ok ? "ok" : verdict.problem.rule;
        this.#compare(said, this.#twin.acceptHeaders(headers));
        break;
      }
      case "restart":
        // A header that waits for its body is forgotten, which the twin does not do.
        if (!this.#twin.hasAllBodies) break;
        this.chain = this.#open();
        this.#twin.restart((hash) => this.chain.tree.get(hash)!.sequence);
        break;
      case "invalidate":
      case "reconsider":
      case "prefer": {
        const hash = hashOfBlock(block);
        const entry = this.chain.tree.get(hash);
        if (entry !== undefined) this.chain[delivery.type](entry);
        this.#twin[delivery.type](hash);
        break;
      }
    }
    this.#compareAll();
  }

  #compareAll(): void {
    this.#compare(this.chain.tip.hash, this.#twin.tip);
    this.#compare(listCoins(decodeCoins(this.#memory.coins)), listCoins(this.#twin.coins));
    this.#compare(tipsOf(this.chain), this.#twin.tips);
  }

  #compare(own: unknown, twins: unknown): void {
    this.comparisons += 1;
    expect(own).toEqual(twins);
  }

  /** What people look up, as a chain has it that never saw another branch. */
  compareIndexes(): void {
    const scratch = new MemoryStore();
    const chain = openChain(scratch);
    for (let height = 1; height <= this.chain.tip.height; height++) {
      chain.accept(this.chain.blockOf(this.chain.entryAt(height)!.hash)!, now);
    }
    this.#compare(indexesIn(this.#memory), indexesIn(scratch));
  }

  #open(): Chain {
    return openChain(this.#store);
  }
}

function openChain(store: Store): Chain {
  return new Chain({
    params: practice,
    store,
    verifier: trustingVerifier,
    companions: [lookupIndex],
  });
}

function decodeCoins(records: ReadonlyMap<Key, Uint8Array>): PlainCoins {
  const coins: PlainCoins = new Map();
  for (const [key, record] of records) {
    const { output, height, isCoinbase } = decodeCoin(record);
    const name = outPointName(parsePointDigits(key.slice(coinPrefix.length)));
    coins.set(name, { ...output, height, isCoinbase });
  }
  return coins;
}

/** One line a coin: two strings are compared faster than two maps. */
function listCoins(coins: PlainCoins): string {
  const lines = Array.from(coins, ([name, { value, script, height, isCoinbase }]) => {
    return `${name} ${value} ${height} ${isCoinbase} ${bytesToHex(script)}`;
  });
  return lines.sort().join("\n");
}

function tipsOf(chain: Chain): Record<string, string> {
  return Object.fromEntries(
    branchTips(chain).map(({ hash, status, branchLength }) => [hash, `${status} ${branchLength}`]),
  );
}

function indexesIn(store: MemoryStore): [Key, Uint8Array][] {
  return ["transaction/", "layout/", "script/", "history/", "index"].flatMap((prefix) => {
    return store.scan(prefix);
  });
}

test("after every delivery tip, coins and tips' statuses are the twin's", () => {
  let comparisons = 0;
  fc.assert(
    fc.property(story, (each) => {
      const pair = new Pair();
      tell(each, pair);
      comparisons += pair.comparisons;
    }),
    { numRuns: 100 },
  );
  expect(comparisons).toBeGreaterThan(5000);
});

describe("the twin notices undo records", () => {
  test.each<[string, (coins: Coin[]) => Coin[]]>([
    ["that lose a coin", (coins) => coins.slice(1)],
    ["that have their coins in another order", (coins) => coins.toReversed()],
    ["that forget where a coin was made", (coins) => coins.map((c) => ({ ...c, height: 1 }))],
    ["that forget coinbases", (coins) => coins.map((c) => ({ ...c, isCoinbase: false }))],
  ])("%s", (_, change) => {
    const { failed } = fc.check(
      fc.property(story, (each) => tell(each, new Pair((store) => new Forgetful(store, change)))),
      { numRuns: 100, endOnFailure: true },
    );
    expect(failed).toBe(true);
  });
});

/** A store that has its coins at hand, since they are compared after every delivery. */
class CoinedStore extends MemoryStore {
  readonly coins = new Map<Key, Uint8Array>();

  override commit(batch: readonly Write[]): void {
    super.commit(batch);
    for (const write of batch) {
      if (!write.key.startsWith(coinPrefix)) continue;
      if (write.type === "put") this.coins.set(write.key, write.value);
      else this.coins.delete(write.key);
    }
  }
}

/** A store that remembers undo records wrongly. */
class Forgetful implements Store {
  readonly #inner: Store;
  readonly #change: (coins: Coin[]) => Coin[];

  constructor(inner: Store, change: (coins: Coin[]) => Coin[]) {
    this.#inner = inner;
    this.#change = change;
  }

  get(key: Key): Uint8Array | undefined {
    const record = this.#inner.get(key);
    if (record === undefined || !key.startsWith("undo/")) return record;
    return encodeUndo(this.#change(decodeUndo(record)));
  }

  commit(batch: readonly Write[]): void {
    this.#inner.commit(batch);
  }
}

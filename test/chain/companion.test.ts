/** A chain moves any companion of its branch with the tip: shown by one that it has never seen. */

import { expect, test } from "vitest";
import { type Acceptance, Chain } from "../../src/chain/chain.ts";
import type { BranchBlock } from "../../src/chain/change.ts";
import type { BranchCompanion, CompanionLayer } from "../../src/chain/companion.ts";
import { chainKey } from "../../src/chain/records.ts";
import type { Coin } from "../../src/consensus/coin.ts";
import type { Store, Write } from "../../src/machine/store.ts";
import { MemoryStore } from "../../src/sim/engine/memory-store.ts";
import { trustingVerifier } from "../builders.ts";
import { Forest } from "./forest.ts";
import { now } from "./scene.ts";

const totalKey = "outputs-total";

/** Counts the outputs of each block on the active branch, the coins each spent, and all outputs. */
const outputCounts: BranchCompanion = { follow: (store) => new CountLayer(store) };

class CountLayer implements CompanionLayer {
  readonly #writes: Write[] = [];
  #total: number;

  constructor(store: Store) {
    this.#total = store.get(totalKey)?.[0] ?? 0;
  }

  connect({ height, block }: BranchBlock, spent: readonly Coin[]): void {
    const outputs = block.transactions.flatMap((transaction) => transaction.outputs).length;
    this.#total += outputs;
    const value = Uint8Array.of(outputs, spent.length);
    this.#writes.push({ type: "put", key: `outputs/${height}`, value });
  }

  disconnect({ height, block }: BranchBlock): void {
    this.#total -= block.transactions.flatMap((transaction) => transaction.outputs).length;
    this.#writes.push({ type: "delete", key: `outputs/${height}` });
  }

  writes(): readonly Write[] {
    return [...this.#writes, { type: "put", key: totalKey, value: Uint8Array.of(this.#total) }];
  }
}

class Counted {
  readonly store = new MemoryStore();
  readonly #forest: Forest;
  #chain: Chain;

  constructor(forest: Forest) {
    this.#forest = forest;
    this.#chain = this.#open();
  }

  receives(...names: string[]): Acceptance[] {
    return names.map((name) => this.#chain.accept(this.#forest.block(name), now));
  }

  /** The tip, then a word for each block: its height, its outputs, and the coins that it spent. */
  get counts(): string[] {
    const words = this.store.scan("outputs/").map(([key, [outputs, spent]]) => {
      return `${key.slice("outputs/".length)}: ${outputs} made, ${spent} spent`;
    });
    const total = this.store.get(totalKey)?.[0] ?? 0;
    return [this.#forest.nameOf(this.#chain.tip.hash), ...words, `${total} in all`];
  }

  restarts(): void {
    this.#chain = this.#open();
  }

  #open(): Chain {
    return new Chain({
      params: this.#forest.params,
      store: this.store,
      verifier: trustingVerifier,
      companions: [outputCounts],
    });
  }
}

//  genesis ─ a1 ─ a2 ─ a3:pay
//              └─ b2 ─ b3 ─ b4
//              └─ c2 ─ c3 ─ c4! ─ c5      c4 takes one satoshi too much
function countedForest(): Forest {
  const forest = new Forest().plant("a1").pay("pay", "a1").plant("a1 a2 a3:pay");
  return forest.plant("a1 b2 b3 b4").plant("a1 c2 c3 c4! c5");
}

const beforeMove = ["a3", "1: 2 made, 0 spent", "2: 2 made, 0 spent", "3: 3 made, 1 spent"];
const afterMove = ["b4", ...[1, 2, 3, 4].map((height) => `${height}: 2 made, 0 spent`)];

test("a companion follows a reorganisation, in the batch that moves the tip", () => {
  const counted = new Counted(countedForest());
  counted.receives("a1", "a2", "a3");
  expect(counted.counts).toEqual([...beforeMove, "7 in all"]);
  const [, , moved] = counted.receives("b2", "b3", "b4");
  expect(counted.counts).toEqual([...afterMove, "8 in all"]);
  const keys = moved !== undefined && "batch" in moved ? moved.batch.map(({ key }) => key) : [];
  expect(keys).toEqual(expect.arrayContaining([chainKey, totalKey, "outputs/3", "outputs/4"]));
});

test("a companion forgets a branch that turns out to be invalid", () => {
  const counted = new Counted(countedForest());
  counted.receives("a1", "a2", "a3", "c2", "c3", "c5", "c4");
  expect(counted.counts).toEqual([...beforeMove, "7 in all"]);
});

test("a crash undoes the companion's part of a move with the tip's", () => {
  const counted = new Counted(countedForest());
  const before = counted.receives("a1", "a2", "a3", "b2", "b3");
  for (const acceptance of before)
    if ("batch" in acceptance) counted.store.persist(acceptance.batch);
  counted.receives("b4");
  counted.store.crash();
  counted.restarts();
  expect(counted.counts).toEqual([...beforeMove, "7 in all"]);
  counted.receives("b4");
  counted.restarts();
  expect(counted.counts).toEqual([...afterMove, "8 in all"]);
});

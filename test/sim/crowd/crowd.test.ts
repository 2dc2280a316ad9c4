/** Compares nodes of a crowd with full chains that are given the same blocks. */

import { describe, expect, test } from "vitest";
import { Chain } from "../../../src/chain/chain.ts";
import type { Ancestor } from "../../../src/consensus/ancestor.ts";
import { regtest } from "../../../src/consensus/params.ts";
import { type Block, hashOfBlock } from "../../../src/primitives/block.ts";
import type { BlockHash, Milliseconds } from "../../../src/primitives/brand.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import { Crowd } from "../../../src/sim/crowd/crowd.ts";
import { genesisNumber, Ledger } from "../../../src/sim/crowd/ledger.ts";
import { MemoryStore } from "../../../src/sim/engine/memory-store.ts";
import { trustingVerifier } from "../../builders.ts";
import { grow, rootOf } from "../../chain/forest.ts";
import { childOf } from "../../consensus/samples.ts";

/** Later than any block here. */
const now = (regtest.genesis.header.time * 1000 + 1e9) as Milliseconds;

/** A tree of full blocks with the numbers of a ledger's headers. */
class Grove {
  readonly ledger = new Ledger(regtest);
  readonly #blocks: Block[] = [regtest.genesis];
  readonly #places: Ancestor[] = [rootOf(regtest)];

  grow(parent: number): number {
    const number = this.ledger.mine(parent, this.ledger.size * 600_000);
    const below = this.#places[parent]!;
    this.#blocks[number] = grow(below, regtest, { tag: `${number}` });
    this.#places[number] = childOf(below, below.height + 1, this.#blocks[number].header);
    return number;
  }

  block(number: number): Block {
    return this.#blocks[number]!;
  }

  numberOf(hash: BlockHash): number {
    return this.#blocks.findIndex((block) => hashOfBlock(block) === hash);
  }
}

/** A full chain which, as nodes do, is given a block again when its parent has come. */
class PatientChain {
  readonly chain = new Chain({
    params: regtest,
    store: new MemoryStore(),
    verifier: trustingVerifier,
    companions: [],
  });
  readonly #grove: Grove;
  readonly #orphans = new Set<number>();

  constructor(grove: Grove) {
    this.#grove = grove;
  }

  accept(number: number): void {
    const { status } = this.chain.accept(this.#grove.block(number), now);
    if (status === "orphan") this.#orphans.add(number);
    else for (const child of this.#grove.ledger.childrenOf(number)) this.#retry(child);
  }

  #retry(number: number): void {
    if (this.#orphans.delete(number)) this.accept(number);
  }
}

test("a node's tip is where a full chain's would be, whatever the order of the blocks", () => {
  for (let seed = 1; seed <= 12; seed++) {
    const random = createRandom(seed);
    const grove = new Grove();
    const numbers: number[] = [];
    while (numbers.length < 25) {
      const back = random.pick([0, 0, 0, 1, 1, 2, 3]);
      numbers.push(grove.grow(numbers.at(-1 - back) ?? genesisNumber));
    }
    const crowd = new Crowd(1, numbers.length, grove.ledger, () => undefined);
    const full = new PatientChain(grove);
    while (numbers.length > 0) {
      const [number] = numbers.splice(random.nextBelow(Math.min(numbers.length, 6)), 1);
      crowd.accept(0, number!);
      full.accept(number!);
      const tip = grove.numberOf(full.chain.tip.hash);
      expect(crowd.tipOf(0), `seed ${seed}, block ${number}`).toBe(tip);
    }
  }
});

describe("a node", () => {
  /** Two nodes, and what they took into their trees. */
  function pair() {
    const ledger = new Ledger(regtest);
    const linked: [number, number][] = [];
    const crowd = new Crowd(2, 4, ledger, (node, block) => linked.push([node, block]));
    return { ledger, linked, crowd };
  }

  test("asks once for a block, and not for one that it has", () => {
    const { ledger, crowd } = pair();
    const a = ledger.mine(genesisNumber, 1_000);
    expect(crowd.expect(0, a)).toBe(true);
    expect(crowd.expect(0, a)).toBe(false);
    crowd.accept(1, a);
    expect(crowd.expect(1, a)).toBe(false);
  });

  test("keeps a block that comes before its parent, and takes it with its parent", () => {
    const { ledger, linked, crowd } = pair();
    const a = ledger.mine(genesisNumber, 1_000);
    const b = ledger.mine(a, 2_000);
    crowd.accept(0, b);
    expect(crowd.tipOf(0)).toBe(genesisNumber);
    crowd.accept(0, a);
    expect(crowd.tipOf(0)).toBe(b);
    expect(linked).toEqual([
      [0, a],
      [0, b],
    ]);
  });

  test("stays with the first of two rivals, and takes a block twice without a word", () => {
    const { ledger, linked, crowd } = pair();
    const a = ledger.mine(genesisNumber, 1_000);
    const b = ledger.mine(genesisNumber, 1_000);
    for (const block of [a, b, a]) crowd.accept(0, block);
    for (const block of [b, a]) crowd.accept(1, block);
    expect([crowd.tipOf(0), crowd.tipOf(1)]).toEqual([a, b]);
    expect(linked).toHaveLength(4);
    expect(ledger.staleCount(a)).toBe(1);
  });

  test("has no room for more blocks than were planned", () => {
    const { ledger, crowd } = pair();
    for (let i = 0; i < 5; i++) ledger.mine(genesisNumber, 1_000);
    crowd.accept(0, 4);
    expect(() => crowd.accept(0, 5)).toThrow(RangeError);
  });
});

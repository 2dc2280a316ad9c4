/** The story that is made from what single nodes tell. */

import { expect, test } from "vitest";
import type { EventJson } from "../../../src/contract/node-api.ts";
import type { LabFacts } from "../../../src/contract/timeline.ts";
import { NetworkObserver } from "../../../src/lab/timeline/network-observer.ts";
import type {
  BlockHash,
  CompactTarget,
  Elapsed,
  Milliseconds,
  Txid,
} from "../../../src/primitives/brand.ts";

const time = (at: number) => at as Milliseconds;
const elapsed = (ms: number) => ms as Elapsed;
const names = ["alice", "bob", "shop"];

/** A lab whose nodes tell what the test says; blocks are named by short texts. */
class Scene {
  readonly told: LabFacts[] = [];
  readonly observer = new NetworkObserver(names, (facts) => this.told.push(facts));
  #at = 0;

  constructor() {
    for (const name of names) this.observer.setTip(name, "g" as BlockHash, 0);
  }

  accepts(node: string, hash: string, height: number, previous: string, isSecret = false): this {
    const isMiner = !this.#isKnown.has(hash);
    this.#isKnown.add(hash);
    this.#receive(node, isSecret, {
      type: "block-accepted",
      hash: hash as BlockHash,
      height,
      previous: previous as BlockHash,
      time: 0,
      bits: 0x1f00ffff as CompactTarget,
      tx_count: 3,
      size: 500,
      origin: isMiner ? "mined" : "gossiped",
      is_tip: true,
      work: "",
      txids: [],
      from: null,
    });
    return this;
  }

  readonly #isKnown = new Set<string>();

  extends(node: string, hash: string, height: number): this {
    this.#receive(node, false, { type: "tip-extended", tip: hash as BlockHash, height });
    return this;
  }

  reorganises(node: string, tip: string, height: number, back: readonly string[]): this {
    this.#receive(node, false, {
      type: "reorganised",
      tip: tip as BlockHash,
      height,
      fork: "g" as BlockHash,
      fork_height: 0,
      depth: back.length,
      back: back as readonly BlockHash[],
      forth: [tip as BlockHash],
      readmitted: ["t" as Txid],
    });
    return this;
  }

  take(): LabFacts[] {
    return this.told.splice(0);
  }

  #receive(node: string, isSecret: boolean, facts: DistributiveOmit<EventJson, "id" | "at">): void {
    const event = { ...facts, id: ++this.#at, at: time(this.#at) } as EventJson;
    this.observer.receive(node, event, isSecret, elapsed(this.#at));
  }
}

type DistributiveOmit<T, Keys extends PropertyKey> = T extends unknown ? Omit<T, Keys> : never;

test("a block is told once, when all nodes follow it", () => {
  const scene = new Scene();
  scene.accepts("alice", "a1", 1, "g").extends("alice", "a1", 1);
  scene.accepts("bob", "a1", 1, "g").extends("bob", "a1", 1);
  expect(scene.take()).toEqual([]);
  scene.accepts("shop", "a1", 1, "g").extends("shop", "a1", 1);
  const block = { type: "block", hash: "a1", miner: "alice", transactions: 2, agree: 3, honest: 3 };
  expect(scene.take()).toMatchObject([block]);
  expect(scene.observer.isAgreed).toBe(true);
  expect(scene.observer.transactionsUpTo("a1" as BlockHash)).toBe(2);
});

test("a block that not all follow is told when its time is over", () => {
  const scene = new Scene();
  scene.accepts("alice", "a1", 1, "g").extends("alice", "a1", 1);
  scene.observer.writePending(elapsed(1));
  expect(scene.take()).toEqual([]);
  scene.observer.writePending(elapsed(100));
  expect(scene.take()).toMatchObject([{ type: "block", hash: "a1", agree: 1 }]);
});

test("who already stands higher on a branch counts for it when its fork is told", () => {
  //  g ─ a1 ─ a2
  //   └─ b1
  const scene = new Scene();
  scene.accepts("alice", "a1", 1, "g").extends("alice", "a1", 1);
  scene.accepts("alice", "a2", 2, "a1").extends("alice", "a2", 2);
  scene.accepts("bob", "b1", 1, "g").extends("bob", "b1", 1);
  scene.observer.writePending(elapsed(Infinity));
  const fork = scene.take().find(({ type }) => type === "fork");
  expect(fork).toMatchObject({ branches: [{ nodes: ["alice"] }, { nodes: ["bob"] }] });
});

test("two blocks on one parent are a fork, and who changes sides reorganises together", () => {
  //  g ─ a1
  //   └─ b1 ─ b2
  const scene = new Scene();
  scene.accepts("alice", "a1", 1, "g").extends("alice", "a1", 1);
  scene.accepts("shop", "a1", 1, "g").extends("shop", "a1", 1);
  scene.accepts("bob", "b1", 1, "g").extends("bob", "b1", 1);
  scene.accepts("bob", "b2", 2, "b1").extends("bob", "b2", 2);
  expect(scene.take()).toMatchObject([
    { type: "block", hash: "a1", agree: 2 },
    { type: "block", hash: "b1", agree: 1 },
    {
      type: "fork",
      height: 1,
      branches: [
        { hash: "a1", miner: "alice", nodes: ["alice", "shop"] },
        { hash: "b1", miner: "bob", nodes: ["bob"] },
      ],
    },
  ]);
  scene.accepts("shop", "b2", 2, "b1").reorganises("shop", "b2", 2, ["a1"]);
  scene.accepts("alice", "b2", 2, "b1").reorganises("alice", "b2", 2, ["a1"]);
  scene.observer.writePending(elapsed(Infinity));
  expect(scene.take()).toMatchObject([
    { type: "block", hash: "b2", agree: 3 },
    { type: "reorganised", depth: 1, returned: 1, nodes: ["alice", "shop"] },
  ]);
  expect(scene.observer.counts).toEqual({ blocks: 3, forks: 1, reorgs: 1 });
  expect(scene.observer.transactionsUpTo("b2" as BlockHash)).toBe(4);
});

test("an attacker's secret block makes no fork, and nobody waits for her to agree", () => {
  const scene = new Scene();
  scene.observer.setAttacker("bob");
  scene.accepts("alice", "a1", 1, "g").extends("alice", "a1", 1);
  scene.accepts("shop", "a1", 1, "g").extends("shop", "a1", 1);
  expect(scene.take()).toMatchObject([{ type: "block", hash: "a1", agree: 2, honest: 2 }]);
  scene.accepts("bob", "s1", 1, "g", true).extends("bob", "s1", 1);
  expect(scene.take()).toMatchObject([{ type: "block", hash: "s1", isSecret: true, agree: 0 }]);
  expect(scene.observer.isAgreed).toBe(true);
  expect(scene.observer.counts.forks).toBe(0);
  scene.observer.setAttacker(undefined);
  expect(scene.observer.isAgreed).toBe(false);
});

test("a secret block is a fork as soon as somebody else has it", () => {
  //  g ─ a1
  //   └─ s1 ─ s2
  const scene = new Scene();
  scene.observer.setAttacker("bob");
  scene.accepts("alice", "a1", 1, "g").extends("alice", "a1", 1);
  scene.accepts("shop", "a1", 1, "g").extends("shop", "a1", 1);
  scene.accepts("bob", "s1", 1, "g", true).extends("bob", "s1", 1);
  scene.accepts("bob", "s2", 2, "s1", true).extends("bob", "s2", 2);
  scene.accepts("alice", "s1", 1, "g").accepts("alice", "s2", 2, "s1");
  scene.accepts("shop", "s1", 1, "g").accepts("shop", "s2", 2, "s1");
  scene.observer.writePending(elapsed(Infinity));
  const forks = scene.take().filter(({ type }) => type === "fork");
  expect(forks).toMatchObject([{ height: 1, branches: [{ hash: "a1" }, { hash: "s1" }] }]);
  expect(scene.observer.counts.forks).toBe(1);
});

test("agreement waits for nobody who is down, until that one is back", () => {
  const scene = new Scene();
  scene.accepts("alice", "a1", 1, "g").extends("alice", "a1", 1);
  scene.accepts("bob", "a1", 1, "g").extends("bob", "a1", 1);
  expect(scene.observer.isAgreed).toBe(false);
  scene.observer.markDown("shop");
  expect(scene.take()).toMatchObject([{ type: "block", hash: "a1", agree: 2, honest: 2 }]);
  expect(scene.observer.isAgreed).toBe(true);
  expect(scene.observer.tipOf("shop")).toEqual({ hash: "g", height: 0 });
  scene.observer.setTip("shop", "g" as BlockHash, 0);
  expect(scene.observer.isAgreed).toBe(false);
});

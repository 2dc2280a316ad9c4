/** Lets one traitor loose on honest nodes, kind by kind, and looks at what it can do. */

import { describe, expect, test } from "vitest";
import {
  type ByzantineName,
  byzantineNames,
  createByzantine,
} from "../../../src/attacks/byzantine/byzantine.ts";
import { defaultPolicy } from "../../../src/mempool/policy.ts";
import type { News } from "../../../src/node/news.ts";
import type { PeerId } from "../../../src/primitives/brand.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import { ChainWorld, hashrateOf } from "../../../src/sim/chain-world/chain-world.ts";
import { allChecks } from "../../../src/sim/chain-world/checks/all-checks.ts";
import { setUpChaos } from "../../../src/sim/chaos/plan.ts";
import { Traffic } from "../../../src/sim/chaos/traffic.ts";

const { params, verifier, wallets, headStart } = setUpChaos("regtest");
const { records } = headStart;
const payTo = wallets[0]!.script;
const intervalMs = 4_000;

/** Two honest nodes and mallory, everybody with a miner and linked with everybody. */
class Siege {
  readonly world: ChainWorld;
  /** What alice and bob had to tell. */
  readonly news: News[] = [];

  constructor(kind: ByzantineName, seed: number) {
    this.world = new ChainWorld({ seed, verifier, params, checks: allChecks() });
    const hashrate = hashrateOf(1 / 3, intervalMs, params);
    for (const name of ["alice", "bob", "mallory"])
      this.world.add(name, { hashrate, payTo, records });
    this.world.connectAll();
    this.world.setBehaviour("mallory", createByzantine(kind, createRandom(seed)));
    this.world.onNews((name, news) => {
      if (name !== "mallory") this.news.push(news);
    });
  }

  pays(): this {
    const random = createRandom("payments");
    const coins = headStart.coins;
    new Traffic({ world: this.world, random, wallets, coins, meanMs: 1_000 }).begin();
    return this;
  }

  /** Lets it go on until this has been told; fails if it never is. */
  until(isIt: (news: News) => boolean): this {
    expect(this.world.runUntil(() => this.news.some(isIt), 600_000)).toBe(true);
    return this;
  }

  rejections(): string[] {
    return this.news.flatMap((news) => (news.type === "block-rejected" ? [news.problem.rule] : []));
  }

  bans(): string[] {
    return this.news.flatMap((news) => (news.type === "peer-banned" ? [news.peer] : []));
  }
}

test.each(byzantineNames)("%s: the honest agree all the same, and ban only the traitor", (kind) => {
  for (const seed of [1, 2]) {
    const siege = new Siege(kind, seed).pays();
    siege.world.runFor(60_000);
    for (const name of siege.world.names) {
      siege.world.command(name, { type: "set-mining", payTo: undefined });
    }
    siege.world.command("alice", { type: "set-mining", payTo });
    const { tip } = siege.world.node("alice").chain;
    siege.world.runUntil(
      () => siege.world.node("alice").chain.tip.height > tip.height + 2,
      600_000,
    );
    siege.world.command("alice", { type: "set-mining", payTo: undefined });
    expect(siege.world.runUntil(() => siege.world.haveAgreed(["alice", "bob"]), 60_000)).toBe(true);
    expect(siege.bans().every((name) => name === "mallory")).toBe(true);
    expect(siege.world.node("alice").chain.tip.height).toBeGreaterThan(headStart.height + 5);
  }
});

describe("invalid blocks", () => {
  test("break many rules, cost the traitor its links, and reach no chain", () => {
    const rules = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const siege = new Siege("invalid-blocks", seed).pays();
      siege.until(({ type }) => type === "block-rejected" || type === "peer-banned");
      for (const rule of siege.rejections()) rules.add(rule);
    }
    expect([...rules]).toEqual(
      expect.arrayContaining([
        "bad-cb-amount",
        "bad-cb-height",
        "bad-txns-inputs-missingorspent",
        "bad-txns-premature-spend-of-coinbase",
        "mandatory-script-verify-flag-failed",
        "time-too-new",
        "time-too-old",
      ]),
    );
  });

  test("may have valid ones upon them: the whole branch is dropped", () => {
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const fates = seeds.map((seed) => {
      const siege = new Siege("invalid-blocks", seed);
      siege.until(({ type }) => type === "peer-banned");
      const { tree } = siege.world.node("alice").chain;
      const invalid = [...tree.leaves()].filter(({ isInvalid }) => isInvalid);
      return invalid.some(({ parent }) => parent?.isInvalid === true);
    });
    expect(fates).toContain(true);
  });
});

test("mutated blocks are rejected, and genuine ones of the same hash are taken nevertheless", () => {
  const seeds = Array.from({ length: 10 }, (_, seed) => seed);
  const redeemed = seeds.filter((seed) => {
    const siege = new Siege("mutated-blocks", seed).pays();
    siege.world.runFor(60_000);
    const rejected = siege.news.flatMap((news) => {
      return news.type === "block-rejected" ? [news.hash] : [];
    });
    return rejected.some((hash) => {
      const { chain } = siege.world.node("alice");
      const entry = chain.tree.get(hash);
      return entry !== undefined && chain.isActive(entry);
    });
  });
  expect(redeemed.length).toBeGreaterThan(0);
});

test("withheld bodies are asked for in vain, until the traitor alone is dropped", () => {
  const siege = new Siege("withheld-bodies", 1);
  const { world } = siege;
  const mallory = "mallory" as PeerId;
  const isDropped = (name: string) => world.node(name).peers.get(mallory) === undefined;
  expect(world.runUntil(() => !isDropped("alice") && !isDropped("bob"), 10_000)).toBe(true);
  expect(world.runUntil(() => isDropped("alice") || isDropped("bob"), 600_000)).toBe(true);
  const leaves = ["alice", "bob"].flatMap((name) => [...world.node(name).chain.tree.leaves()]);
  expect(leaves.some(({ hasBody }) => !hasBody)).toBe(true);
  expect(
    siege.news.flatMap((news) => (news.type === "peer-left" ? [news.peer] : [])),
  ).not.toContain("alice");
});

test("spammed headers are not kept, and who claims much and shows little is banned", () => {
  const siege = new Siege("header-spam", 1);
  siege.until((news) => news.type === "peer-banned" && news.peer === "mallory");
  const { tree } = siege.world.node("alice").chain;
  expect([...tree.leaves()].every(({ hasBody }) => hasBody)).toBe(true);
});

test("a flood of orphans fills no more than its limit", () => {
  const siege = new Siege("orphan-flood", 1);
  siege.world.runFor(60_000);
  const { mempool } = siege.world.node("alice");
  expect(mempool.orphanCount).toBe(defaultPolicy.orphansMax);
});

test("who equivocates shows two blocks of one height, and both are taken", () => {
  const siege = new Siege("equivocation", 2);
  siege.world.runFor(60_000);
  const accepted = siege.news.flatMap((news) => (news.type === "block-accepted" ? [news] : []));
  const rivals = accepted.filter(({ hash, block }) => {
    const { previous } = block.header;
    return accepted.some((rival) => {
      return rival.hash !== hash && rival.block.header.previous === previous;
    });
  });
  expect(rivals.length).toBeGreaterThan(1);
});

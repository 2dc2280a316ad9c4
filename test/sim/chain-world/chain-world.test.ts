/** Lets small worlds run, and breaks them. */

import { describe, expect, test } from "vitest";
import {
  createCachingVerifier,
  createTinyVerifier,
} from "../../../src/io/verifying/signature-verifier.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import { ChainWorld, hashrateOf } from "../../../src/sim/chain-world/chain-world.ts";
import { findDisagreement } from "../../../src/sim/chain-world/checks/agreement.ts";
import { allChecks } from "../../../src/sim/chain-world/checks/all-checks.ts";
import { SimulatedWallet } from "../../../src/sim/chain-world/simulated-wallet.ts";

const verifier = createCachingVerifier(createTinyVerifier(), 1_000);
const payTo = new SimulatedWallet(createRandom("world")).script;
const intervalMs = 10_000;

/** Miners of equal strength, every one linked with every other. */
function worldOf(seed: number, names: readonly string[]): ChainWorld {
  const world = new ChainWorld({ seed, verifier, checks: allChecks() });
  const hashrate = hashrateOf(1 / names.length, intervalMs, world.params);
  for (const name of names) world.add(name, { hashrate, payTo });
  return world;
}

function heightOf(world: ChainWorld, name: string): number {
  return world.node(name).chain.tip.height;
}

function disagreementIn(world: ChainWorld): string | undefined {
  return findDisagreement(world.names.map((name) => world.subject(name)));
}

test("miners find blocks at the rate that their hash power gives", () => {
  const world = worldOf(1, ["a"]);
  world.runFor(400 * intervalMs);
  // The number of blocks is Poisson with mean 400: four standard deviations are 80.
  expect(Math.abs(heightOf(world, "a") - 400)).toBeLessThan(80);
});

test("nodes that only know the next one in a row agree on one tip", () => {
  //  a ─ b ─ c ─ d
  const world = worldOf(2, ["a", "b", "c", "d"]);
  world.connect("a", "b");
  world.connect("b", "c");
  world.connect("c", "d");
  world.runFor(20 * intervalMs);
  expect(world.runUntil(() => world.haveAgreed(), 10 * intervalMs)).toBe(true);
  expect(heightOf(world, "a")).toBeGreaterThan(5);
  expect(disagreementIn(world)).toBeUndefined();
});

test("links that lose a fifth of all messages only delay agreement", () => {
  const world = worldOf(3, ["a", "b", "c"]);
  world.connectAll({ latencyMinMs: 50, jitterMs: 100, loss: 0.2 });
  world.runFor(30 * intervalMs);
  for (const name of world.names) {
    world.command(name, { type: "set-mining", payTo: undefined });
  }
  // Statuses are exchanged every ten seconds, and lost requests are repeated.
  expect(world.runUntil(() => world.haveAgreed(), 300_000)).toBe(true);
});

test("halves of a network go different ways, and agree again after healing", () => {
  const world = worldOf(4, ["a", "b", "c"]);
  world.connectAll();
  world.runFor(intervalMs);
  world.split(["a"], ["b", "c"]);
  world.runFor(15 * intervalMs);
  expect(disagreementIn(world)).toMatch(/^a is at \w+, b is at \w+$/);
  world.heal();
  expect(world.runUntil(() => world.haveAgreed(), 20 * intervalMs)).toBe(true);
  expect(disagreementIn(world)).toBeUndefined();
});

describe("a crash", () => {
  /** Runs until a node has a block that is not on disk yet. */
  function untilWriting(world: ChainWorld, name: string): void {
    const { store } = world.host(name);
    expect(world.runUntil(() => store.waitingCount > 0, 100 * intervalMs)).toBe(true);
  }

  test("loses the block that was not written yet, and nobody has heard of it", () => {
    const world = worldOf(5, ["a"]);
    world.add("b");
    world.connectAll();
    world.runFor(5 * intervalMs);
    untilWriting(world, "a");
    const lost = world.node("a").chain.tip;
    world.crash("a");
    world.runFor(intervalMs / 10);
    world.restart("a");
    expect(world.node("a").chain.tip.hash).toBe(lost.parent!.hash);
    expect(world.node("a").chain.tree.get(lost.hash)).toBeUndefined();
    expect(world.node("b").chain.tree.get(lost.hash)).toBeUndefined();
  });

  test("is recovered from: what was written is there, what was missed is fetched", () => {
    const world = worldOf(6, ["a", "b", "c"]);
    world.connectAll();
    for (let round = 0; round < 5; round++) {
      untilWriting(world, "a");
      world.crash("a");
      world.runFor(3 * intervalMs);
      world.restart("a");
      world.runFor(2 * intervalMs);
    }
    expect(world.runUntil(() => world.haveAgreed(), 10 * intervalMs)).toBe(true);
    expect(disagreementIn(world)).toBeUndefined();
  });

  test("is told to the neighbours", () => {
    const world = worldOf(7, ["a", "b"]);
    world.connectAll();
    world.runFor(1_000);
    expect(world.node("b").peers.list(world.host("b").now.elapsed)).toHaveLength(1);
    world.crash("a");
    world.runFor(1_000);
    expect(world.node("b").peers.list(world.host("b").now.elapsed)).toHaveLength(0);
    world.restart("a");
    world.runFor(1_000);
    expect(world.node("b").peers.list(world.host("b").now.elapsed)).toHaveLength(1);
  });
});

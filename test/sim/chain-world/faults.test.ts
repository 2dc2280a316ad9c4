/** Makes one fault happen at a time, and looks at what it does. */

import { describe, expect, test } from "vitest";
import { regtest } from "../../../src/consensus/params.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import {
  type ChainFault,
  ChainFaultInjector,
  describeChainFault,
} from "../../../src/sim/chain-world/chain-faults.ts";
import { ChainWorld, hashrateOf } from "../../../src/sim/chain-world/chain-world.ts";
import { findDisagreement } from "../../../src/sim/chain-world/checks/agreement.ts";
import { allChecks } from "../../../src/sim/chain-world/checks/all-checks.ts";
import { fakeSigner, fakeVerifier } from "../../../src/sim/chain-world/fake-signature.ts";
import { SimulatedWallet } from "../../../src/sim/chain-world/simulated-wallet.ts";
import { planChaos, safetyMs } from "../../../src/sim/chaos/plan.ts";
import { describeAppointment } from "../../../src/sim/engine/faults.ts";
import { isConnected } from "../../../src/sim/engine/topology.ts";

const payTo = new SimulatedWallet(createRandom("faults"), fakeSigner).script;
const intervalMs = 2_000;
const params = { ...regtest, futureTimeMaxSeconds: 10 };

/** Three nodes in a circle; only `a` mines. */
function worldWith(...faults: readonly ChainFault[]) {
  const struck: string[] = [];
  const world = new ChainWorld({ seed: 1, verifier: fakeVerifier, params, checks: allChecks() });
  world.add("a", { hashrate: hashrateOf(1, intervalMs, params), payTo });
  for (const name of ["b", "c"]) world.add(name);
  world.connectAll({ latencyMinMs: 20, jitterMs: 0, loss: 0 });
  const injector = new ChainFaultInjector(world, createRandom(1), ({ fault }) =>
    struck.push(fault.verb),
  );
  injector.schedule(faults);
  return { world, injector, struck };
}

const at = { atMs: 10_000, lastsMs: 20_000 };

function heightOf(world: ChainWorld, name: string): number {
  return world.node(name).chain.tip.height;
}

function peersOf(world: ChainWorld, name: string): number {
  return world.node(name).peers.list(world.host(name).now.elapsed).length;
}

/** How far each node is behind `a`, while the fault lasts. */
function lagsAfter(world: ChainWorld, ms: number): number[] {
  world.runFor(ms);
  return ["b", "c"].map((name) => heightOf(world, "a") - heightOf(world, name));
}

function expectAgreement(world: ChainWorld): void {
  expect(world.runUntil(() => world.haveAgreed(), 60_000)).toBe(true);
  expect(findDisagreement(world.names.map((name) => world.subject(name)))).toBeUndefined();
}

describe("links", () => {
  test("a split keeps groups apart until it is over", () => {
    const { world, struck } = worldWith({ ...at, verb: "split", groups: [["a"], ["b", "c"]] });
    world.runFor(9_000);
    expect([peersOf(world, "a"), struck]).toEqual([2, []]);
    world.runFor(5_000);
    expect([peersOf(world, "a"), peersOf(world, "b"), struck]).toEqual([0, 1, ["split"]]);
    world.runFor(20_000);
    expect(peersOf(world, "a")).toBe(2);
    expectAgreement(world);
  });

  test("who is isolated hears nothing, and catches up afterwards", () => {
    const { world } = worldWith({ ...at, verb: "isolate", node: "c" });
    const [b, c] = lagsAfter(world, 29_000);
    expect(b).toBeLessThanOrEqual(1);
    expect(c).toBeGreaterThan(2);
    expectAgreement(world);
  });

  test("a link in two cuts opens when both are over", () => {
    const { world } = worldWith(
      { ...at, verb: "isolate", node: "a" },
      { atMs: 15_000, lastsMs: 60_000, verb: "split", groups: [["a"], ["b", "c"]] },
    );
    world.runFor(40_000);
    expect(peersOf(world, "a")).toBe(0);
    world.runFor(40_000);
    expect(peersOf(world, "a")).toBe(2);
  });

  test("a cut silences one direction only", () => {
    //  a → b is silent, a ← b is not; c is out of the way
    const { world } = worldWith(
      { atMs: 0, lastsMs: 60_000, verb: "isolate", node: "c" },
      { ...at, verb: "cut", from: "a", to: "b" },
    );
    world.runFor(10_000);
    const before = heightOf(world, "b");
    world.runFor(15_000);
    expect(heightOf(world, "a")).toBeGreaterThan(before + 1);
    expect(heightOf(world, "b")).toBe(before);
    world.runFor(10_000);
    expectAgreement(world);
  });

  test("a slow node is behind, a node behind a throttled link too", () => {
    for (const fault of [
      { ...at, verb: "slow", node: "c", byMs: 20_000 } as const,
      { ...at, verb: "throttle", node: "c", bytesPerSecond: 20 } as const,
    ]) {
      const { world } = worldWith(fault);
      const [b, c] = lagsAfter(world, 29_000);
      expect(b, fault.verb).toBeLessThanOrEqual(1);
      expect(c, fault.verb).toBeGreaterThan(2);
      world.runFor(10_000);
      expectAgreement(world);
    }
  });

  test("scrambled links delay, and spoil nothing", () => {
    const { world } = worldWith({ ...at, verb: "scramble", node: "c", share: 0.7 });
    world.runFor(31_000);
    expectAgreement(world);
    expect(heightOf(world, "c")).toBeGreaterThan(3);
  });
});

describe("nodes", () => {
  test("a crash ends a node, and it comes back by itself", () => {
    const { world } = worldWith({ ...at, verb: "crash", node: "b", moment: "at-once" });
    world.runFor(11_000);
    expect(world.host("b").isRunning).toBe(false);
    world.runFor(20_000);
    expectAgreement(world);
  });

  test("a crash while it writes comes with the next write, and what was not written is lost", () => {
    const { world } = worldWith({
      ...{ atMs: 0, lastsMs: 100_000 },
      ...{ verb: "crash", node: "a", moment: "while-writing" },
    });
    let seen = 0;
    world.onStep(({ name, node }) => {
      if (name === "a") seen = node.chain.tip.height;
    });
    world.runUntil(() => !world.host("a").isRunning, 60_000);
    expect([seen, world.host("a").store.durable.size]).toEqual([1, 0]);
    expect(heightOf(world, "b")).toBe(0);
  });

  test("a restart is over at once", () => {
    const { world } = worldWith({ ...at, verb: "restart", node: "b" });
    const { node } = world.host("b");
    world.runFor(11_000);
    expect(world.node("b")).not.toBe(node);
    expectAgreement(world);
  });

  test("a node that meets a damaged record stops, and begins anew from genesis", () => {
    //  pick 0 is the first record of all: the body of block 1
    const { world, injector } = worldWith({
      ...at,
      lastsMs: 1e6,
      verb: "corrupt",
      node: "b",
      pick: 0,
    });
    world.runFor(15_000);
    expect([world.host("b").isRunning, world.host("b").store.isDamaged]).toEqual([true, true]);
    world.add("d");
    world.connect("b", "d"); // it asks for the whole chain
    world.runUntil(() => !world.host("b").isRunning, 30_000);
    expect(world.host("b").isRunning).toBe(false);
    injector.endAll();
    expect([heightOf(world, "b"), world.host("b").store.isDamaged]).toEqual([0, false]);
    expectAgreement(world);
    expect(heightOf(world, "b")).toBeGreaterThan(3);
  });

  test("a node whose clock is ahead mines what others take only later", () => {
    const { world } = worldWith({ ...at, verb: "skew", node: "a", byMs: 30_000 });
    world.runFor(29_000);
    expect(world.host("a").now.wall - world.clock.now).toBe(30_000);
    expect(heightOf(world, "a") - heightOf(world, "b")).toBeGreaterThan(1);
    world.runFor(20_000);
    expect(world.host("a").now.wall).toBe(world.clock.now);
    world.command("a", { type: "set-mining", payTo: undefined });
    expectAgreement(world);
  });

  test("a clock that is set back delays a node, and does not stop it", () => {
    const { world } = worldWith({ ...at, lastsMs: 1e6, verb: "skew", node: "b", byMs: -15_000 });
    world.runFor(60_000);
    const { steps } = world;
    world.command("a", { type: "set-mining", payTo: undefined });
    world.runFor(60_000);
    expect(world.steps).toBeGreaterThan(steps + 10);
    expectAgreement(world);
  });

  test("a paused miner finds no block and forgets nothing, and catches up when it goes on", () => {
    const { world } = worldWith({ ...at, verb: "pause", node: "a" });
    world.runFor(10_500);
    const { node } = world.host("a");
    const before = heightOf(world, "b");
    expect(before).toBeGreaterThan(1);
    world.runFor(19_000);
    expect([heightOf(world, "a"), heightOf(world, "b")]).toEqual([before, before]);
    expect(world.host("a").isPaused).toBe(true);
    world.runFor(20_000);
    expect(world.node("a")).toBe(node);
    expect(heightOf(world, "b")).toBeGreaterThan(before + 3);
    world.command("a", { type: "set-mining", payTo: undefined });
    expectAgreement(world);
  });

  test("a paused listener hears of everything when it goes on", () => {
    const { world } = worldWith({ ...at, verb: "pause", node: "c" });
    const [b, c] = lagsAfter(world, 29_000);
    expect(b).toBeLessThanOrEqual(1);
    expect(c).toBeGreaterThan(2);
    world.runFor(1_100);
    expect(heightOf(world, "a") - heightOf(world, "c")).toBeLessThanOrEqual(1);
  });

  test("a node with amnesia begins anew from genesis, and every check holds all the same", () => {
    const { world } = worldWith({ ...at, verb: "amnesia", node: "b" });
    world.runFor(9_999);
    const before = heightOf(world, "b");
    expect(before).toBeGreaterThan(1);
    const lives: number[] = [];
    world.onStep(({ name, node }) => {
      if (name === "b") lives.push(node.chain.tip.height);
    });
    world.runFor(1);
    expect(lives[0]).toBe(0);
    world.runFor(20_000);
    expectAgreement(world);
    expect(heightOf(world, "b")).toBeGreaterThan(before);
  });

  test("a node whose clock runs twice as fast is ahead until it is set right", () => {
    const { world } = worldWith({ ...at, verb: "drift", node: "a", rate: 2 });
    world.runFor(29_000);
    expect(world.host("a").now.wall - world.clock.now).toBe(19_000);
    expect(heightOf(world, "a") - heightOf(world, "b")).toBeGreaterThan(1);
    world.runFor(20_000);
    expect(world.host("a").now.wall).toBe(world.clock.now);
    world.command("a", { type: "set-mining", payTo: undefined });
    expectAgreement(world);
  });

  test("the richest miner is whoever runs now and has the most hashes a second", () => {
    const { world } = worldWith(
      { ...at, verb: "isolate", node: "@richest-miner" },
      { ...at, atMs: 11_000, verb: "crash", node: "@richest-miner", moment: "at-once" },
    );
    world.runFor(10_500);
    expect(peersOf(world, "a")).toBe(0);
    expect(world.roles["richest-miner"]()).toBe("a");
    world.runFor(1_000);
    expect(world.host("a").isRunning).toBe(false);
    expect(world.roles["richest-miner"]()).toBeUndefined();
  });

  test("who has turned against the others does so again after a restart", () => {
    const { world } = worldWith(
      { ...at, verb: "turn-byzantine", node: "c", by: "orphan-flood" },
      { ...at, atMs: 15_000, verb: "restart", node: "c" },
    );
    expect(world.host("c").isHonest).toBe(true);
    world.runFor(12_000);
    expect(world.host("c").isHonest).toBe(false);
    world.runFor(5_000);
    expect(world.host("c").isHonest).toBe(false);
  });

  test("when all faults are ended, none begins any more", () => {
    const { world, injector, struck } = worldWith(
      { ...at, verb: "crash", node: "b", moment: "at-once" },
      { ...at, atMs: 20_000, verb: "crash", node: "c", moment: "at-once" },
    );
    world.runFor(11_000);
    injector.endAll();
    expect(world.host("b").isRunning).toBe(true);
    world.runFor(20_000);
    expect([struck, world.host("c").isRunning]).toEqual([["crash"], true]);
  });
});

describe("drawn schedules", () => {
  test("lie within their time, in order, and never cut the honest off from each other for good", () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = createRandom(seed);
      const type = random.pick(["ring", "star", "regular"] as const);
      const { names, edges, faults } = planChaos(seed, { type });
      const times = faults.map(({ atMs }) => atMs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.every((time) => time >= 0 && time < safetyMs)).toBe(true);
      const byzantine = faults.flatMap((fault) =>
        fault.verb === "turn-byzantine" ? [fault.node] : [],
      );
      const honest = [...names.keys()].filter((at) => !byzantine.includes(names[at]!));
      expect(honest.length).toBeGreaterThan(1);
      expect(isConnected(honest, edges)).toBe(true);
    }
  });

  test("are told in one line a fault", () => {
    const lines = [
      { ...at, verb: "split", groups: [["a"], ["b", "c"]] },
      { ...at, verb: "cut", from: "a", to: "b" },
      { ...at, verb: "crash", node: "a", moment: "while-writing" },
      { ...at, verb: "turn-byzantine", node: "a", by: "header-spam" },
    ] as const;
    expect(lines.map((fault) => describeAppointment(fault, describeChainFault))).toEqual([
      " 10.000 s  split a | b c for 20.000 s",
      " 10.000 s  cut a → b for 20.000 s",
      " 10.000 s  crash a while it writes for 20.000 s",
      " 10.000 s  turn-byzantine a by header-spam",
    ]);
  });
});

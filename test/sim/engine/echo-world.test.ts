/** The engine needs no chain: two small machines under every fault, and a schedule that shrinks. */

import { describe, expect, test } from "vitest";
import { createRandom } from "../../../src/primitives/random.ts";
import { FaultInjector } from "../../../src/sim/engine/fault-injector.ts";
import { describeFault, type Fault } from "../../../src/sim/engine/faults.ts";
import { drawFaults } from "../../../src/sim/engine/faults-draw.ts";
import { investigate } from "../../../src/sim/engine/investigate.ts";
import { pausedEventsMax } from "../../../src/sim/engine/machine-host.ts";
import { BrokenPromiseError, findFailure } from "../../../src/sim/engine/promise.ts";
import { describeStrike } from "../../../src/sim/engine/strike.ts";
import { guardTime } from "../../../src/sim/engine/time-guard.ts";
import { EchoWorld, type EchoWorldOptions, nothingConfirmedIsForgotten } from "./echo-world.ts";

/**
 * Exact times: no jitter, and writes that take none. The first ping is sent before there is a link;
 * the second, after 100 ms, is confirmed at 120 ms, and then there is a number every 20 ms.
 */
const exact: EchoWorldOptions = { disk: { writeMsMin: 0, writeMsMax: 0 } };

function worldUnder(faults: readonly Fault[], options: EchoWorldOptions = exact) {
  const world = new EchoWorld({ checks: [nothingConfirmedIsForgotten()], ...options });
  const lines: string[] = [];
  const injector = new FaultInjector(world, {
    onStrike: (strike) => lines.push(describeStrike(strike, describeFault)),
  });
  injector.schedule(faults);
  return { world, injector, lines };
}

/** What ping and echo have on disk at some times. */
function countersAt(world: EchoWorld, ...timesMs: readonly number[]) {
  return timesMs.map((timeMs) => {
    world.runFor(timeMs - world.clock.elapsedMs);
    return world.counters;
  });
}

test("without faults ping and echo count a number each round trip", () => {
  const { world } = worldUnder([]);
  expect(countersAt(world, 120, 1_000)).toEqual([
    [1, 1],
    [45, 45],
  ]);
});

const at = { atMs: 1_005, lastsMs: 1_000 };

describe("a machine", () => {
  test("that crashes at once goes on from its disk when it starts again", () => {
    const { world } = worldUnder([{ ...at, verb: "crash", node: "echo", moment: "at-once" }]);
    expect(countersAt(world, 1_500, 3_000)).toEqual([
      [45, 45],
      [45 + 45, 45 + 45], // ping asks again at 2,100 ms
    ]);
  });

  test("that crashes while it writes loses the number, and nobody has heard of it", () => {
    const slowDisk = { disk: { writeMsMin: 50, writeMsMax: 50 } };
    const crash = { ...at, verb: "crash", node: "echo", moment: "while-writing" } as const;
    const { world } = worldUnder([crash], slowDisk);
    world.runUntil(() => !world.host("echo").isRunning, 5_000);
    const [confirmed, counted] = world.counters;
    expect(counted).toBe(confirmed);
    world.runFor(3_000);
    expect(world.counters[1]).toBeGreaterThan(counted + 5);
  });

  test("that is paused keeps its memory: what comes waits, and its timers are late", () => {
    const { world } = worldUnder([{ ...at, verb: "pause", node: "ping" }]);
    const { machine } = world.host("ping");
    // The echo that comes at 1,020 ms waits until 2,005 ms.
    expect(countersAt(world, 2_004, 2_005, 3_000)).toEqual([
      [45, 46],
      [46, 46],
      [95, 96],
    ]);
    expect(world.host("ping").machine).toBe(machine);
  });

  test("that is paused during a write has written, and speaks of it when it goes on", () => {
    const slowDisk = { disk: { writeMsMin: 50, writeMsMax: 50 } };
    const { world } = worldUnder(
      [{ atMs: 120, lastsMs: 900, verb: "pause", node: "echo" }],
      slowDisk,
    );
    expect(countersAt(world, 1_000, 1_100)).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  test("that is paused for too long loses what its buffers cannot hold", () => {
    const { world } = worldUnder([{ ...at, lastsMs: 1e9, verb: "pause", node: "echo" }]);
    world.runFor(1_500);
    const { crossings } = world.post;
    world.runFor(pausedEventsMax * 100 + 10_000);
    expect(world.post.crossings - crossings).toBeGreaterThan(pausedEventsMax);
    const { steps } = world;
    world.host("echo").resume();
    expect(world.steps - steps).toBe(pausedEventsMax);
  });

  test("that crashes while it is paused starts again awake", () => {
    const { world } = worldUnder([
      { ...at, lastsMs: 1e9, verb: "pause", node: "echo" },
      { ...at, atMs: 1_500, verb: "restart", node: "echo" },
    ]);
    world.runFor(3_000);
    expect(world.counters[1]).toBeGreaterThan(100);
  });

  test("with amnesia starts with an empty disk, and the promise is broken", () => {
    const amnesia = { ...at, verb: "amnesia", node: "echo" } as const;
    const { world } = worldUnder([amnesia], { ...exact, checks: [] });
    expect(countersAt(world, 1_004, 3_000)).toEqual([
      [45, 45],
      [45, 0],
    ]);
    const { world: checked } = worldUnder([amnesia]);
    expect(findFailure(() => checked.runFor(3_000))).toEqual({
      promise: "nothing confirmed is forgotten",
      message:
        "nothing confirmed is forgotten is violated at echo after 1005 ms: it confirmed 45, and counts 0",
    });
  });

  test.each([
    [2, 20, 0],
    [0.5, 5, 0],
  ])("whose clock drifts at rate %d asks %d times a second while nobody answers", (rate, asks) => {
    const { world } = worldUnder([
      { atMs: 0, lastsMs: 1e9, verb: "isolate", node: "echo" },
      { atMs: 10_000, lastsMs: 10_000, verb: "drift", node: "ping", rate },
    ]);
    world.runFor(10_050);
    const { messages } = world.post;
    world.runFor(9_000);
    expect(Math.abs(world.post.messages - messages - 9 * asks)).toBeLessThanOrEqual(1);
    const { wall } = world.host("ping").now;
    expect(Math.abs(wall - (10_000 + 9_050 * rate))).toBeLessThanOrEqual(1);
    world.runFor(1_000);
    const { now } = world.host("ping");
    expect([now.wall, now.elapsed]).toEqual([20_050, 10_050 + 10_000 * rate]);
    const { messages: messagesWrong } = world.post;
    world.runFor(20_000);
    expect(Math.abs(world.post.messages - messagesWrong - 200)).toBeLessThanOrEqual(1);
  });

  test.each([
    ["skew", 3_600_000],
    ["skew", -3_600_000],
    ["step", 3_600_000],
    ["step", -3_600_000],
  ] as const)("whose wall clock is wrong (%s by %d ms) waits as long as before", (verb, byMs) => {
    const { world } = worldUnder([
      { atMs: 0, lastsMs: 1e9, verb: "isolate", node: "echo" },
      { ...at, verb, node: "ping", byMs },
    ]);
    world.runFor(1_050);
    const { messages } = world.post;
    const { wall, elapsed } = world.host("ping").now;
    expect([wall, elapsed]).toEqual([1_050 + byMs, 1_050]);
    world.runFor(2_000);
    expect(world.post.messages - messages).toBe(20);
  });

  test("may step more than once, and is set right when all faults are over", () => {
    const { world, injector } = worldUnder([
      { ...at, verb: "step", node: "ping", byMs: 500 },
      { ...at, atMs: 2_000, verb: "step", node: "ping", byMs: -2_000 },
      { atMs: 1_500, lastsMs: 1_000, verb: "skew", node: "ping", byMs: 10_000 },
    ]);
    const shown = [1_200, 1_600, 2_100, 2_600, 5_000].map((ms) => {
      world.runFor(ms - world.clock.elapsedMs);
      return world.host("ping").now.wall - world.clock.now;
    });
    expect(shown).toEqual([500, 10_500, 8_500, -1_500, -1_500]);
    injector.endAll();
    expect(world.host("ping").now.wall).toBe(world.clock.now);
  });

  test("starts with a wrong wall clock, and counts from 0, until it is set right", () => {
    const { world } = worldUnder([{ ...at, verb: "start-wrong", node: "echo", byMs: -900 }]);
    world.runFor(1_005);
    expect(world.host("echo").now).toEqual({ wall: 105, elapsed: 0 });
    world.runFor(999);
    expect(world.host("echo").now).toEqual({ wall: 1_104, elapsed: 999 });
    world.runFor(1);
    expect(world.host("echo").now).toEqual({ wall: 2_005, elapsed: 1_000 });
    expect(world.counters[1]).toBeGreaterThan(45);
  });
});

describe("links", () => {
  test("that are throttled twice have the lower of the two bandwidths", () => {
    const throttle = (bytesPerSecond: number, atMs: number) => {
      return { verb: "throttle", node: "echo", bytesPerSecond, atMs, lastsMs: 2_000 } as const;
    };
    const countersUnder = (...faults: readonly Fault[]) => {
      return countersAt(worldUnder(faults).world, 2_900);
    };
    // A message has one byte, so at 40 bytes a second a round trip takes 70 ms in place of 20 ms.
    const [narrow, wide] = [throttle(40, 1_005), throttle(1_000, 1_105)];
    expect(countersUnder(narrow, wide)).toEqual(countersUnder(narrow));
    expect(countersUnder(narrow)).not.toEqual(countersUnder(wide));
  });

  test("cut one way lose the echoes, and not the pings", () => {
    const { world } = worldUnder([{ ...at, verb: "cut", from: "echo", to: "ping" }]);
    expect(countersAt(world, 1_999, 3_000)).toEqual([
      [45, 46],
      [95, 95], // the ping of 2,000 ms is answered when the cut is over
    ]);
  });

  test("that lose, double and reorder messages delay, and spoil nothing", () => {
    const bad = { loss: 0.3, duplication: 0.3, reordering: 0.3, jitterMs: 30, spreadMs: 20 };
    for (let seed = 0; seed < 20; seed++) {
      const { world } = worldUnder([], { seed, conditions: bad });
      world.runFor(20_000);
      const [confirmed, counted] = world.counters;
      expect(counted - confirmed).toBeLessThanOrEqual(1);
      expect(counted).toBeGreaterThan(40);
    }
  });

  test("in a row carry messages from neighbour to neighbour", () => {
    //  ping ─ a ─ b ─ echo: three links, 30 ms there and 30 ms back
    const { world } = worldUnder(
      [{ atMs: 700, lastsMs: 300, verb: "crash", node: "a", moment: "at-once" }],
      {
        ...exact,
        between: ["a", "b"],
      },
    );
    // The first is confirmed at 160 ms; the message that crosses `a` at 710 ms is lost with it.
    expect(countersAt(world, 160, 699, 999, 1_300)).toEqual([
      [1, 1],
      [9, 10],
      [9, 10],
      [13, 13],
    ]);
    expect(world.post.crossings).toBeGreaterThan(2 * world.post.messages);
  });
});

describe("a role", () => {
  const crash = { ...at, lastsMs: 100, verb: "crash", moment: "at-once" } as const;

  test("is who holds it when the fault strikes; if nobody does, nothing happens", () => {
    const { world, lines } = worldUnder([
      { ...crash, node: "@echo" },
      { ...crash, atMs: 1_050, node: "@echo" },
      { ...crash, atMs: 1_200, node: "@leader" },
      { ...at, atMs: 1_300, verb: "split", groups: [["@echo"], ["ping"]] },
    ]);
    world.runFor(1_400);
    expect(lines).toEqual([
      "crash echo for 0.100 s (@echo is echo)",
      "skips crash @echo for 0.100 s: no node is @echo now",
      "skips crash @leader for 0.100 s: no node is @leader now",
      "split echo | ping for 1.000 s (@echo is echo)",
    ]);
    expect(world.host("echo").isRunning).toBe(true);
    expect(world.links.all[0]!.isOpen).toBe(false);
  });

  test("that this world does not know is a mistake of whoever wrote the schedule", () => {
    const { world } = worldUnder([{ ...crash, node: "@pope" }]);
    expect(() => world.runFor(2_000)).toThrow("this world knows no role @pope");
  });
});

describe("chaos", () => {
  const names = ["ping", "echo"];
  const durationMs = 20_000;

  /** All the faults that a machine with a disk can survive. */
  function planOf(seed: number): readonly Fault[] {
    const random = createRandom(seed);
    const faults = drawFaults({ random, names, edges: [[0, 1]], durationMs });
    return faults.filter(({ verb }) => verb !== "amnesia" && verb !== "corrupt");
  }

  function runOf(seed: number, faults: readonly Fault[], isHasty: boolean) {
    // A message is there long before a number is on disk: who speaks too soon may be believed.
    const disk = { writeMsMin: 20, writeMsMax: 50 };
    const conditions = { latencyMinMs: 1, jitterMs: 1 };
    const { world, injector } = worldUnder(faults, { seed, isHasty, disk, conditions });
    guardTime(world, 100);
    const failure = findFailure(() => {
      world.runFor(durationMs);
      injector.endAll();
      const [confirmed] = world.counters;
      // What a slow link delayed by 15 s must arrive first: messages keep their order.
      const goesOn = world.runUntil(() => world.counters[0] > confirmed + 10, 60_000);
      if (!goesOn) throw new BrokenPromiseError("they count again", `stuck at ${confirmed}`);
    });
    return { failure, steps: world.steps };
  }

  test("honest machines keep their promise under fifty seeds, and count again afterwards", () => {
    for (let seed = 0; seed < 50; seed++) {
      expect(runOf(seed, planOf(seed), false).failure, `seed ${seed}`).toBeUndefined();
    }
  });

  test("a machine that speaks too soon is found, with the shortest schedule that finds it", () => {
    let lengthMin = Infinity;
    for (let seed = 0; seed < 50; seed++) {
      const run = (faults: readonly Fault[]) => runOf(seed, faults, true);
      const { outcome, shortest } = investigate(planOf(seed), run);
      if (outcome.failure === undefined) continue;
      const { promise } = outcome.failure;
      expect(promise).toBe("nothing confirmed is forgotten");
      expect(run(shortest!).failure?.promise).toBe(promise);
      for (const fault of shortest!) {
        const others = shortest!.filter((each) => each !== fault);
        expect(run(others).failure?.promise, `seed ${seed} without ${fault.verb}`).not.toBe(
          promise,
        );
      }
      lengthMin = Math.min(lengthMin, shortest!.length);
    }
    expect(lengthMin).toBe(1);
  });

  test("the same seed is the same run", () => {
    expect(runOf(7, planOf(7), false)).toEqual(runOf(7, planOf(7), false));
  });
});

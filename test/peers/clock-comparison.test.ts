/** Our clock beside the times in blocks that peers relay: a wrong one is named, a right one never. */

import { describe, expect, test } from "vitest";
import { ClockComparison } from "../../src/peers/clock-comparison.ts";
import { Peers } from "../../src/peers/peers.ts";
import type { Elapsed, Milliseconds } from "../../src/primitives/brand.ts";
import { now as today } from "../chain/scene.ts";
import { peer } from "./scene.ts";

/** As on the lab network, in seconds. */
const limit = 10;

/** Peers that relay blocks, two seconds apart, and a clock that may be wrong. */
class ClockScene {
  readonly #peers = new Peers();
  readonly comparison = new ClockComparison(this.#peers, { futureTimeMaxSeconds: limit });
  wrongSeconds = 0;
  #elapsedMs = 0;

  constructor(...names: string[]) {
    for (const name of names) this.#peers.join(peer(name), this.#now);
  }

  get #now() {
    const wall = (today + this.#elapsedMs + this.wrongSeconds * 1000) as Milliseconds;
    return { wall, elapsed: this.#elapsedMs as Elapsed };
  }

  /** @param lateSeconds how old the block is. */
  relays(name: string, lateSeconds = 0, afterMs = 2_000): this {
    this.#elapsedMs += afterMs;
    const time = Math.floor((today + this.#elapsedMs) / 1000) - lateSeconds;
    this.comparison.note(peer(name), time, this.#now);
    return this;
  }

  /** Each peer so many blocks. */
  relay(names: readonly string[], count: number, lateSeconds = 0): this {
    for (let i = 0; i < count; i++) for (const name of names) this.relays(name, lateSeconds);
    return this;
  }
}

const names = ["ann", "bob", "cat"];

describe("a clock", () => {
  test.each([
    [-3600, "behind"],
    [3600, "ahead"],
  ] as const)("that is wrong by %d s is told once, with the difference", (seconds, direction) => {
    const scene = new ClockScene(...names);
    scene.wrongSeconds = seconds;
    scene.relay(names, 1);
    const difference = { direction, seconds: 3600, peers: 3 };
    expect(scene.comparison.difference).toEqual(difference);
    expect(scene.comparison.takeNews()).toEqual([{ type: "clock-disagrees", ...difference }]);
    expect(scene.relay(names, 5).comparison.takeNews()).toEqual([]);
    expect(scene.comparison.difference).toEqual(difference);
  });

  test("that was set agrees again, and is told anew when it is wrong again", () => {
    const scene = new ClockScene(...names);
    scene.wrongSeconds = -3600;
    expect(scene.relay(names, 5).comparison.takeNews()).toHaveLength(1);
    scene.wrongSeconds = 0;
    expect(scene.relays("ann").comparison.difference).toBeUndefined();
    expect(scene.relay(names, 5).comparison.takeNews()).toEqual([]);
    scene.wrongSeconds = -3600;
    expect(scene.relay(names, 1).comparison.takeNews()).toHaveLength(1);
  });

  test("whose difference has grown notably is told again", () => {
    const scene = new ClockScene(...names);
    const told = [-100, -105, -200].map((seconds) => {
      scene.wrongSeconds = seconds;
      return scene
        .relay(names, 3)
        .comparison.takeNews()
        .map((news) => news.seconds);
    });
    expect(told).toEqual([[100], [], [200]]);
  });

  test("that is right is not told of, however late blocks come over slow links", () => {
    const scene = new ClockScene(...names);
    expect(scene.relay(names, 5, 25).comparison.takeNews()).toEqual([]);
  });

  test("that is right is not told of because of one peer, or of a few odd blocks", () => {
    const scene = new ClockScene(...names).relay(["ann", "bob"], 1);
    scene.relay(["cat"], 5, -3600);
    expect(scene.comparison.difference).toBeUndefined();
    scene.relay(names, 3).relay(names, 2, 3600);
    expect(scene.comparison.difference).toBeUndefined();
  });

  test("is not compared with blocks that waited while the machine slept or was paused", () => {
    const scene = new ClockScene("ann").relay(["ann"], 3);
    for (let late = 600; late > 0; late -= 10) scene.relays("ann", late, 1);
    expect(scene.comparison.takeNews()).toEqual([]);
    scene.wrongSeconds = 600; // the other clock stood still
    expect(scene.relays("ann", 0).comparison.difference).toBeUndefined();
  });

  test("needs three blocks to be judged", () => {
    const scene = new ClockScene("ann");
    scene.wrongSeconds = 3600;
    expect(scene.relay(["ann"], 2).comparison.difference).toBeUndefined();
    expect(scene.relay(["ann"], 1).comparison.difference).toMatchObject({ peers: 1 });
  });
});

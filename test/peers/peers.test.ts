/** Checks who is among the peers, and what their faults cost them. */

import { describe, expect, test } from "vitest";
import { limits } from "../../src/peers/limits.ts";
import { Forest } from "../chain/forest.ts";
import { peer, PeersScene } from "./scene.ts";

const forest = new Forest();

describe("penalties", () => {
  test("add up to a ban", () => {
    const scene = new PeersScene(forest).joins("bob");
    scene.does();
    scene.peers.penalise(peer("bob"), limits.penaltyMax - 1, "first", scene.elapsed);
    expect(scene.does()).toEqual([]);
    scene.peers.penalise(peer("bob"), 1, "second", scene.elapsed);
    expect(scene.does()).toEqual(["bob banned: second"]);
  });

  test("are forgiven with time", () => {
    const scene = new PeersScene(forest).joins("bob");
    scene.peers.penalise(peer("bob"), 60, "first", scene.elapsed);
    expect(scene.passes(2 * 60_000).penaltyOf("bob")).toBe(50);
    scene.peers.penalise(peer("bob"), 49, "second", scene.elapsed);
    expect(scene.penaltyOf("bob")).toBe(99);
    expect(scene.passes(60 * 60_000).penaltyOf("bob")).toBe(0);
  });

  test("of a peer that has left are of no account", () => {
    const scene = new PeersScene(forest).joins("bob");
    scene.does();
    expect(scene.peers.leave(peer("bob"))).toBe(true);
    expect(scene.peers.leave(peer("bob"))).toBe(false);
    scene.peers.penalise(peer("bob"), 100, "late", scene.elapsed);
    expect(scene.does()).toEqual([]);
  });
});

/** Lets blocks spread through networks of hundreds of nodes, beside what SimBlock finds. */

import { expect, test } from "vitest";
import { references, runSimblock, SimblockSimulation } from "../../src/sim/simblock.ts";

function play(seed: number, nodes: number, blocks: number) {
  const lines: string[] = [];
  const onLine = (line: string): number => lines.push(line);
  return { outcome: runSimblock({ seed, nodes, blocks, onLine }), lines };
}

test("a network of SimBlock's size spreads blocks as fast as SimBlock's", () => {
  const [reference] = references;
  const { outcome } = play(1, reference!.nodes, reference!.blocks);
  for (const [i, { percent, ms, tolerance }] of reference!.spread.entries()) {
    const ours = outcome.spread[i]!;
    expect(ours.percent).toBe(percent);
    expect(Math.abs(ours.ms / ms - 1), `${percent} %`).toBeLessThan(tolerance);
  }
});

test("every node is told by all of its neighbours, asks once and is given the block", () => {
  const { outcome } = play(2, 100, 10);
  const { nodes, blocks, links, events } = outcome;
  // Each block: found, told both ways over each link, asked for and given to all but its finder.
  const least = blocks * (1 + 2 * links + 2 * (nodes - 1));
  const most = least + blocks * 2 * (nodes - 1); // if something was missing from each compact block
  expect(events).toBeGreaterThan(least);
  expect(events).toBeLessThan(most);
});

test("the same seed gives the same transcript, byte for byte, and another seed another", () => {
  const first = play(3, 80, 12);
  expect(first.lines).toHaveLength(12);
  expect(play(3, 80, 12)).toEqual(first);
  expect(play(4, 80, 12).lines).not.toEqual(first.lines);
});

test("in pieces it comes to the same, and counts only what all nodes have", () => {
  const run = { seed: 3, nodes: 80, blocks: 12 };
  const simulation = new SimblockSimulation(run);
  while (simulation.progress < 0.5) simulation.advance(100);
  const half = simulation.outcome;
  expect(half.blocks).toBe(6);
  expect(half.spread.every(({ ms }) => ms > 0)).toBe(true);
  while (simulation.advance(1_000));
  expect(simulation.progress).toBe(1);
  expect(simulation.outcome).toEqual(runSimblock(run));
});

test("a size out of bounds is refused", () => {
  for (const nodes of [1, 20_001, 2.5]) expect(() => play(1, nodes, 1)).toThrow("nodes must be");
  for (const blocks of [0, 2_001]) expect(() => play(1, 2, blocks)).toThrow("blocks must be");
});

/** Lets dozens of full nodes mine and pay. */

import { expect, test } from "vitest";
import {
  createCachingVerifier,
  createTinyVerifier,
} from "../../src/io/verifying/signature-verifier.ts";
import { runFullNodes } from "../../src/sim/scenarios/full-nodes.ts";

const verifier = createCachingVerifier(createTinyVerifier(), 1_000);

function play(seed: number, nodes: number, blocks: number) {
  const lines: string[] = [];
  const onLine = (line: string): number => lines.push(line);
  return { outcome: runFullNodes({ seed, nodes, blocks, verifier, onLine }), lines };
}

test("all nodes have the same blocks and coins in the end, and most payments are confirmed", () => {
  const { outcome } = play(1, 30, 8);
  expect(outcome).toMatchObject({ outcome: "agreed", disagreement: "", nodes: 30 });
  expect(outcome.blocks).toBeGreaterThanOrEqual(8);
  expect(outcome.links).toBeGreaterThanOrEqual(30 * 3);
  expect(outcome.payments).toBeGreaterThan(10);
  expect(outcome.confirmedPayments).toBeGreaterThan(outcome.payments / 2);
});

test("the same seed gives the same transcript, and another seed another", () => {
  const first = play(2, 8, 3);
  expect(first.lines.length).toBeGreaterThan(4);
  expect(play(2, 8, 3)).toEqual(first);
  expect(play(3, 8, 3).lines).not.toEqual(first.lines);
});

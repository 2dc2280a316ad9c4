/** What is claimed of graphs, with other values than those that the records begin with, too. */

import { describe, expect, test } from "vitest";
import { experiments } from "../../../src/experiments/catalogue.ts";
import { batchesOf, BatchRunner } from "../../../src/experiments/engine/batch.ts";
import { cellOf, type Experiment, resultOf } from "../../../src/experiments/engine/experiment.ts";
import { exactGraphExperiments } from "../../../src/experiments/graph/records.ts";
import { createTinyVerifier } from "../../../src/io/verifying/signature-verifier.ts";
import type { Values } from "../../../src/primitives/parameter.ts";
import { largestPart } from "../../../src/theory/percolation.ts";
import { findingsOf, unmetIn } from "../findings.ts";

const others = [
  ["G1", { nodes: 3, messages: 500 }],
  ["G2", { nodes: 7 }],
  ["G3", { nodes: 9, crashes: 4 }],
  ["G6", { nodes: 1_001, calls: 4, runs: 5 }],
] as const;

describe("exact records", () => {
  test.each(exactGraphExperiments.map(({ code }) => code))("%s is as expected", (code) => {
    const findings = findingsOf(code);
    expect(findings.length).toBeGreaterThan(0);
    expect(unmetIn(findings)).toEqual([]);
  });

  test.each(others)("%s with %j, too", (code, chosen) => {
    expect(unmetIn(findingsOf(code, chosen))).toEqual([]);
  });
});

describe("estimates", () => {
  test.each([
    [{ failing: "random", share: 0.7, nodes: 1_000 }, 10],
    [{ failing: "random", share: 0.85, nodes: 2_000 }, 20],
    [{ failing: "most-linked", share: 0.8, nodes: 2_000 }, 20],
  ])("of what is left of %j are as theory says", (values, runs) => {
    const { expected, holds } = estimate("G5", values, runs);
    expect(expected).toBeGreaterThan(0.5);
    expect(holds).toBe(true);
  });

  test("say that power counts, and links do not", () => {
    const [power, links] = ["power", "links"].map((figure) => {
      return estimate("G8", { figure, nodes: 20 }, 10);
    });
    expect(power!.holds && links!.holds).toBe(true);
    // Blocks that came to all alike, or to the best linked, would be far outside.
    expect(power!.interval[0]).toBeGreaterThan(0.5);
    expect(links!.interval[1]).toBeLessThan(0.5);
  });
});

describe("theory of what is left", () => {
  test("one call each makes no giant piece once half of all fail", () => {
    expect(largestPart(1, 0.6, "random")).toBeCloseTo(0, 3);
    expect(largestPart(8, 0, "random")).toBeCloseTo(1, 5);
  });

  test("with eight calls it ends between 0.93 and 0.94 at random, and earlier by links", () => {
    expect(largestPart(8, 0.93, "random")).toBeGreaterThan(0.05);
    expect(largestPart(8, 0.94, "random")).toBeLessThan(0.01);
    expect(largestPart(8, 0.87, "most-linked")).toBeLessThan(0.01);
  });

  test("all of them gone leave nothing, and a share beyond that is refused", () => {
    expect(largestPart(8, 1, "random")).toBe(0);
    expect(() => largestPart(8, 1.1, "random")).toThrow("share must be from 0 to 1");
  });
});

const runner = new BatchRunner(experiments, createTinyVerifier());

function estimate(code: string, values: Values, units: number) {
  const experiment = experiments.find((each) => each.code === code) as Experiment;
  const cell = cellOf(experiment, values, units);
  return resultOf(
    cell,
    batchesOf(cell, "1").map((batch) => runner.run(batch)),
  );
}

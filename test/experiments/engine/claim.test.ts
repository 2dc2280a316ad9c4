/** How a claim stands: as expected, refuted as expected, different, or not known for lack of runs. */

import { describe, expect, test } from "vitest";
import { exactExperiments, experiments } from "../../../src/experiments/catalogue.ts";
import {
  type Claim,
  groups,
  verdictOfFindings,
  verdictOfResult,
  worstOf,
} from "../../../src/experiments/engine/claim.ts";
import { atLeast, atMost, exactly, near } from "../../../src/experiments/engine/finding.ts";
import type { Result } from "../../../src/experiments/engine/result.ts";
import { estimateOf } from "../../../src/experiments/engine/tally.ts";

const claim: Claim = {
  ...{ id: "x", code: "X1", group: "Raft", title: "X", claim: "X.", source: "arithmetic" },
};

function resultOf(runs: number, successes: number, expected: number): Result {
  const estimate = estimateOf({ type: "count", runs, successes }, expected);
  const holds = Math.abs(estimate.z ?? 0) < 3;
  return { ...estimate, id: "x", values: {}, units: { runs }, expected, beside: {}, holds };
}

describe("estimates", () => {
  test("enough runs hold, and would have refused a theory that is 10 % off", () => {
    const result = resultOf(100_000, 20_000, 0.2);
    expect(verdictOfResult(claim, result, 0.1)).toBe("holds");
    expect(
      verdictOfResult(
        claim,
        {
          ...result,
          ...estimateOf({ type: "count", runs: 100_000, successes: 20_000 }, 0.22),
          holds: false,
        },
        0.1,
      ),
    ).toBe("differs");
  });

  test("so few runs that a theory 10 % off would pass, too, do not hold", () => {
    expect(verdictOfResult(claim, resultOf(100, 20, 0.2), 0.1)).toBe("too few runs");
    expect(verdictOfResult(claim, resultOf(100, 20, 0.2), undefined)).toBe("holds");
  });

  test("a claim that is wrong is refuted as expected", () => {
    expect(
      verdictOfResult({ ...claim, isRefuted: true }, resultOf(100_000, 20_000, 0.2), 0.1),
    ).toBe("refuted as expected");
  });
});

describe("findings", () => {
  test("one that is not met makes the claim differ, and so does none at all", () => {
    const met = [
      exactly("a", 1, 1),
      near("b", 104, 100, 0.05),
      atMost("c", 3, 3),
      atLeast("d", 4, 3),
    ];
    expect(verdictOfFindings(claim, met)).toBe("holds");
    for (const wrong of [
      exactly("a", 1, "1"),
      near("b", 106, 100, 0.05),
      atMost("c", 4, 3),
      atLeast("d", 2, 3),
      near("nothing", NaN, 1, 1),
    ]) {
      expect(verdictOfFindings(claim, [...met, wrong])).toBe("differs");
    }
    expect(verdictOfFindings(claim, [])).toBe("differs");
  });

  test("the worst verdict of several counts", () => {
    expect(worstOf(["holds", "too few runs", "refuted as expected"])).toBe("too few runs");
    expect(worstOf(["too few runs", "differs"])).toBe("differs");
  });
});

test("each claim has an id and a code of its own, a group, and a sentence", () => {
  const claims: readonly Claim[] = [...experiments, ...exactExperiments];
  const names = claims.flatMap(({ id, code }) => [id, code]);
  expect(new Set(names).size).toBe(names.length);
  for (const { code, group, claim: sentence } of claims) {
    expect(code).toMatch(/^[A-Z]\d+[a-z]?$/);
    expect(groups).toContain(group);
    expect(sentence).toMatch(/\.$/);
  }
});

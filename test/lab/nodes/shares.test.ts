/** Who gets which part of the hash power. */

import { expect, test } from "vitest";
import { changeShares, equalShares } from "../../../src/lab/nodes/shares.ts";

const four = equalShares(["alice", "bob", "carol", "mallory"]);

function changed(
  before: Readonly<Record<string, number>>,
  changes: Readonly<Record<string, number>>,
) {
  const verdict = changeShares(before, changes);
  if (!verdict.ok) return verdict.problem;
  const rounded = Object.entries(verdict.value).map(([name, share]) => [
    name,
    Math.round(share * 1e6),
  ]);
  return Object.fromEntries(rounded);
}

test("the others shrink in proportion when one gets more", () => {
  const before = { alice: 0.5, bob: 0.25, carol: 0.25, mallory: 0 };
  const after = { alice: 200_000, bob: 100_000, carol: 100_000, mallory: 600_000 };
  expect(changed(before, { mallory: 0.6 })).toEqual(after);
});

test("whoever had all gives the rest to the others in equal parts", () => {
  const before = { alice: 1, bob: 0, carol: 0 };
  expect(changed(before, { alice: 0.4 })).toEqual({ alice: 400_000, bob: 300_000, carol: 300_000 });
});

test("shares that do not add up, and miners that do not exist, are refused", () => {
  expect(changed(four, { alice: 0.7, bob: 0.4 })).toMatchObject({ rule: "shares-sum" });
  const incomplete = { alice: 0.1, bob: 0.1, carol: 0.1, mallory: 0.1 };
  expect(changed(four, incomplete)).toMatchObject({ rule: "shares-sum" });
  expect(changed(four, { shop: 0.1 })).toMatchObject({ rule: "no-such-miner", name: "shop" });
  expect(changed(four, { bob: 1.5 })).toMatchObject({ rule: "share-range", share: 1.5 });
});

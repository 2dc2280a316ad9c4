/** How long the branches were, as the attacker counted and as the network had it in the end. */

import { expect, test } from "vitest";
import { finalLengths } from "../../../src/attacks/double-spend/final-lengths.ts";

const counted = { secretBlocks: 3, publicBlocks: 2 };
const published = { phase: "published", forkHeight: 10 } as const;

test("a public block that was on its way at the publication is counted", () => {
  const failed = { outcome: "failed", height: 13, reorganisationDepth: 2 } as const;
  expect(finalLengths(counted, published, failed)).toEqual({ secretBlocks: 3, publicBlocks: 3 });
});

test("of a success the public branch is as long as what the shop left behind", () => {
  const late = { outcome: "reversed", height: 14, reorganisationDepth: 3 } as const;
  expect(finalLengths(counted, published, late)).toEqual({ secretBlocks: 3, publicBlocks: 3 });
  const early = { outcome: "reversed", height: 14, reorganisationDepth: 1 } as const;
  expect(finalLengths(counted, published, early)).toEqual(counted);
});

test("without a publication, or without a decision, what the attacker counted stays", () => {
  const view = { outcome: "failed", height: 20, reorganisationDepth: 0 } as const;
  expect(finalLengths(counted, { ...published, phase: "given-up" }, view)).toEqual(counted);
  expect(finalLengths(counted, published, { ...view, outcome: "undecided" })).toEqual(counted);
});

/** An attack in words for people. */

import { expect, test } from "vitest";
import { selfishTheoryOf, theoryOf } from "../../src/lab/attack-report.ts";
import { stepWords, verdictWords } from "../../src/lab/attack-words.ts";
import type { DoubleSpendVerdict, SelfishMiningVerdict } from "../../src/lab-api.ts";
import type { Txid } from "../../src/primitives/brand.ts";

const txidOf = (start: string) => start.padEnd(64, "0") as Txid;

const doubleSpend: DoubleSpendVerdict = {
  type: "verdict",
  attack: "double-spend",
  outcome: "reversed",
  share: 0.6,
  confirmations: 2,
  giveUpBehind: 6,
  premine: 0,
  value: 24e8,
  deliveredAt: 2,
  payment: { txid: txidOf("aa"), state: "gone", confirmations: 0 },
  conflict: { txid: txidOf("bb"), state: "confirmed", confirmations: 4 },
  ending: "published",
  reorganisationDepth: 3,
  secretBlocks: 4,
  publicBlocks: 3,
  shop: [],
  theory: theoryOf(0.6, { confirmations: 2, giveUpBehind: 6, premine: 0 }),
  durationSeconds: 9,
  timeline: "timeline.jsonl",
};

const selfishMining: SelfishMiningVerdict = {
  type: "verdict",
  attack: "selfish-mining",
  outcome: "gained",
  share: 0.4,
  revenue: 0.5,
  interval: [0.36, 0.64],
  tally: { attackerBlocks: 20, honestBlocks: 20, staleBlocks: 21 },
  theory: selfishTheoryOf(0.4),
  durationSeconds: 90,
  timeline: "timeline.jsonl",
};

test("the verdict says who lost what, and what theory expects", () => {
  const text = verdictWords(doubleSpend).join("\n");
  expect(text).toContain("REVERSED: the shop's payment is gone");
  expect(text).toContain("share 60%  z 2  reorg depth 3  the shop lost 24.00000000");
  expect(text).toContain("theory    P = 0.956, giving up 6 behind (never: 1.000)");
  const failed = verdictWords({ ...doubleSpend, outcome: "failed" }).join("\n");
  expect(failed).toContain("FAILED: the shop keeps its payment");
  expect(failed).not.toContain("lost");
  expect(verdictWords({ ...doubleSpend, premine: 1 }).join("\n")).toContain(
    "z 2  premine 1  reorg",
  );
});

test("of selfish mining it says how the blocks were divided, with the interval", () => {
  expect(verdictWords(selfishMining)).toEqual([
    "GAINED: her part of the blocks is more than her part of the power",
    "selfish mining  share 40%  hers 50% of the blocks that stay (95 %: 36% to 64%)",
    "blocks    20 of 40 hers, 21 went stale",
    "theory    48.4%; it pays above 33.3% of the power",
    "timeline  timeline.jsonl",
    "every node obeyed the rules: nobody can be made to tell of a block",
  ]);
  const [headline] = verdictWords({ ...selfishMining, outcome: "lost" });
  expect(headline).toContain("LOST");
});

test("a race that has ended without another has no line", () => {
  const race = { type: "race", secretBlocks: 2, publicBlocks: 1, lead: 1 } as const;
  expect(stepWords(race)).toBe("race: 2 of hers, 1 public: she is 1 ahead");
  expect(stepWords({ ...race, secretBlocks: 0, publicBlocks: 0, lead: 0 })).toBeUndefined();
});

test("the scene says how she begins", () => {
  const { share, confirmations, giveUpBehind, theory } = doubleSpend;
  const scene = { type: "scene", attack: "double-spend", attacker: "mallory" } as const;
  const terms = { share, shares: {}, confirmations, giveUpBehind, theory, curve: [] };
  expect(stepWords({ ...scene, ...terms, premine: 0 })).toContain("she begins with nothing");
  expect(stepWords({ ...scene, ...terms, premine: 1 })).toContain("when she has a secret block");
});

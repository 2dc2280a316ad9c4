/** How an attack ended, in lines for a terminal. */

import { expect, test } from "vitest";
import type {
  DoubleSpendVerdict,
  EclipseVerdict,
  SelfishMiningVerdict,
} from "../../../src/contract/attacks.ts";
import {
  eclipseTheoryOf,
  selfishTheoryOf,
  theoryOf,
} from "../../../src/lab/attacks/attack-report.ts";
import { verdictLines } from "../../../src/lab/timeline/verdict-lines.ts";
import type { Txid } from "../../../src/primitives/brand.ts";

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

const eclipse: EclipseVerdict = {
  type: "verdict",
  attack: "eclipse",
  outcome: "reversed",
  share: 0.3,
  confirmations: 1,
  value: 24e8,
  deliveredAt: 1,
  payment: { txid: txidOf("aa"), state: "gone", confirmations: 0 },
  conflict: { txid: txidOf("bb"), state: "confirmed", confirmations: 3 },
  ending: "mended",
  reorganisationDepth: 1,
  secretBlocks: 1,
  publicBlocks: 3,
  shop: [],
  theory: eclipseTheoryOf(0.3, 1),
  durationSeconds: 9,
  timeline: "timeline.jsonl",
};

test("the verdict says who lost what, and what theory expects", () => {
  const text = verdictLines(doubleSpend).join("\n");
  expect(text).toContain("REVERSED: the shop's payment is gone");
  expect(text).toContain("share 60 %  z 2  reorg depth 3  the shop lost 24 coins");
  expect(text).toContain("theory    P = 0.956, giving up 6 behind (never: 1.000)");
  const failed = verdictLines({ ...doubleSpend, outcome: "failed" }).join("\n");
  expect(failed).toContain("FAILED: the shop keeps its payment");
  expect(failed).not.toContain("lost");
  expect(verdictLines({ ...doubleSpend, premine: 1 }).join("\n")).toContain(
    "z 2  premine 1  reorg",
  );
});

test("of selfish mining it says how the blocks were divided, with the interval", () => {
  expect(verdictLines(selfishMining)).toEqual([
    "GAINED: her part of the blocks is more than her part of the power",
    "selfish mining  share 40 %  hers 50 % of the blocks that stay (95 %: 36 % to 64 %)",
    "blocks    20 of 40 hers, 21 went stale",
    "theory    48.4 %; it pays above 33.3 % of the power",
    "timeline  timeline.jsonl",
    "every node obeyed the rules: nobody can be made to tell of a block",
  ]);
  const [headline] = verdictLines({ ...selfishMining, outcome: "lost" });
  expect(headline).toContain("LOST");
});

test("of a stubborn miner it says in what, and that no theory is known", () => {
  const stubborn = { lead: true, equalFork: false, trail: 2 };
  const text = verdictLines({ ...selfishMining, stubborn, theory: null }).join("\n");
  expect(text).toContain("selfish mining, stubborn: lead, trail 2  share 40 %");
  expect(text).toContain("theory    none is known for a stubborn miner");
});

test("of an eclipse it says what the shop was shown, and what was kept from it", () => {
  expect(verdictLines(eclipse)).toEqual([
    "REVERSED: the shop's payment is gone",
    "eclipse  share 30 %  z 1  reorg depth 1  the shop lost 24 coins",
    `payment   ${txidOf("aa")}  gone`,
    `conflict  ${txidOf("bb")}  3 confirmations`,
    "blocks    1 shown to the shop, 3 kept from it",
    "theory    P = 0.637",
    "timeline  timeline.jsonl",
    "every node obeyed the rules: who has one honest peer cannot be deceived for long",
  ]);
});

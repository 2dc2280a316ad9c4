/** A lab in lines for people. */

import { expect, test } from "vitest";
import type { AttackVerdict } from "../../src/lab/attack-report.ts";
import { outcomeOf, theoryOf } from "../../src/lab/attack-report.ts";
import type { LabFacts } from "../../src/lab/event.ts";
import { plainPalette, Printer } from "../../src/lab/printer.ts";
import type { BlockHash, CompactTarget, Milliseconds, Txid } from "../../src/primitives/brand.ts";

const hash = (start: string) => start.padEnd(64, "0") as BlockHash;

/** The lines for events that come a second and a bit apart. */
function printed(...events: readonly LabFacts[]): string[] {
  const printer = new Printer(plainPalette);
  return events.flatMap((facts, i) => [
    ...printer.linesOf({ ...facts, at: (1_000_000 + i * 61_500) as Milliseconds }),
  ]);
}

const block = {
  type: "block",
  hash: hash("0000c1f2"),
  height: 12,
  previous: hash("00"),
  bits: 0x1f00ffff as CompactTarget,
  miner: "bob",
  transactions: 3,
  isSecret: false,
  agree: 6,
  honest: 6,
} as const;

test("a block has one line; what waits and what each node tells has none", () => {
  const news = { type: "tip-extended", tip: hash("00"), height: 1, id: 1 } as const;
  const lines = printed(
    block,
    { ...block, miner: null, transactions: 0, agree: 4 },
    { type: "news", node: "bob", news: { ...news, at: 0 as Milliseconds } },
    { ...block, isSecret: true, miner: "mallory" },
  );
  expect(lines).toEqual([
    "  00:00:00  #12  bob       0000c1f2…  work 2^16.0  6/6 agree  3 tx",
    "  00:01:01  #12  ?         0000c1f2…  work 2^16.0  4/6 agree",
    "  00:03:04  #12  mallory   0000c1f2…  work 2^16.0  in secret  3 tx",
  ]);
});

test("forks, reorganisations and partitions have lines of their own", () => {
  const lines = printed(
    {
      type: "fork",
      height: 8,
      branches: [
        { hash: hash("0000b1"), miner: "bob", nodes: ["bob", "shop"] },
        { hash: hash("0000e9"), miner: "carol", nodes: ["carol"] },
      ],
    },
    {
      type: "reorganised",
      tip: hash("0000b2"),
      height: 9,
      forkHeight: 7,
      depth: 1,
      returned: 2,
      nodes: ["carol"],
    },
    { type: "partitioned", groups: [["alice", "bob"], ["shop"]] },
  );
  expect(lines).toEqual([
    "  00:00:00  fork at #8: bob 0000b100… (2 nodes) and carol 0000e900… (1 node)",
    "  00:01:01  reorganisation, depth 1: 1 block above #7 went stale, 2 tx wait again; " +
      "the tip is #9 0000b200… (carol)",
    "  00:02:03  partition: alice bob  |  shop",
  ]);
});

const verdict: AttackVerdict = {
  type: "verdict",
  outcome: "reversed",
  share: 0.6,
  confirmations: 2,
  giveUpBehind: 6,
  value: 24e8,
  deliveredAt: 2,
  payment: { txid: hash("aa") as string as Txid, state: "gone", confirmations: 0 },
  conflict: { txid: hash("bb") as string as Txid, state: "confirmed", confirmations: 4 },
  ending: "published",
  reorganisationDepth: 3,
  secretBlocks: 4,
  publicBlocks: 3,
  shop: [],
  theory: theoryOf(0.6, 2, 6),
  durationSeconds: 9,
  timeline: "timeline.jsonl",
};

test("the verdict says who lost what, and what theory expects", () => {
  const text = printed(verdict).join("\n");
  expect(text).toContain("REVERSED: the shop's payment is gone");
  expect(text).toContain("share 60%  z 2  reorg depth 3  the shop lost 24.00000000");
  expect(text).toContain("theory    P = 0.956, giving up 6 behind (never: 1.000)");
  const failed = printed({ ...verdict, outcome: "failed" }).join("\n");
  expect(failed).toContain("FAILED: the shop keeps its payment");
  expect(failed).not.toContain("lost");
});

test("an outcome follows from the final states alone", () => {
  const { payment, conflict } = verdict;
  expect(outcomeOf(payment, conflict)).toBe("reversed");
  expect(outcomeOf(conflict, payment)).toBe("failed");
  expect(outcomeOf(payment, payment)).toBe("undecided");
  expect(outcomeOf(conflict, conflict)).toBe("undecided");
});

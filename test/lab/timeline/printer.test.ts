/** A lab in lines for people. */

import { expect, test } from "vitest";
import type { LabFacts } from "../../../src/contract/timeline.ts";
import {
  bannerLines,
  openingLines,
  plainPalette,
  Printer,
} from "../../../src/lab/timeline/printer.ts";
import type {
  BlockHash,
  CompactTarget,
  Milliseconds,
  PeerId,
} from "../../../src/primitives/brand.ts";

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
    "  00:00:00  #12  bob       0000c1…0000  work 2^16.0  6/6 agree  3 tx",
    "  00:01:01  #12  ?         0000c1…0000  work 2^16.0  4/6 agree",
    "  00:03:04  #12  mallory   0000c1…0000  work 2^16.0  in secret  3 tx",
  ]);
});

const participants = ["alice", "shop"].map((name) => ({ name, role: "miner" }) as const);
const opening = {
  type: "opening",
  version: "0.1.0",
  network: "lab",
  seed: "1",
  url: "http://127.0.0.1:8477",
  hashrate: 40_000,
  latencyMs: 80,
  blockIntervalSeconds: 2,
  nodes: participants,
} as const;

test("where the page is comes first, the rest when the lab has started", () => {
  const at = 0 as Milliseconds;
  expect(openingLines({ ...opening, at }, "Node 20", plainPalette)).toEqual([
    "  powlab 0.1.0   Node 20",
    "",
    "  ➜  Page       http://127.0.0.1:8477/",
    "  2 nodes will be up in a moment …",
    "",
  ]);
  const { version, network, seed, url, hashrate } = opening;
  const facts = { version, network, seed, url, hashrate, height: 12, data: "", timeline: "t" };
  const nodes = participants.map((each) => {
    return { ...each, url: "", peerId: "p" as PeerId, listen: [], address: "", words: "" };
  });
  const started = { ...facts, nodes, shares: { alice: 1 }, links: [], type: "started" } as const;
  expect(bannerLines({ ...started, at }, plainPalette).slice(0, 2)).toEqual([
    "  2 nodes, one network, on this machine only. Seed 1.",
    "  ➜  Lab        http://127.0.0.1:8477/lab",
  ]);

  const up = { type: "node-up", peerId: "p" as PeerId, tip: hash("00"), work: "" } as const;
  const lines = printed(
    opening,
    { ...up, node: "alice", height: 12 },
    started,
    { type: "node-down", node: "shop" },
    { ...up, node: "shop", height: 14 },
    { type: "link", between: ["alice", "shop"], isCut: false, delayMs: 300 },
    { type: "link", between: ["alice", "shop"], isCut: true, delayMs: 300 },
    { type: "measured", nodes: {} },
  );
  expect(lines).toEqual([
    "  00:03:04  shop was crashed",
    "  00:04:06  shop is up, at #14",
    "  00:05:07  the link alice – shop takes 300 ms each way",
    "  00:06:09  the link alice – shop is cut",
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
    "  00:00:00  fork at #8: bob's 0000b1…0000 (2 nodes) and carol's 0000e9…0000 (1 node)",
    "  00:01:01  reorganisation, depth 1: 1 block above #7 went stale, 2 payments wait again; " +
      "the tip is #9 0000b2…0000 (carol)",
    "  00:02:03  the network is partitioned: alice, bob | shop",
  ]);
});

test("a tally has a line now and then, so that few of them tell of many blocks", () => {
  const tallies = Array.from({ length: 24 }, (_, i): LabFacts => {
    const step = { type: "tally", attackerBlocks: i + 1, honestBlocks: 0, staleBlocks: 0 } as const;
    return { type: "attack", step };
  });
  const lines = printed(...tallies).map((line) => line.slice(line.indexOf("so far")));
  expect(lines).toEqual([
    "so far 10 of 10 blocks are hers (100 %), 0 went stale",
    "so far 20 of 20 blocks are hers (100 %), 0 went stale",
  ]);
});

/** Checks what is said of a node's news, and that it is said in the same words everywhere. */

import { expect, test } from "vitest";
import type { News } from "../../src/node/news.ts";
import { wordsOfNews } from "../../src/node/news-words.ts";
import type { BlockHash, Milliseconds, PeerId, Satoshi, Txid } from "../../src/primitives/brand.ts";
import { Forest } from "../chain/forest.ts";

//  genesis ─ a1 ─ a2 ─ a3:pay
//         └─ b1
const forest = new Forest().plant("a1").pay("pay", "a1").plant("a1 a2 a3:pay").plant("b1");
const carol = "carol" as PeerId;

function accepted(name: string, more: Partial<News & { type: "block-accepted" }> = {}): News {
  return {
    type: "block-accepted",
    hash: forest.hash(name),
    height: forest.heightOf(name),
    work: 8n,
    block: forest.block(name),
    origin: "gossiped",
    isTip: true,
    from: carol,
    ...more,
  };
}

function saidOf(news: News): string | undefined {
  const words = wordsOfNews(news, (hash) => forest.nameOf(hash as BlockHash));
  return words && [words.line, ...words.details].join("; ");
}

test.each<[News, string]>([
  [accepted("a3"), "accepts block 3 a3 on a2 with 1 payment"],
  [accepted("b1", { isTip: false }), "accepts block 1 b1 on genesis; side branch"],
  [accepted("a2", { origin: "mined", from: undefined }), "mines block 2 a2 on a1"],
  [
    {
      type: "miners-rest",
      reason: "clock-behind-chain",
      medianAheadSeconds: 28_740,
      until: 0 as Milliseconds,
    },
    "lets its miners rest: the chain's median time is 7 h 59 min ahead of this clock, so that no " +
      "block is allowed yet; one of the two is wrong",
  ],
  [
    { type: "clock-disagrees", direction: "behind", seconds: 3_600, peers: 3 },
    "finds its clock 1 h behind the blocks of 3 peers: while one of the two is wrong, blocks are refused",
  ],
  [
    { type: "clock-disagrees", direction: "ahead", seconds: 40, peers: 1 },
    "finds its clock 40 s ahead of the blocks of 1 peer: while one of the two is wrong, blocks are refused",
  ],
  [
    {
      type: "block-rejected",
      hash: forest.hash("a2"),
      origin: "gossiped",
      problem: { rule: "bad-cb-amount", claimed: 6 as Satoshi, allowed: 5 as Satoshi },
      from: carol,
    },
    "rejects block a2: bad-cb-amount; claimed 6; allowed 5; from carol",
  ],
  [
    {
      type: "reorganised",
      tip: forest.hash("a2"),
      height: 2,
      fork: forest.hash("genesis"),
      forkHeight: 0,
      back: [forest.hash("b1")],
      forth: [forest.hash("a1"), forest.hash("a2")],
      readmitted: ["aa".repeat(32) as Txid],
    },
    "reorganises: 1 back, 2 forth, to 2 a2; above block 0; 1 transaction waits again",
  ],
  [
    { type: "peer-banned", peer: carol, reason: "malformed message" },
    "bans carol: malformed message",
  ],
])("%#: one line, then the details", (news, said) => {
  expect(saidOf(news)).toBe(said);
});

test("what happens all the time is not shown by default", () => {
  expect(saidOf({ type: "tip-extended", tip: forest.hash("a1"), height: 1 })).toBeUndefined();
  expect(saidOf({ type: "peer-left", peer: carol })).toBeUndefined();
});

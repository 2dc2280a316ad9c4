/** The lines of the log, and which of them are about what is selected. */

import { expect, test } from "vitest";
import { concerns, eventLine, type Subject } from "../../../src/dashboard/story/event-line.ts";
import { hashOf, peerOf, Tale, txidOf } from "./tale.ts";

function linesOf({ events, story }: Tale, subject?: Subject, type = "network") {
  return events
    .map((event) => eventLine(event, story))
    .filter((line) => line !== null)
    .filter((line) => subject === undefined || concerns(line, subject, story))
    .filter((line) => line.type === type)
    .map(({ text }) => text);
}

function lastLineOf(tale: Tale): string | undefined {
  return linesOf(tale).at(-1);
}

test("a block's line names its miner and what it holds", () => {
  const tale = new Tale().mine("a1:tea,coffee", "bob");
  expect(lastLineOf(tale)).toBe("bob mines #1 a10000…0000, 2 payments");
  tale.mine("b1", "alice", { on: "ground", isSecret: true });
  expect(linesOf(tale)).toContain("alice mines #1 b10000…0000 in secret");
});

test("payments are given in coins, failed ones with their reason", () => {
  const tale = new Tale().pay("abc", "alice", "shop", 150_000_000);
  expect(lastLineOf(tale)).toBe("alice pays shop 1.5 coins (abc000…0000)");
  tale.tell({ type: "payment-failed", from: "bob", to: "shop", reason: "no ripe coin" });
  expect(lastLineOf(tale)).toBe("bob could not pay shop: no ripe coin");
});

test("a partition, a fork and the reorganisation that ends it each have a line", () => {
  const tale = new Tale().part(["alice", "bob"], ["carol", "shop"]);
  expect(lastLineOf(tale)).toBe("the network is partitioned: alice, bob | carol, shop");
  tale.mine("a1", "alice").mine("b1", "carol");
  expect(linesOf(tale).at(-1)).toMatch(/^fork at #1: a10000…0000 \(2 nodes\) and b10000…0000/);
  tale.mine("b2", "carol").heal();
  expect(linesOf(tale)).toContain(
    "reorganisation, depth 1: 1 block above #0 went stale; the tip is #2 b20000…0000 (alice)",
  );
});

test("an attack has a line for each step", () => {
  const tale = new Tale();
  tale.attack({ type: "race", secretBlocks: 1, publicBlocks: 3, lead: -2 });
  expect(lastLineOf(tale)).toBe("race: 1 secret, 3 public: she is 2 behind");
  tale.attack({ type: "delivered", confirmations: 1 });
  expect(lastLineOf(tale)).toBe("the shop delivers, at 1 confirmation");
  tale.attack({ type: "published", secretBlocks: 4, publicBlocks: 3 });
  expect(lastLineOf(tale)).toBe("she publishes 4 blocks against 3");
});

test("measurements have no line", () => {
  const tale = new Tale();
  const before = linesOf(tale).length;
  expect(linesOf(tale.measure("alice", { hashes: 7 }))).toHaveLength(before);
});

test("what a node reports of itself is a line of its own kind, with names in place of peer ids", () => {
  const tale = new Tale(["alice", "bob"]).mine("a1", "alice");
  tale.hear("bob", { type: "peer-left", peer: peerOf("alice") });
  tale.hear("bob", { type: "peer-left", peer: peerOf("stranger") });
  expect(linesOf(tale, undefined, "node")).toEqual([
    "alice accepted #1 a10000…0000 (mined)",
    "bob accepted #1 a10000…0000 (from alice)",
    "bob disconnected from alice",
    "bob disconnected from peer-o…nger",
  ]);
});

test("of a selected node only its own lines remain", () => {
  const tale = new Tale().mine("a1", "alice").mine("a2", "bob").crash("carol");
  expect(linesOf(tale, { type: "node", name: "bob" }).at(-1)).toMatch(/^bob mines #2/);
  expect(linesOf(tale, { type: "node", name: "carol" }).at(-1)).toBe("carol was crashed");
});

test("a selected payment has its own lines and those of its block", () => {
  const tale = new Tale().pay("abc", "alice", "bob", 100_000_000).pay("def", "bob", "carol", 7);
  tale.mine("a1", "alice").mine("a2:abc", "bob");
  expect(linesOf(tale, { type: "transaction", txid: txidOf("abc") })).toEqual([
    "alice pays bob 1 coin (abc000…0000)",
    "bob mines #2 a20000…0000, 1 payment",
  ]);
  expect(linesOf(tale, { type: "block", hash: hashOf("a1") })).toHaveLength(1);
});

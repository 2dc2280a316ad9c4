/** Checks that a reorganisation by command takes the same road as any other. */

import { describe, expect, test } from "vitest";
import { limits } from "../../src/peers/limits.ts";
import type { BlockHash } from "../../src/primitives/brand.ts";
import { keyOf } from "../builders.ts";
import { Forest } from "../chain/forest.ts";
import { TestNetwork } from "./network.ts";
import { NodeScene, nodeWith, relayer } from "./scene.ts";

//  genesis ─ a1 ─ a2 ─ a3:pay ─ a4
//              └─ b2 ─ b3
function forked(): Forest {
  const forest = new Forest().plant("a1").pay("pay", "a1");
  return forest.plant("a1 a2 a3:pay a4 a5").plant("a1 b2 b3");
}

function invalidate(node: NodeScene, name: string) {
  return node.obeys({ type: "invalidate-block", hash: node.forest.hash(name) });
}

function reconsider(node: NodeScene, name: string) {
  return node.obeys({ type: "reconsider-block", hash: node.forest.hash(name) });
}

describe("a block that is invalidated", () => {
  test("takes the tip to the next best branch, and its payments wait again and are sent", () => {
    const forest = forked();
    const node = nodeWith(forest, "a1", "a2", "a3", "b2", "b3").hasWaiting();
    expect(invalidate(node, "a3")).toEqual({
      type: "reselection",
      outcome: { status: "moved", tip: forest.hash("b3") },
    });
    node.movesTip({ back: ["a3", "a2"], forth: ["b2", "b3"] }).hasWaiting("pay");
    expect(node.news("reorganised")).toMatchObject([{ readmitted: [forest.txid("pay")] }]);
    const gossip = node.passes(50).all("gossip");
    expect(gossip.map(({ message }) => message)).toEqual([
      { type: "transactions", transactions: [forest.payment("pay")] },
    ]);
  });

  test("moves the tip down if no other branch is as good, and miners work there", () => {
    const forest = new Forest().plant("a1").pay("pay", "a1").plant("a1 a2 a3:pay a4");
    const node = new NodeScene(forest, { payTo: keyOf("miner").script }).joins(relayer);
    node.receives("a1", "a2", "a3", "a4");
    invalidate(node, "a3");
    expect([node.tip, node.template?.height]).toEqual(["a2", 3]);
    expect(node.template?.block.header.previous).toBe(forest.hash("a2"));
    node.hasWaiting("pay");
    expect(node.news("reorganised")).toMatchObject([
      { fork: forest.hash("a2"), forkHeight: 2, height: 2, forth: [] },
    ]);
    expect(node.news("reorganised")[0]!.back).toEqual([forest.hash("a4"), forest.hash("a3")]);
  });

  test("lets no payment wait whose coin is not ripe on the shorter chain", () => {
    const forest = new Forest().plant("a1").pay("pay", "a1").plant("a1 a2 a3");
    const node = nodeWith(forest, "a1", "a2", "a3");
    node.obeys({ type: "submit-transaction", transaction: forest.payment("pay") });
    invalidate(node, "a3");
    node.hasWaiting("pay");
    invalidate(node, "a2");
    node.hasWaiting();
    expect(node.news("transaction-removed")).toMatchObject([{ reason: "invalid" }]);
  });

  test("is known: another hash is no answer, and a side branch moves nothing", () => {
    const forest = forked();
    const node = nodeWith(forest, "a1", "a2", "b2");
    const hash = "00".repeat(32) as BlockHash;
    for (const type of ["invalidate-block", "reconsider-block", "prefer-block"] as const) {
      const answer = node.obeys({ type, hash });
      expect(answer).toEqual({ type: "reselection", outcome: { status: "unknown" } });
    }
    expect(invalidate(node, "b2")).toMatchObject({ outcome: { status: "stays" } });
    node.keepsTip("a2");
  });
});

describe("peers that stand on a block that was invalidated here", () => {
  test("are neither blamed nor followed, and followed again once it is reconsidered", () => {
    const forest = forked();
    const node = nodeWith(forest, "a1", "a2", "a3");
    invalidate(node, "a2");
    expect(node.hears({ type: "block", block: forest.block("a4") })).toBe("ignore");
    expect(node.hears({ type: "header", header: forest.block("a4").header, announcer: 0 })).toBe(
      "ignore",
    );
    node.keepsTip("a1");
    expect(node.all("disconnect")).toEqual([]);
    reconsider(node, "a2");
    expect(node.tip).toBe("a3");
    expect(node.hears({ type: "block", block: forest.block("a4") })).toBe("accept");
  });

  test("stay joined for as long as they build on it, and are caught up with at once", () => {
    const names = Array.from({ length: 40 }, (_, i) => `a${i + 1}`);
    const forest = new Forest().plant(names.join(" "));
    const network = new TestNetwork(forest);
    const alice = network.add("alice");
    const bob = network.add("bob");
    network.connect("alice", "bob");
    const mines = (name: string): void => {
      bob.obeys({ type: "submit-block", block: forest.block(name), origin: "mined" });
      network.passes(limits.statusIntervalMs);
    };
    for (const name of names.slice(0, 5)) mines(name);
    alice.obeys({ type: "invalidate-block", hash: forest.hash("a3") });
    for (const name of names.slice(5)) mines(name);
    expect([alice.height, bob.height]).toEqual([2, 40]);
    const [peer] = alice.scene.node.peers.list(alice.scene.elapsed);
    expect(peer).toMatchObject({ peer: "bob", penalty: 0 });
    alice.obeys({ type: "reconsider-block", hash: forest.hash("a3") });
    expect(alice.height).toBe(40);
  });
});

test("a preferred block moves the tip to a branch of the same work", () => {
  const forest = forked();
  const node = nodeWith(forest, "a1", "a2", "a3", "b2", "b3");
  node.obeys({ type: "prefer-block", hash: forest.hash("b3") });
  node.movesTip({ back: ["a3", "a2"], forth: ["b2", "b3"] }).hasWaiting("pay");
});

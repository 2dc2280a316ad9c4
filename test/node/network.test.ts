/** Checks that nodes which talk to each other agree. */

import { describe, expect, test } from "vitest";
import { limits } from "../../src/peers/limits.ts";
import { totalSizeOfBlock } from "../../src/primitives/block.ts";
import { dataScript } from "../../src/primitives/script.ts";
import { blankPayment, keyOf, output, type Spendable, spendable } from "../builders.ts";
import { Forest } from "../chain/forest.ts";
import { type Member, TestNetwork } from "./network.ts";

const payTo = keyOf("miner").script;

/** Time enough for nodes to ask each other again. */
const aWhileMs = 3 * limits.statusIntervalMs;

test("a new node catches up with 310 blocks, and then hears of every block", () => {
  const network = new TestNetwork(new Forest());
  const alice = network.add("alice", { payTo }).mines(310);
  const bob = network.add("bob");
  network.connect("alice", "bob");
  expect(bob.height).toBe(310);
  expect(bob.tip).toBe(alice.tip);
  alice.mines(2);
  expect(bob.tip).toBe(alice.tip);
  expect(bob.height).toBe(312);
});

test("what was synced is on disk: a node that starts again goes on from there", () => {
  const forest = new Forest();
  const network = new TestNetwork(forest);
  network.add("alice", { payTo }).mines(20);
  const bob = network.add("bob");
  network.connect("alice", "bob");
  const { durable } = bob.scene.store;
  const again = new TestNetwork(forest).add("bob", {}, durable);
  expect(again.tip).toBe(bob.tip);
});

test("a node in the middle passes blocks on that it only heard of", () => {
  const network = new TestNetwork(new Forest());
  const alice = network.add("alice", { payTo });
  network.add("bob");
  const carol = network.add("carol");
  network.connect("alice", "bob").connect("bob", "carol");
  alice.mines(3);
  expect(carol.tip).toBe(alice.tip);
});

test("after a partition all follow the longer side, and its rivals' payments are not lost", () => {
  //  alice ─ bob ✂ carol ─ dave
  const network = new TestNetwork(new Forest());
  const alice = network.add("alice", { payTo });
  const bob = network.add("bob");
  const carol = network.add("carol", { payTo: keyOf("carol").script });
  const dave = network.add("dave");
  network.connect("alice", "bob").connect("bob", "carol").connect("carol", "dave");
  alice.mines(5);
  expect(dave.tip).toBe(alice.tip);

  network.cut("bob", "carol");
  const { forest } = alice.scene;
  forest.pay("pay", rewardOf(alice, 1));
  alice.obeys({ type: "submit-transaction", transaction: forest.payment("pay") });
  alice.mines(3);
  carol.mines(6);
  expect(bob.tip).toBe(alice.tip);
  expect(dave.tip).toBe(carol.tip);
  expect(bob.tip).not.toBe(dave.tip);

  network.connect("bob", "carol").passes(aWhileMs);
  for (const each of [alice, bob, dave]) expect(each.tip).toBe(carol.tip);
  for (const each of [alice, bob, carol, dave]) each.scene.hasWaiting("pay");
});

test("a payment that one confirmed alone soon waits at those whose branch won", () => {
  //  ─ a6:pay            alice ✂ bob ─ carol
  //  └ b6 ─ b7
  const network = new TestNetwork(new Forest());
  const alice = network.add("alice", { payTo });
  const bob = network.add("bob", { payTo: keyOf("bob").script });
  const carol = network.add("carol");
  network.connect("alice", "bob").connect("bob", "carol");
  alice.mines(5);
  network.cut("alice", "bob");
  const { forest } = alice.scene;
  forest.pay("pay", rewardOf(alice, 1));
  alice.obeys({ type: "submit-transaction", transaction: forest.payment("pay") });
  network.passes(1000);
  alice.mines(1).scene.hasWaiting();
  bob.mines(2);

  network.connect("alice", "bob").passes(2 * limits.mempoolIntervalMs);
  expect(alice.tip).toBe(bob.tip);
  for (const each of [alice, bob, carol]) each.scene.hasWaiting("pay");
  bob.mines(1);
  expect(alice.tip).toBe(bob.tip);
  for (const each of [alice, bob, carol]) each.scene.hasWaiting();
});

test("blocks of equal work are relayed, and everybody keeps the one it saw first", () => {
  //  alice ─ bob ─ carol ─ dave
  const network = new TestNetwork(new Forest());
  const alice = network.add("alice", { payTo });
  const bob = network.add("bob");
  const carol = network.add("carol");
  const dave = network.add("dave", { payTo: keyOf("dave").script });
  network.connect("alice", "bob").connect("carol", "dave");
  alice.mines(1);
  dave.mines(1);
  network.connect("bob", "carol").passes(aWhileMs);
  expect(bob.tip).toBe(alice.tip);
  expect(carol.tip).toBe(dave.tip);
  dave.mines(1);
  for (const each of [alice, bob, carol]) expect(each.tip).toBe(dave.tip);
});

describe("a block of more than 100 kB", () => {
  const large = output(0, dataScript(...Array<Uint8Array>(1500).fill(new Uint8Array(75))));
  const forest = new Forest().plant("a1 a2");
  const payment = blankPayment({ from: [forest.reward("a1")], to: [large] });
  forest.note("large", payment).plant("a2 a3:large");

  test("is announced by its header and fetched, from node to node", () => {
    expect(totalSizeOfBlock(forest.block("a3"))).toBeGreaterThan(limits.gossipBlockSizeBytesMax);
    const network = new TestNetwork(forest);
    const alice = network.add("alice");
    network.add("bob");
    const carol = network.add("carol");
    network.connect("alice", "bob").connect("bob", "carol");
    for (const block of forest.blocks("a1", "a2")) alice.obeys({ type: "submit-block", block });
    network.log.length = 0;
    alice.obeys({ type: "submit-block", block: forest.block("a3") });
    network.passes(aWhileMs);
    expect(carol.scene.tip).toBe("a3");
    expect(network.log).toContain("alice bob header");
    expect(network.log).toContain("bob carol header");
    expect(network.log).toContain("carol bob get-blocks");
    expect(network.log).not.toContain("alice bob block");
  });
});

test("a transaction reaches all nodes, and is mined by whoever finds the next block", () => {
  const network = new TestNetwork(new Forest());
  const alice = network.add("alice", { payTo });
  const bob = network.add("bob");
  const carol = network.add("carol", { payTo: keyOf("carol").script });
  network.connect("alice", "bob").connect("bob", "carol");
  alice.mines(3);
  const { chain } = alice.scene.node;
  const { forest } = alice.scene;
  forest.pay("pay", rewardOf(alice, 1));
  alice.obeys({ type: "submit-transaction", transaction: forest.payment("pay") });
  expect(carol.scene.node.mempool.count).toBe(0);
  network.passes(50);
  bob.scene.hasWaiting("pay");
  carol.scene.hasWaiting("pay");
  network.passes(1000);
  carol.mines(1);
  expect(alice.tip).toBe(carol.tip);
  alice.scene.hasWaiting();
  const mined = chain.blockOf(chain.tip.hash)!.transactions;
  expect(mined).toContainEqual(forest.payment("pay"));
});

/** What the block at a height pays to its miner. */
function rewardOf({ scene }: Member, height: number): Spendable {
  const { chain } = scene.node;
  const block = chain.blockOf(chain.entryAt(height)!.hash)!;
  return spendable(block.transactions[0]!, 0, keyOf("miner"));
}

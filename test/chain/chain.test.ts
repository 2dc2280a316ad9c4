/** Checks where the tip goes, and what stays as it was when it does not go there. */

import { describe, expect, test } from "vitest";
import { Chain } from "../../src/chain/chain.ts";
import { WrongChainError } from "../../src/chain/log.ts";
import { checkProofOfWork } from "../../src/consensus/header.ts";
import { lab, type Params } from "../../src/consensus/params.ts";
import type { Block } from "../../src/primitives/block.ts";
import { txidOf } from "../../src/primitives/transaction.ts";
import { blankPayment, keyOf, output, spendable, trustingVerifier } from "../builders.ts";
import { Forest, practice } from "./forest.ts";
import { now, Scene } from "./scene.ts";

describe("a template", () => {
  test("is judged as a block would be, but for its proof of work, and changes nothing", () => {
    //  genesis ─ a1 ─ a2 ─ a3:pay
    const forest = new Forest().plant("a1").pay("pay", "a1").plant("a1 a2 a3:pay");
    const scene = new Scene(forest, "a1", "a2");
    const { coinsHash } = scene;
    const { header, transactions } = forest.block("a3");
    const unproven = (nonce: number): Block => ({ header: { ...header, nonce }, transactions });
    let nonce = 0;
    while (checkProofOfWork(unproven(nonce).header, practice).ok) nonce += 1;
    expect(scene.chain.findTemplateProblem(unproven(nonce), now)).toBeUndefined();
    expect(scene.judges(unproven(nonce))).toBe("high-hash");
    expect([scene.tip, scene.coinsHash]).toEqual(["a2", coinsHash]);
  });

  test("is refused for what is wrong with its header, its body or its coins", () => {
    const forest = new Forest().plant("a1").pay("pay", "a1").plant("a1 a2 a3:pay a4:pay");
    const scene = new Scene(forest, "a1", "a2");
    const { header, transactions } = forest.block("a3");
    const ruleOf = (block: Block): string | undefined =>
      scene.chain.findTemplateProblem(block, now)?.rule;
    expect(ruleOf({ header: { ...header, time: 0 }, transactions })).toBe("time-too-old");
    expect(ruleOf({ header, transactions: [] })).toBe("bad-blk-length");
    expect(ruleOf({ header, transactions: transactions.slice(0, 1) })).toBe("bad-txnmrklroot");
    expect(ruleOf(forest.block("a4"))).toBe("bad-cb-height");
    scene.receives("a3");
    expect(ruleOf(forest.block("a4"))).toBe("bad-txns-inputs-missingorspent");
  });
});

describe("the tip", () => {
  test("stays where it is for a branch of equal work, whichever comes first", () => {
    //  genesis ─ a1 ─ a2
    //         └─ b1 ─ b2
    const forest = new Forest().plant("a1 a2").plant("b1 b2");
    const first = new Scene(forest, "a1", "a2");
    expect(first.receives("b1", "b2")).toEqual(["side", "side"]);
    expect(first.tip).toBe("a2");
    const second = new Scene(forest, "b1", "b2");
    expect(second.receives("a1", "a2")).toEqual(["side", "side"]);
    expect(second.tip).toBe("b2");
  });

  test("moves to more work, and says the way: back from the old one, forth to the new", () => {
    //  genesis ─ a1 ─ a2 ─ a3
    //              └─ b2 ─ b3 ─ b4
    const forest = new Forest().plant("a1 a2 a3").plant("a1 b2 b3 b4");
    const scene = new Scene(forest, "a1", "a2", "a3", "b2", "b3");
    const acceptance = scene.accepts(forest.block("b4"));
    if (acceptance.status !== "tip") throw new Error(acceptance.status);
    expect(scene.names(acceptance.change.back)).toEqual(["a3", "a2"]);
    expect(scene.names(acceptance.change.forth)).toEqual(["b2", "b3", "b4"]);
    expect(acceptance.change.forth.map(({ height }) => height)).toEqual([2, 3, 4]);
    expect(scene.tips).toEqual({ b4: "active", a3: "valid-fork" });
  });

  test("moves to a heavier branch that is shorter", () => {
    // Every second block has a new target. a1 took its time and a2 is as easy as a1; b1 took a
    // second, so b2 is four times as hard.
    //  genesis ─ a1 ─ a2 ─ a3           2 + 2 + 2 expected hashes
    //         └─ b1 ─ b2                2 + 8
    const params: Params = { ...practice, difficulty: { type: "interval", interval: 2 } };
    const forest = new Forest(params).plant("a1 a2 a3", { spacing: 2 * params.spacingSeconds });
    forest.plant("b1 b2", { spacing: 1 });
    const scene = new Scene(forest, "a1", "a2", "a3");
    const { work } = scene.chain.tip;
    expect(scene.receives("b1", "b2")).toEqual(["side", "tip"]);
    expect(scene.chain.tip.height).toBe(2);
    expect(scene.chain.tip.work - work).toBe(4n);
  });

  test("moves again if the old branch gets heavier, to the very same coins", () => {
    //  genesis ─ a1 ─ a2 ─ a3:pay ─ a4 ─ a5
    //              └─ b2 ─ b3 ─ b4
    const forest = new Forest().plant("a1").pay("pay", "a1");
    forest.plant("a1 a2 a3:pay a4 a5").plant("a1 b2 b3 b4");
    const straight = new Scene(forest, "a1", "a2", "a3", "a4", "a5");
    const scene = new Scene(forest, "a1", "a2", "a3");
    expect(scene.receives("b2", "b3", "b4")).toEqual(["side", "side", "tip"]);
    expect(scene.receives("a4", "a5")).toEqual(["side", "tip"]);
    expect(scene.coinsHash).toBe(straight.coinsHash);
  });

  test("is the same after a restart, and so is what follows", () => {
    //  genesis ─ a1 ─ a2
    //         └─ b1 ─ b2 ─ b3
    const forest = new Forest().plant("a1 a2").plant("b1 b2 b3");
    const scene = new Scene(forest, "a1", "a2", "b1", "b2").restarts();
    expect(scene.tip).toBe("a2");
    expect(scene.receives("b2", "b3")).toEqual(["known", "tip"]);
    expect(scene.restarts().tip).toBe("b3");
    expect(scene.tips).toEqual({ b3: "active", a2: "valid-fork" });
  });
});

describe("a bad block in the middle of a heavier branch", () => {
  //  genesis ─ a1 ─ a2 ─ a3
  //         └─ b1 ─ b2! ─ b3 ─ b4
  const forest = new Forest().plant("a1 a2 a3").plant("b1 b2! b3 b4");

  test("leaves the tip and the coins where they were", () => {
    const scene = new Scene(forest, "a1", "a2", "a3");
    const { coinsHash } = scene;
    expect(scene.receives("b1", "b2", "b3", "b4")).toEqual(["side", "side", "side", "bad-prevblk"]);
    expect(scene.tip).toBe("a3");
    expect(scene.coinsHash).toBe(coinsHash);
    expect(scene.tips).toEqual({ a3: "active", b4: "invalid" });
  });

  test("is named as soon as the branch would win, and remembered over a restart", () => {
    const scene = new Scene(forest, "b1", "a1");
    expect(scene.receives("b2", "b2")).toEqual(["bad-cb-amount", "duplicate-invalid"]);
    scene.restarts();
    expect(scene.receives("b2", "b3")).toEqual(["duplicate-invalid", "bad-prevblk"]);
    expect(scene.tip).toBe("b1");
  });

  test("has no children that are remembered: without a bound they would come for ever", () => {
    //  genesis ─ a1 ─ a2! ─┬─ c1, c2, c3
    //                      └─ d1
    const bad = new Forest().plant("a1 a2! c1").plant("a2 c2").plant("a2 c3").plant("a2 d1");
    const scene = new Scene(bad, "a1", "a2");
    const { size } = scene.chain.tree;
    const refused = ["bad-prevblk", "bad-prevblk", "bad-prevblk"];
    expect(scene.receives("c1", "c2", "c3")).toEqual(refused);
    expect(scene.receives("c1", "c2", "c3")).toEqual(refused);
    expect(scene.receivesHeaders("d1")).toBe("bad-prevblk");
    expect(scene.chain.tree.size).toBe(size);
    // What is named is the block that broke a rule, as in Core's getchaintips.
    expect(scene.tips).toEqual({ a1: "active", a2: "invalid" });
    expect(scene.restarts().tips).toEqual({ a1: "active", a2: "invalid" });
  });

  test("gives way to the best branch that is left", () => {
    // The bodies of c2 and c3 are there before that of c1: then there are two heavier branches.
    //  genesis ─ a1
    //         └─ b1 ─ b2! ─ b3 ─ b4
    //              └─ c2 ─ c3
    const forked = new Forest().plant("a1").plant("b1 b2! b3 b4").plant("b1 c2 c3");
    const scene = new Scene(forked, "a1");
    scene.receivesHeaders("b1", "b2", "b3", "b4");
    scene.receivesHeaders("b1", "c2", "c3");
    scene.receives("b2", "b3", "b4", "c2", "c3");
    expect(scene.receives("b1")).toEqual(["tip"]);
    expect(scene.tip).toBe("c3");
    expect(scene.tips).toEqual({ c3: "active", a1: "valid-fork", b4: "invalid" });
  });
});

describe("blocks in another order", () => {
  const forest = new Forest().plant("a1 a2 a3");

  test("without its parent's header a block is an orphan and forgotten", () => {
    const scene = new Scene(forest);
    expect(scene.receives("a2", "a1", "a2")).toEqual(["orphan", "tip", "tip"]);
  });

  test("after their headers, bodies wait for those of their parents", () => {
    const scene = new Scene(forest);
    expect(scene.receivesHeaders("a1", "a2", "a3")).toBe("a3");
    expect(scene.tips).toEqual({ genesis: "active", a3: "headers-only" });
    expect(scene.receives("a3", "a2")).toEqual(["side", "side"]);
    expect(scene.tip).toBe("genesis");
    const last = scene.accepts(forest.block("a1"));
    expect(last.status === "tip" && scene.names(last.change.forth)).toEqual(["a1", "a2", "a3"]);
    expect(scene.tip).toBe("a3");
  });

  test("bodies that wait are still there after a restart", () => {
    const scene = new Scene(forest);
    scene.receivesHeaders("a1", "a2", "a3");
    scene.receives("a3", "a2");
    expect(scene.restarts().receives("a1")).toEqual(["tip"]);
    expect(scene.tip).toBe("a3");
  });

  test("of two branches that one body completes, the one whose body came first wins", () => {
    //  genesis ─ a1 ─ a2
    //              └─ b2
    const forked = new Forest().plant("a1 a2").plant("a1 b2");
    const scene = new Scene(forked);
    scene.receivesHeaders("a1", "b2");
    scene.receivesHeaders("a1", "a2");
    expect(scene.receives("a2", "b2", "a1")).toEqual(["side", "side", "tip"]);
    expect(scene.tip).toBe("a2");
  });
});

describe("a body that somebody changed on the way", () => {
  const forest = new Forest().plant("a1 a2").pay("pay", "a1");
  forest.plant("a2 a3:pay a4");
  const genuine = forest.block("a3");

  test.each([
    ["with a transaction left out", { transactions: [genuine.transactions[0]!] }],
    ["with another witness", { transactions: withWitness(genuine, new Uint8Array(65).fill(1)) }],
    [
      "with its tail doubled",
      { transactions: [...genuine.transactions, genuine.transactions[1]!] },
    ],
  ])("%s is refused, and the genuine one is taken", (_, changed) => {
    const scene = new Scene(forest, "a1", "a2");
    expect(scene.judges({ ...genuine, ...changed })).toMatch(/merkle|mrklroot|duplicate/);
    expect(scene.receives("a3", "a4")).toEqual(["tip", "tip"]);
  });
});

test("a block from the future is refused today and taken tomorrow", () => {
  const forest = new Forest();
  const tooNew = now / 1000 + practice.futureTimeMaxSeconds + 1;
  forest.plant("a1", { header: { time: tooNew } });
  const scene = new Scene(forest);
  expect(scene.receives("a1")).toEqual(["time-too-new"]);
  expect(scene.chain.tree.size).toBe(1);
  expect(scene.chain.accept(forest.block("a1"), (now + 1000) as typeof now).status).toBe("tip");
});

test("a block without proof of work is refused and not remembered", () => {
  const forest = new Forest().plant("a1");
  const scene = new Scene(forest);
  const { header, transactions } = forest.block("a1");
  const unproven = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    .map((nonce) => ({ ...header, nonce }))
    .filter((each) => !checkProofOfWork(each, practice).ok);
  expect(unproven.length).toBeGreaterThan(0);
  for (const each of unproven) {
    expect(scene.judges({ header: each, transactions })).toBe("high-hash");
  }
  expect(scene.chain.tree.size).toBe(1);
});

test("a coin made and spent in one block leaves nothing behind, forth and back", () => {
  //  genesis ─ a1 ─ a2 ─ a3:pay,on
  //              └─ b2 ─ b3 ─ b4
  const forest = new Forest().plant("a1 a2").pay("pay", "a1", "alice");
  const coin = spendable(forest.payment("pay"), 0, keyOf("alice"));
  const to = [output(coin.output.value - 1000, keyOf("bob").script)];
  forest.note("on", blankPayment({ from: [coin], to }));
  forest.plant("a2 a3:pay,on").plant("a1 b2 b3 b4");
  const scene = new Scene(forest, "a1", "a2", "a3");
  expect(scene.chain.coinAt(coin.point)).toBeUndefined();
  expect(scene.chain.coinAt({ txid: forest.txid("on"), index: 0 })).toBeDefined();
  scene.receives("b2", "b3", "b4");
  expect(scene.chain.coinAt({ txid: forest.txid("on"), index: 0 })).toBeUndefined();
  expect(scene.coinsHash).toBe(new Scene(forest, "a1", "b2", "b3", "b4").coinsHash);
});

describe("a relative lock on a branch that takes over", () => {
  //  genesis ─ a1 ─ a2 ─ a3                    ten minutes apart
  //         └─ b1 ─ b2 ─ b3 ─ b4:locked        60,000 s apart, which is 117.2 units of 512 s
  const isTime = 0x0040_0000;

  function lockedFor(units: number): Forest {
    const forest = new Forest().plant("a1 a2 a3").plant("b1 b2 b3", { spacing: 60_000 });
    const to = [output(1000, keyOf("alice").script)];
    const from = [forest.reward("b2")];
    forest.note("locked", blankPayment({ from, to, sequence: isTime | units }));
    return forest.plant("b3 b4:locked");
  }

  // The coin was made in b2, so it counts from b1's median time to b3's: b1's time to b2's.
  test.each([
    [117, "tip"],
    [118, "bad-txns-nonfinal"],
  ])("of %i units is measured by that branch's own times: %s", (units, status) => {
    const scene = new Scene(lockedFor(units), "a1", "a2", "a3", "b1", "b2", "b3");
    expect(scene.tip).toBe("a3");
    expect(scene.receives("b4")).toEqual([status]);
  });
});

test("a store with another network's chain is refused", () => {
  const { store } = new Scene(new Forest().plant("a1"), "a1");
  const options = { params: lab, store, verifier: trustingVerifier, companions: [] } as const;
  expect(() => new Chain(options)).toThrow(WrongChainError);
});

test("an empty store has genesis, whose coinbase nobody can spend", () => {
  const { chain } = new Scene(new Forest());
  expect(chain.tip.hash).toBe(practice.genesisHash);
  expect(chain.blockOf(practice.genesisHash)).toBe(practice.genesis);
  const coinbase = txidOf(practice.genesis.transactions[0]!);
  expect(chain.coinAt({ txid: coinbase, index: 0 })).toBeUndefined();
});

function withWitness({ transactions: [first, second] }: Block, signature: Uint8Array) {
  const inputs = second!.inputs.map((input) => ({ ...input, witness: [signature] }));
  return [first!, { ...second!, inputs }];
}

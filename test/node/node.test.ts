/** Checks what a node wants done when something happens to it, and in which order. */

import { describe, expect, test } from "vitest";
import { savedEntriesOf } from "../../src/mempool/saved-mempool.ts";
import { statusOf } from "../../src/peers/answers.ts";
import { limits } from "../../src/peers/limits.ts";
import type { RequestId } from "../../src/peers/message.ts";
import { penaltyOfMalformed } from "../../src/peers/penalty.ts";
import type { Milliseconds, PeerId } from "../../src/primitives/brand.ts";
import type { Header } from "../../src/primitives/header.ts";
import type { SignatureVerifier } from "../../src/primitives/signature.ts";
import { type Transaction, txidOf } from "../../src/primitives/transaction.ts";
import { MemoryStore } from "../../src/sim/engine/memory-store.ts";
import { blankPayment, keyOf, output, spendable } from "../builders.ts";
import { Forest, practice } from "../chain/forest.ts";
import { now } from "../chain/scene.ts";
import { NodeScene, nodeWith, relayer, solve } from "./scene.ts";

const miner = keyOf("miner").script;
const nobodySigned: SignatureVerifier = {
  firstInvalid: ({ length }) => (length > 0 ? 0 : undefined),
};

function bannedFor(scene: NodeScene): string[] {
  return scene
    .all("disconnect")
    .filter(({ banMs }) => banMs > 0)
    .map(({ reason }) => reason);
}

const hourMs = 3_600_000;

describe("forks", () => {
  test("a branch with more work wins, and its rival's payment waits again", () => {
    //  genesis ─ a1 ─ a2 ─ a3:pay
    //              └─ b2 ─ b3 ─ b4
    const forest = new Forest().plant("a1").pay("pay", "a1");
    forest.plant("a1 a2 a3:pay").plant("a1 b2 b3 b4");
    const node = nodeWith(forest, "a1", "a2", "a3").hasWaiting();
    node.receives("b2", "b3").keepsTip("a3").hasWaiting();
    node.receives("b4").movesTip({ back: ["a3", "a2"], forth: ["b2", "b3", "b4"] });
    node.hasWaiting("pay");
    expect(node.news("reorganised")).toMatchObject([
      { fork: forest.hash("a1"), forkHeight: 1, height: 4, readmitted: [forest.txid("pay")] },
    ]);
    // Peers may have been on the other branch all the time, and not know it.
    expect(
      node
        .passes(50)
        .all("gossip")
        .map(({ message }) => message),
    ).toEqual([{ type: "transactions", transactions: [forest.payment("pay")] }]);
  });

  test("a payment that the other branch spent otherwise is gone, and the news say by what", () => {
    //  genesis ─ a1 ─ a2 ─ a3:pay
    //              └─ b2 ─ b3:double ─ b4
    const forest = new Forest().plant("a1").pay("pay", "a1").pay("double", "a1", "mallory");
    forest.plant("a1 a2 a3:pay").plant("a1 b2 b3:double b4");
    const node = nodeWith(forest, "a1", "a2", "a3", "b2", "b3", "b4").hasWaiting();
    expect(node.news("reorganised")).toMatchObject([{ readmitted: [] }]);
    expect(node.news("transaction-removed")).toEqual([
      {
        type: "transaction-removed",
        txid: forest.txid("pay"),
        reason: "conflicted",
        by: forest.txid("double"),
      },
    ]);
  });

  test("equal work never moves the tip, a bad block midway neither", () => {
    //  genesis ─ a1 ─ a2
    //         └─ b1 ─ b2
    //         └─ c1 ─ c2! ─ c3
    const forest = new Forest().plant("a1 a2").plant("b1 b2").plant("c1 c2! c3");
    const node = nodeWith(forest, "a1", "a2");
    node.receives("b1", "b2").keepsTip("a2");
    node.receives("c1", "c2", "c3").keepsTip("a2");
  });
});

describe("what is on disk", () => {
  //  genesis ─ a1 ─ a2 ─ a3
  //              └─ b2 ─ b3 ─ b4
  const forest = new Forest().plant("a1 a2 a3").plant("a1 b2 b3 b4");

  test("is all that a node needs to go on after a crash", () => {
    const node = nodeWith(forest, "a1", "a2", "a3", "b2", "b3", "b4");
    const again = new NodeScene(forest, {}, new MemoryStore(node.store.durable));
    expect(again.tip).toBe("b4");
    expect(again.node.chain.coinAt(forest.reward("b2").point)).toBeDefined();
    expect(again.node.chain.coinAt(forest.reward("a2").point)).toBeUndefined();
  });

  test("comes before anybody hears of a block", () => {
    const block = forest.block("a1");
    const kinds = (scene: NodeScene) => scene.effects.map(({ type }) => type);
    const heard = new NodeScene(forest).joins(relayer);
    heard.hears({ type: "block", block });
    expect(kinds(heard).slice(0, 3)).toEqual(["persist", "news", "news"]);
    expect(kinds(heard)).toContain("judge-gossip");
    const submitted = new NodeScene(forest);
    submitted.obeys({ type: "submit-block", block });
    expect(kinds(submitted)).toEqual(["persist", "news", "news", "gossip", "answer"]);
    const mined = new NodeScene(forest).handles({ type: "block-solved", block });
    expect(kinds(mined)).toEqual(["persist", "news", "news", "gossip"]);
  });
});

describe("a gossiped block", () => {
  const forest = new Forest().plant("a1 a2 a3").plant("b1 b2 b3! b4");

  test.each([
    ["that is the new tip is accepted", ["a1"], "a2", "accept"],
    ["of equal work is accepted too", ["a1"], "b1", "accept"],
    ["of a side branch is accepted", ["a1", "a2"], "b1", "accept"],
    ["that is known is ignored", ["a1"], "a1", "ignore"],
    ["with an unknown parent is ignored", [], "a2", "ignore"],
  ])("%s", (_, known, name, verdict) => {
    const node = nodeWith(forest, ...known);
    expect(node.hears({ type: "block", block: forest.block(name) })).toBe(verdict);
    expect(bannedFor(node)).toEqual([]);
  });

  test("that is accepted is told of with its relayer and the work up to it", () => {
    const node = nodeWith(forest, "a1", "a2");
    const { work } = node.node.chain.tip;
    expect(node.news("block-accepted")).toMatchObject([
      { hash: forest.hash("a2"), origin: "gossiped", from: relayer, work },
    ]);
  });

  test("with an unknown parent leads to a question for headers", () => {
    const node = nodeWith(forest);
    node.handles({
      type: "request",
      from: relayer,
      id: 1 as RequestId,
      request: askingStatus(node),
    });
    node.hears({ type: "block", block: forest.block("a2") });
    expect(node.all("request").map(({ to, request }) => [to, request.type])).toEqual([
      [relayer, "get-headers"],
    ]);
  });

  test("that is wrong where it stands is rejected, and its relayer banned", () => {
    const wrong = new Forest().plant("a1").plant("a1 c2", { height: 9 });
    const node = nodeWith(wrong, "a1");
    expect(node.hears({ type: "block", block: wrong.block("c2") })).toBe("reject");
    expect(bannedFor(node)).toEqual(["block: bad-cb-height"]);
    expect(node.news("block-rejected")).toMatchObject([
      { hash: wrong.hash("c2"), origin: "gossiped", from: relayer },
    ]);
    expect(node.news("peer-banned")).toMatchObject([{ peer: relayer }]);
  });

  test("that only connecting shows to be bad is not its relayer's fault", () => {
    //  genesis ─ b1 ─ b2 ─ b3! ─ b4
    const node = nodeWith(forest, "b1", "b2");
    expect(node.hears({ type: "block", block: forest.block("b3") })).toBe("ignore");
    expect(node.news("block-rejected")).toMatchObject([
      { hash: forest.hash("b3"), origin: "gossiped", from: relayer },
    ]);
    expect(node.hears({ type: "block", block: forest.block("b3") })).toBe("ignore");
    expect(node.hears({ type: "block", block: forest.block("b4") })).toBe("ignore");
    expect(node.hears({ type: "header", header: forest.block("b3").header, announcer: 0 })).toBe(
      "ignore",
    );
    expect(node.hears({ type: "header", header: forest.block("b4").header, announcer: 0 })).toBe(
      "ignore",
    );
    expect(node.all("disconnect")).toEqual([]);
    expect(node.node.peers.list(node.elapsed)).toMatchObject([{ penalty: 0 }]);
  });

  test.each(["b3", "b4"])("that it has connected, as its tip %s says, gets it banned", (tip) => {
    const node = nodeWith(forest, "b1", "b2");
    if (tip === "b4")
      node.hears({ type: "header", header: forest.block("b3").header, announcer: 0 });
    if (tip === "b4")
      node.hears({ type: "header", header: forest.block("b4").header, announcer: 0 });
    const status = { ...statusOf(node.node.chain), tip: forest.hash(tip), height: 4, work: 10n };
    const request = { type: "get-status", status } as const;
    node.handles({ type: "request", from: relayer, id: 1 as RequestId, request });
    expect(node.hears({ type: "block", block: forest.block("b3") })).toBe("reject");
    expect(bannedFor(node)).toEqual(["block: bad-cb-amount"]);
  });

  test("is an honest relayer's tip only if it is valid: who claims a bad tip is banned", () => {
    const node = nodeWith(forest, "b1", "b2", "b3");
    const status = { ...statusOf(node.node.chain), tip: forest.hash("b3"), height: 3, work: 8n };
    const request = { type: "get-status", status } as const;
    node.handles({ type: "request", from: relayer, id: 1 as RequestId, request });
    expect(bannedFor(node)).toEqual(["its tip is an invalid block"]);
  });

  test("from the future is ignored without blame: our clock may be wrong", () => {
    const late = new Forest().plant("a1", {
      header: { time: now / 1000 + practice.futureTimeMaxSeconds + 1 },
    });
    const node = nodeWith(late);
    expect(node.hears({ type: "block", block: late.block("a1") })).toBe("ignore");
    expect(node.all("disconnect")).toEqual([]);
    expect(node.passes(1000).hears({ type: "block", block: late.block("a1") })).toBe("accept");
  });

  test("that branches off far below the tip is ignored and not kept", () => {
    const { staleBlocksMax } = limits;
    const names = Array.from({ length: staleBlocksMax + 1 }, (_, i) => `a${i + 1}`);
    const old = new Forest().plant(names.join(" ")).plant("b1").plant("a1 b2");
    const node = nodeWith(old, ...names);
    expect(node.hears({ type: "block", block: old.block("b1") })).toBe("ignore");
    expect(node.node.chain.tree.get(old.hash("b1"))).toBeUndefined();
    expect(node.hears({ type: "block", block: old.block("b2") })).toBe("accept");
  });
});

describe("a gossiped header", () => {
  const forest = new Forest().plant("a1 a2 a3").plant("b1 b2");

  function hearsHeader(node: NodeScene, header: Header): string {
    return node.hears({ type: "header", header, announcer: 0 });
  }

  test("of a new tip is not passed on, and its block is fetched from the relayer", () => {
    const node = nodeWith(forest, "a1");
    expect(hearsHeader(node, forest.block("a2").header)).toBe("ignore");
    expect(node.all("request").map(({ to, request }) => ({ to, request }))).toContainEqual({
      to: relayer,
      request: { type: "get-blocks", hashes: [forest.hash("a2")] },
    });
  });

  test.each(["a2", "b1"])("of %s is announced anew when its block is here", (name) => {
    const node = nodeWith(forest, "a1");
    hearsHeader(node, forest.block(name).header);
    expect(node.all("gossip")).toEqual([]);
    const { id } = node.all("request").find(({ request }) => request.type === "get-blocks")!;
    const response = { type: "blocks", blocks: forest.blocks(name) } as const;
    node.handles({ type: "response", from: relayer, id, response });
    expect(node.all("gossip").map(({ message }) => message)).toEqual([
      { type: "block", block: forest.block(name) },
    ]);
  });

  test("of a rival of equal work has its block fetched: rivals are relayed", () => {
    const node = nodeWith(forest, "a1");
    expect(hearsHeader(node, forest.block("b1").header)).toBe("ignore");
    expect(node.all("request").map(({ to, request }) => ({ to, request }))).toContainEqual({
      to: relayer,
      request: { type: "get-blocks", hashes: [forest.hash("b1")] },
    });
  });

  test.each([
    ["whose block is here", "a1"],
    ["with an unknown parent", "a3"],
  ])("%s is ignored without blame", (_, name) => {
    const node = nodeWith(forest, "a1");
    expect(hearsHeader(node, forest.block(name).header)).toBe("ignore");
    expect(node.all("disconnect")).toEqual([]);
  });

  test("without proof of work is rejected, and its relayer banned", () => {
    const node = nodeWith(forest, "a1");
    const bits = 0x1d00ffff as Header["bits"];
    expect(hearsHeader(node, { ...forest.block("a2").header, bits })).toBe("reject");
    expect(bannedFor(node)).toEqual(["header: high-hash"]);
  });

  test("upon an invalid block is no fault, but one without proof of work is", () => {
    //  genesis ─ a1 ─ c2! ─ c3
    const greedy = new Forest().plant("a1 c2! c3");
    const node = nodeWith(greedy, "a1", "c2");
    const { header } = greedy.block("c3");
    expect(hearsHeader(node, header)).toBe("ignore");
    expect(node.all("disconnect")).toEqual([]);
    expect(hearsHeader(node, { ...header, bits: 0x1d00ffff as Header["bits"] })).toBe("reject");
    expect(bannedFor(node)).toEqual(["header: high-hash"]);
  });
});

describe("gossiped transactions", () => {
  const forest = new Forest().plant("a1 a2 a3").pay("first", "a1").pay("second", "a2");
  const [first, second] = [forest.payment("first"), forest.payment("second")];

  function judges(node: NodeScene, ...transactions: Transaction[]): string {
    return node.hears({ type: "transactions", transactions });
  }

  test("are accepted if any of them is new", () => {
    const node = nodeWith(forest, "a1", "a2", "a3");
    expect(judges(node, first)).toBe("accept");
    const admitted = { txid: forest.txid("first"), from: relayer };
    expect(node.news("transaction-admitted")).toMatchObject([admitted]);
    expect(judges(node, first, second)).toBe("accept");
    node.hasWaiting("first", "second");
  });

  test("are ignored if none of them is, or if there are none", () => {
    const node = nodeWith(forest, "a1", "a2", "a3");
    judges(node, first);
    expect(judges(node, first)).toBe("ignore");
    expect(judges(node)).toBe("ignore");
    expect(bannedFor(node)).toEqual([]);
  });

  test("are ignored if their coins are unknown: the parent may still come", () => {
    const node = nodeWith(forest, "a1", "a2", "a3");
    const coin = spendable(first, 0, keyOf("somebody"));
    const child = blankPayment({ from: [coin], to: [output(5000, miner)] });
    expect(judges(node, child)).toBe("ignore");
    expect(judges(node, first)).toBe("accept");
    expect(node.news("transaction-admitted")).toMatchObject([
      { txid: txidOf(first), from: relayer },
      { txid: txidOf(child), from: undefined }, // it has waited here
    ]);
    // The child was not passed on when it came; its parent's batch goes on by itself.
    expect(
      node
        .passes(50)
        .all("gossip")
        .map(({ message }) => message),
    ).toEqual([{ type: "transactions", transactions: [child] }]);
  });

  test("leave in another batch if something came with them that was not verified", () => {
    // The coins of the child are not known here, but others may know them and find it invalid.
    const node = nodeWith(forest, "a1", "a2", "a3");
    const coin = spendable(second, 0, keyOf("somebody"));
    const child = blankPayment({ from: [coin], to: [output(5000, miner)] });
    expect(judges(node, first, child)).toBe("ignore");
    node.hasWaiting("first");
    expect(
      node
        .passes(50)
        .all("gossip")
        .map(({ message }) => message),
    ).toEqual([{ type: "transactions", transactions: [first] }]);
  });

  test("are rejected if one can never be valid; four of those are a ban", () => {
    const node = new NodeScene(forest, { verifier: nobodySigned }).joins(relayer);
    node.receives("a1", "a2", "a3");
    for (let count = 1; count <= 3; count++) {
      expect(judges(node, first)).toBe("reject");
      expect(bannedFor(node)).toEqual([]);
    }
    expect(judges(node, first)).toBe("reject");
    expect(bannedFor(node)).toEqual(["transaction: mandatory-script-verify-flag-failed"]);
  });
});

describe("a submitted transaction", () => {
  const forest = new Forest().plant("a1 a2 a3").pay("first", "a1").pay("second", "a2");

  function submits(node: NodeScene, name: string) {
    return node.obeys({ type: "submit-transaction", transaction: forest.payment(name) });
  }

  test.each([-hourMs, hourMs])(
    "leaves after 50 ms also where the clock is set by %d ms",
    (byMs) => {
      const node = nodeWith(forest, "a1", "a2", "a3");
      submits(node, "first");
      const transactions = [forest.payment("first")];
      expect(node.setsClock(byMs).passes(49).all("gossip")).toEqual([]);
      expect(node.passes(1).all("gossip")).toEqual([
        { type: "gossip", message: { type: "transactions", transactions } },
      ]);
    },
  );

  test("is answered at once and gossiped with others after 50 ms", () => {
    const node = nodeWith(forest, "a1", "a2", "a3");
    expect(submits(node, "first")).toMatchObject({ type: "transaction", verdict: { ok: true } });
    expect(node.news("transaction-admitted")).toMatchObject([{ from: undefined }]);
    expect(node.all("gossip")).toEqual([]);
    expect(node.all("wake")).toEqual([{ type: "wake", at: node.elapsed + 50 }]);
    submits(node.passes(30), "second");
    expect(node.all("gossip")).toEqual([]);
    const transactions = [forest.payment("first"), forest.payment("second")];
    expect(node.passes(20).all("gossip")).toEqual([
      { type: "gossip", message: { type: "transactions", transactions } },
    ]);
    expect(node.passes(50).all("gossip")).toEqual([]);
  });

  test("that is refused is answered with the rule and goes nowhere", () => {
    const node = nodeWith(forest, "a1");
    expect(submits(node, "first")).toMatchObject({
      verdict: { ok: false, problem: { rule: "bad-txns-premature-spend-of-coinbase" } },
    });
    expect(node.passes(50).all("gossip")).toEqual([]);
  });

  test("that waits too long is dropped, and the news say so", () => {
    const node = new NodeScene(forest, { policy: { expiryMs: 1000 } }).receives("a1", "a2", "a3");
    submits(node, "first");
    expect(node.passes(60_000).news("transaction-removed")).toMatchObject([
      { txid: forest.txid("first"), reason: "expired" },
    ]);
    node.hasWaiting();
  });
});

describe("what waited before", () => {
  const forest = new Forest().plant("a1 a2 a3").pay("first", "a1").pay("second", "a2");

  test("waits again since it came, is told of, and goes to no peer by itself", () => {
    const before = nodeWith(forest, "a1", "a2", "a3");
    const came = before.now;
    for (const name of ["first", "second"]) {
      before.obeys({ type: "submit-transaction", transaction: forest.payment(name) });
    }
    const waiting = [...before.node.mempool.entries()];
    const entries = savedEntriesOf(waiting, { wall: came, elapsed: waiting[0]!.time });

    const after = new NodeScene(forest, {}, before.store);
    after.now = (came + 60_000) as Milliseconds;
    expect(after.obeys({ type: "restore-mempool", entries })).toEqual({
      type: "restored",
      count: 2,
    });
    expect(after.news("transaction-admitted").map(({ txid }) => txid)).toEqual(
      waiting.map(({ txid }) => txid),
    );
    after.hasWaiting("first", "second");
    expect(Array.from(after.node.mempool.entries(), ({ time }) => time)).toEqual([
      -60_000, -60_000,
    ]);
    expect(after.passes(50).all("gossip")).toEqual([]);
    expect(after.all("persist")).toEqual([]);
  });

  test("does not wait again if a block confirmed it meanwhile", () => {
    const paid = new Forest().plant("a1 a2 a3").pay("first", "a1").plant("a3 a4:first");
    const node = nodeWith(paid, "a1", "a2", "a3", "a4");
    const entries = [{ transaction: paid.payment("first"), time: node.now }];
    expect(node.obeys({ type: "restore-mempool", entries })).toMatchObject({ count: 0 });
    node.hasWaiting();
  });
});

describe("a submitted block", () => {
  const forest = new Forest().plant("a1 a2").plant("b1!");

  test.each([
    ["a1", "tip", 1],
    ["a2", "orphan", 0],
    ["b1", "rejected", 0],
  ])("%s is answered: %s", (name, status, gossips) => {
    const node = new NodeScene(forest);
    const answer = node.obeys({ type: "submit-block", block: forest.block(name) });
    expect(answer).toMatchObject({ result: { status, hash: forest.hash(name) } });
    expect(node.all("gossip")).toHaveLength(gossips);
  });

  test("that is known is answered so, and not gossiped again", () => {
    const node = nodeWith(forest, "a1");
    const answer = node.obeys({ type: "submit-block", block: forest.block("a1") });
    expect(answer).toMatchObject({ result: { status: "known" } });
    expect(node.all("gossip")).toEqual([]);
  });
});

describe("a clock that is set", () => {
  const forest = new Forest().plant("a1 a2 a3");

  /** How many points the relayer has. */
  const penaltyIn = ({ node, elapsed }: NodeScene) => node.peers.list(elapsed)[0]?.penalty;

  test.each([-hourMs, hourMs])("by %d ms changes no penalty", (byMs) => {
    const node = nodeWith(forest, "a1").handles({ type: "malformed", from: relayer });
    const before = penaltyIn(node);
    expect(before).toBeGreaterThan(0);
    expect(penaltyIn(node.setsClock(byMs).passes(0))).toBe(before);
  });

  test("back an hour does not ban a peer for its next small fault", () => {
    const node = nodeWith(forest, "a1").setsClock(-hourMs);
    node.handles({ type: "malformed", from: relayer });
    expect(node.all("disconnect")).toEqual([]);
    expect(penaltyIn(node)).toBe(penaltyOfMalformed);
  });

  test("before the chain's times is named once, with the difference", () => {
    const rivals = new Forest().plant("a1").plant("b1").plant("c1").plant("d1");
    const node = nodeWith(rivals);
    node.now = (rivals.block("a1").header.time * 1000 - 8 * hourMs) as Milliseconds;
    const told = ["a1", "b1", "c1", "d1"].flatMap((name) => {
      node.passes(2_000);
      expect(node.hears({ type: "block", block: rivals.block(name) })).toBe("ignore");
      return node.news("clock-disagrees");
    });
    const difference = { direction: "behind", seconds: 8 * 3600 - 4, peers: 1 };
    expect(told).toEqual([{ type: "clock-disagrees", ...difference }]);
    expect(node.node.clocks.difference).toMatchObject({ direction: "behind", peers: 1 });
  });

  test.each([-hourMs, hourMs])("by %d ms neither hurries nor delays a time-out", (byMs) => {
    const node = new NodeScene(forest).joins(relayer).setsClock(byMs);
    const atTimeout = limits.responseTimeoutMinMs;
    node.passes(atTimeout - 1);
    expect(node.node.peers.get(relayer)?.pending.size).toBe(1);
    node.passes(1);
    expect(node.node.peers.get(relayer)?.pending.size).toBe(0);
  });
});

describe("mining", () => {
  const forest = new Forest().plant("a1 a2 a3").plant("b1").pay("pay", "a1");

  test("begins and ends by command", () => {
    const node = nodeWith(forest, "a1");
    expect(node.template).toBeUndefined();
    expect(node.obeys({ type: "set-mining", payTo: miner })).toEqual({
      type: "mining",
      payTo: miner,
    });
    expect(node.template).toMatchObject({ height: 2 });
    node.obeys({ type: "set-mining", payTo: undefined });
    expect(node.all("mine")).toEqual([{ type: "mine", template: undefined }]);
    expect(node.passes(10_000).all("mine")).toEqual([]);
  });

  test("gets a new template as soon as the tip moves, and not for a side branch", () => {
    const node = new NodeScene(forest, { payTo: miner }).joins(relayer);
    expect(node.template).toMatchObject({ height: 1 });
    node.receives("a1");
    expect(node.template?.block.header.previous).toBe(forest.hash("a1"));
    expect(node.receives("b1").all("mine")).toHaveLength(0);
  });

  test("rests while the clock is behind the chain, until it has caught up", () => {
    const node = new NodeScene(forest, { payTo: miner }).receives("a1", "a2", "a3");
    const today = node.now;
    node.now = ((forest.block("a1").header.time - 3 * 3600) * 1000) as Milliseconds;
    node.obeys({ type: "set-mining", payTo: miner });
    expect(node.all("mine")).toEqual([{ type: "mine", template: undefined }]);
    node.now = today;
    expect(node.passes(1_000).template).toMatchObject({ height: 4 });
  });

  test("tells once why it rests and until when, and mines at that moment", () => {
    const node = new NodeScene(forest, { payTo: miner }).receives("a1", "a2", "a3");
    const { medianTime } = node.node.chain.tip;
    const [aheadSeconds, limitSeconds] = [8 * 3600, practice.futureTimeMaxSeconds];
    const until = (medianTime + 1 - limitSeconds) * 1000;
    node.now = ((medianTime - aheadSeconds) * 1000) as Milliseconds;
    const rest = { reason: "clock-behind-chain", medianAheadSeconds: aheadSeconds, until };
    node.obeys({ type: "set-mining", payTo: miner }); // asks for a template at once
    expect(node.news("miners-rest")).toEqual([{ type: "miners-rest", ...rest }]);
    expect(node.passes(60_000).news("miners-rest")).toEqual([]);
    expect(node.node.forcedRest).toEqual(rest);
    node.passes(until - node.now - 1);
    expect([node.template, node.node.forcedRest]).toEqual([undefined, rest]);
    expect(node.news("miners-resume")).toEqual([]);
    node.passes(1_000);
    expect(node.template).toMatchObject({ height: 4 });
    expect(node.node.forcedRest).toBeUndefined();
    expect(node.news("miners-resume")).toEqual([{ type: "miners-resume" }]);
    expect(node.passes(1_000).news("miners-resume")).toEqual([]);
  });

  test("tells that a rest is over, too, if nobody wants it to mine any more", () => {
    const node = new NodeScene(forest, { payTo: miner }).receives("a1", "a2", "a3");
    node.now = ((node.node.chain.tip.medianTime - 8 * 3600) * 1000) as Milliseconds;
    node.obeys({ type: "set-mining", payTo: miner });
    node.obeys({ type: "set-mining", payTo: undefined });
    expect(node.news("miners-resume")).toEqual([{ type: "miners-resume" }]);
  });

  test("does not tell that it rests when nobody wants it to mine", () => {
    const node = new NodeScene(forest).receives("a1", "a2", "a3");
    node.now = 0 as Milliseconds;
    expect(node.passes(1).news("miners-rest")).toEqual([]);
    expect(node.node.forcedRest).toBeUndefined();
  });

  test.each([-hourMs, hourMs])("gets a new template where the clock is set by %d ms", (byMs) => {
    const node = new NodeScene(forest, { payTo: miner }).receives("a1");
    node.setsClock(byMs);
    expect(node.passes(999).all("mine")).toHaveLength(0);
    expect(node.passes(1).all("mine")).toHaveLength(1);
  });

  test("gets a new template every second, with another first transaction", () => {
    const node = new NodeScene(forest, { payTo: miner }).receives("a1");
    const before = node.template!;
    expect(node.passes(999).all("mine")).toHaveLength(0);
    expect(node.passes(1).all("mine")).toHaveLength(1);
    const [old, fresh] = [before, node.template!].map(({ block }) =>
      txidOf(block.transactions[0]!),
    );
    expect(fresh).not.toBe(old);
    expect(node.template!.id).not.toBe(before.id);
    expect(node.template!.block.header.time).toBe(before.block.header.time + 1);
  });

  test("gets what waits within 200 ms", () => {
    const node = new NodeScene(forest, { payTo: miner }).receives("a1", "a2", "a3");
    node.obeys({ type: "submit-transaction", transaction: forest.payment("pay") });
    expect(node.passes(199).all("mine")).toHaveLength(0);
    expect(node.passes(1).all("mine")).toHaveLength(1);
    expect(node.template!.block.transactions.slice(1).map(txidOf)).toEqual([forest.txid("pay")]);
    expect(node.template!.fees).toBe(1000);
  });

  test("makes the tip of what it found, and tells everybody", () => {
    const node = new NodeScene(forest, { payTo: miner }).joins(relayer);
    const solved = solve(node.template!.block, practice);
    node.handles({ type: "block-solved", block: solved });
    expect(node.node.chain.tip.header).toEqual(solved.header);
    expect(node.all("gossip")).toEqual([
      { type: "gossip", message: { type: "block", block: solved } },
    ]);
    expect(node.news("block-accepted")).toMatchObject([
      { origin: "mined", isTip: true, work: node.node.chain.tip.work, from: undefined },
    ]);
    expect(node.template).toMatchObject({ height: 2 });
  });

  test("tells of a block too that only competes with the tip", () => {
    const node = new NodeScene(forest, { payTo: miner }).joins(relayer);
    const solved = solve(node.template!.block, practice);
    node.receives("a1");
    node.handles({ type: "block-solved", block: solved });
    expect(node.tip).toBe("a1");
    expect(node.all("gossip")).toHaveLength(1);
  });
});

describe("peers", () => {
  const forest = new Forest().plant("a1 a2").plant("b1");
  const bob = "bob" as PeerId;

  test("every request gets one answer with its number", () => {
    const node = nodeWith(forest, "a1", "a2");
    const requests = [
      askingStatus(node),
      { type: "get-headers", locator: [] },
      { type: "get-blocks", hashes: [forest.hash("a1"), forest.hash("b1")] },
      { type: "get-mempool", known: [] },
    ] as const;
    for (const [id, request] of requests.entries()) {
      node.handles({ type: "request", from: bob, id: id as RequestId, request });
      const answers = node.all("respond");
      expect(answers).toHaveLength(1);
      expect(answers[0]).toMatchObject({ to: bob, id });
    }
  });

  test("who asks what waits gets it", () => {
    const grown = new Forest().plant("a1 a2").pay("pay", "a1");
    const node = nodeWith(grown, "a1", "a2");
    node.hears({ type: "transactions", transactions: [grown.payment("pay")] });
    const id = 7 as RequestId;
    node.handles({ type: "request", from: bob, id, request: { type: "get-mempool", known: [] } });
    const response = { type: "transactions", transactions: [grown.payment("pay")] };
    expect(node.all("respond")).toEqual([{ type: "respond", to: bob, id, response }]);
  });

  test("are told of when they are ready and when they leave, not before", () => {
    const node = nodeWith(forest, "a1").joins("bob", "carol");
    expect(node.news("peer-ready")).toEqual([]);
    node.handles({ type: "request", from: bob, id: 1 as RequestId, request: askingStatus(node) });
    expect(node.news("peer-ready")).toEqual([{ type: "peer-ready", peer: bob, height: 1 }]);
    node.handles({ type: "peer-left", peer: bob });
    expect(node.news("peer-left")).toEqual([{ type: "peer-left", peer: bob }]);
    node.handles({ type: "peer-left", peer: "carol" as PeerId });
    expect(node.news("peer-left")).toEqual([]);
  });

  test("that send bytes without meaning twice are banned", () => {
    const node = nodeWith(forest);
    expect(bannedFor(node.handles({ type: "malformed", from: relayer }))).toEqual([]);
    expect(bannedFor(node.handles({ type: "malformed", from: relayer }))).toEqual([
      "malformed message",
    ]);
  });

  test("who send an invalid block that was asked for are banned", () => {
    const greedy = new Forest().plant("a1!");
    const node = new NodeScene(greedy).joins(relayer);
    const take = (type: string) => {
      const asked = node.all("request").find(({ request }) => request.type === type);
      return { type: "response", from: relayer, id: asked!.id } as const;
    };
    const { params } = greedy;
    const hash = greedy.hash("a1");
    const status = { genesis: params.genesisHash, tip: hash, height: 1, work: 4n };
    node.handles({ ...take("get-status"), response: { type: "status", status } });
    const headers = greedy.headers("a1");
    node.handles({ ...take("get-headers"), response: { type: "headers", headers } });
    const blocks = greedy.blocks("a1");
    node.handles({ ...take("get-blocks"), response: { type: "blocks", blocks } });
    expect(bannedFor(node)).toEqual(["block: bad-cb-amount"]);
    expect(node.tip).toBe("genesis");
  });
});

function askingStatus(scene: NodeScene) {
  return { type: "get-status", status: statusOf(scene.node.chain) } as const;
}

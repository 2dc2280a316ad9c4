/** Plants a violation of each invariant: a check that finds nothing proves nothing. */

import { describe, expect, test } from "vitest";
import { coinKey, encodeCoin, encodeUndo, undoKey } from "../../../src/chain/records.ts";
import type { TreeEntry } from "../../../src/chain/tree.ts";
import { regtest } from "../../../src/consensus/params.ts";
import { createTinyVerifier } from "../../../src/io/verifying/signature-verifier.ts";
import type { Effect } from "../../../src/node/effect.ts";
import type { Satoshi, Txid } from "../../../src/primitives/brand.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import { txidOf } from "../../../src/primitives/transaction.ts";
import { ChainWorld, defaultStart, hashrateOf } from "../../../src/sim/chain-world/chain-world.ts";
import { findDisagreement } from "../../../src/sim/chain-world/checks/agreement.ts";
import type {
  ChainCheck,
  ChainStepCheck,
  Subject,
} from "../../../src/sim/chain-world/checks/check.ts";
import { CoinbasesMature } from "../../../src/sim/chain-world/checks/coinbases-mature.ts";
import { LimitsHold } from "../../../src/sim/chain-world/checks/limits-hold.ts";
import { MempoolFits } from "../../../src/sim/chain-world/checks/mempool-fits.ts";
import { MostWorkTip } from "../../../src/sim/chain-world/checks/most-work-tip.ts";
import { NoCoinFromNothing } from "../../../src/sim/chain-world/checks/no-coin-from-nothing.ts";
import { PaymentsReturn } from "../../../src/sim/chain-world/checks/payments-return.ts";
import { findUntold } from "../../../src/sim/chain-world/checks/payments-spread.ts";
import { PersistedBeforeSent } from "../../../src/sim/chain-world/checks/persisted-before-sent.ts";
import { TipGainsWork } from "../../../src/sim/chain-world/checks/tip-gains-work.ts";
import { UndoRestores } from "../../../src/sim/chain-world/checks/undo-restores.ts";
import { ValidityAgrees } from "../../../src/sim/chain-world/checks/validity-agrees.ts";
import { mineHeadStart } from "../../../src/sim/chain-world/head-start.ts";
import { SimulatedWallet } from "../../../src/sim/chain-world/simulated-wallet.ts";
import { InvariantError } from "../../../src/sim/engine/promise.ts";

const verifier = createTinyVerifier();
const rich = new SimulatedWallet(createRandom("rich"));
const headStart = mineHeadStart({
  params: regtest,
  verifier,
  start: defaultStart,
  rich: [rich.script],
  rest: new SimulatedWallet(createRandom("rest")).script,
});
const intervalMs = 1_000;

/** One miner; its first block has a payment. */
function worldWith(...checks: readonly ChainCheck[]): ChainWorld {
  const world = new ChainWorld({ seed: 1, verifier, checks });
  const hashrate = hashrateOf(1, intervalMs, world.params);
  world.add("a", { hashrate, records: headStart.records });
  const [coin] = headStart.coins;
  const value = (coin!.output.value - 1_000) as Satoshi;
  const transaction = rich.pay(coin!, [{ value, script: rich.script }]);
  world.command("a", { type: "submit-transaction", transaction });
  world.command("a", { type: "set-mining", payTo: rich.script });
  world.runUntil(() => world.node("a").chain.tip.height > headStart.height, 100 * intervalMs);
  return world;
}

/** A node whose tip can be set where it never was. */
function movable({ chain, ...rest }: Subject) {
  const moving = {
    params: chain.params,
    tree: chain.tree,
    tip: chain.tip,
    entryAt: (height: number) => chain.entryAt(height),
    blockOf: (hash: TreeEntry["hash"]) => chain.blockOf(hash),
    spentBy: (hash: TreeEntry["hash"]) => chain.spentBy(hash),
  };
  return { ...rest, chain: moving };
}

/** What a check says of a node before and after something is done to it. */
function verdictsOf(
  check: ChainStepCheck,
  subject: Subject,
  plant: (subject: Subject) => Subject | void,
) {
  const before = check.findViolation(subject);
  const planted = plant(subject) ?? subject;
  return [before, check.findViolation(planted)];
}

describe("no coin from nothing", () => {
  test("finds a coin that no block made", () => {
    const output = { value: 1 as Satoshi, script: rich.script };
    const value = encodeCoin({ output, height: 1, isCoinbase: false });
    const key = coinKey({ txid: "ab".repeat(32) as Txid, index: 0 });
    const subject = worldWith().subject("a");
    const verdicts = verdictsOf(new NoCoinFromNothing(), subject, ({ store }) => {
      store.commit([{ type: "put", key, value }]);
    });
    expect(verdicts).toEqual([undefined, expect.stringContaining("the blocks made")]);
  });

  test("finds a spent coin that is still there", () => {
    const [coin] = headStart.coins;
    const value = encodeCoin({ output: coin!.output, height: 1, isCoinbase: true });
    const subject = worldWith().subject("a");
    const verdicts = verdictsOf(new NoCoinFromNothing(), subject, ({ store }) => {
      store.commit([{ type: "put", key: coinKey(coin!.point), value }]);
    });
    expect(verdicts).toEqual([undefined, expect.stringContaining("the coins are worth")]);
  });

  test("finds a block that made more than its subsidy", () => {
    const generous = movable(worldWith().subject("a"));
    generous.chain.params = { ...regtest, halvingInterval: 50 };
    expect(new NoCoinFromNothing().findViolation(generous)).toMatch(/^block 50 made/);
  });
});

describe("most work wins", () => {
  test("finds a tip that is behind a block which the node has", () => {
    const subject = worldWith().subject("a");
    const verdicts = verdictsOf(new MostWorkTip(), subject, ({ chain, ...rest }) => {
      return { ...rest, chain: { ...chain, tree: chain.tree, tip: chain.tip.parent! } };
    });
    expect(verdicts).toEqual([undefined, expect.stringContaining("has work")]);
  });
});

describe("undo restores", () => {
  /** The same block, looked at for the first time by each of two names. */
  function twice(subject: Subject, plant: (subject: Subject) => void): (string | undefined)[] {
    const check = new UndoRestores();
    const before = check.findViolation(subject);
    plant(subject);
    return [before, check.findViolation({ ...subject, name: "b" as Subject["name"] })];
  }

  test("finds an undo record that brings back another coin", () => {
    const subject = worldWith().subject("a");
    const { hash } = subject.chain.tip;
    const verdicts = twice(subject, ({ chain, store }) => {
      const [coin] = chain.spentBy(hash)!;
      const output = { ...coin!.output, value: 1 as Satoshi };
      store.commit([
        { type: "put", key: undoKey(hash), value: encodeUndo([{ ...coin!, output }]) },
      ]);
    });
    expect(verdicts).toEqual([undefined, expect.stringContaining("does not restore")]);
  });

  test("finds coins that are not those which the same tip had before", () => {
    const subject = worldWith().subject("a");
    const verdicts = twice(subject, ({ store }) => {
      store.commit([{ type: "delete", key: store.scan("coin/")[0]![0] }]);
    });
    expect(verdicts).toEqual([undefined, expect.stringContaining("not what they were")]);
  });
});

describe("agreement", () => {
  test("finds nodes with different tips, and nodes with different coins at one tip", () => {
    const world = worldWith();
    world.add("b", { records: headStart.records });
    const [a, b] = [world.subject("a"), world.subject("b")];
    expect(findDisagreement([a, b])).toContain("a is at");
    world.connectAll();
    expect(world.runUntil(() => world.haveAgreed(), 60_000)).toBe(true);
    expect(findDisagreement([a, b])).toBeUndefined();
    b.store.commit([{ type: "delete", key: b.store.scan("coin/")[0]![0] }]);
    expect(findDisagreement([a, b])).toContain("different coins");
  });
});

describe("the tip only gains work", () => {
  test("finds a tip that moved to less work, and one that moved to as much", () => {
    const subject = movable(worldWith().subject("a"));
    const { tip, tree } = subject.chain;
    const twin = tree.add({ ...tip.header, nonce: tip.header.nonce + 1 }, tip.parent!);
    const check = new TipGainsWork();
    const verdicts = [tip.parent!, tip, tip, twin, tip.parent!].map((next) => {
      subject.chain.tip = next;
      return check.findViolation(subject);
    });
    const violation = expect.stringContaining("no more work");
    expect(verdicts).toEqual([undefined, undefined, undefined, violation, violation]);
  });
});

describe("coinbases mature", () => {
  test("finds a block that spends a coinbase too early", () => {
    const subject = movable(worldWith().subject("a"));
    expect(new CoinbasesMature().findViolation(subject)).toBeUndefined();
    subject.chain.params = { ...regtest, coinbaseMaturity: regtest.coinbaseMaturity + 1 };
    expect(new CoinbasesMature().findViolation(subject)).toBe(
      "block 101 spends the coinbase of block 1",
    );
  });
});

describe("persisted before sent", () => {
  test("finds every way to tell of a block that is not on disk", () => {
    const world = worldWith();
    world.runFor(10); // until all is written
    const subject = world.subject("a");
    const forgetful = { ...subject, store: { ...subject.store, durable: new Map() } };
    const { tip, params } = subject.chain;
    const block = subject.chain.blockOf(tip.hash)!;
    const { hash, height, work, header } = tip;
    const status = { genesis: params.genesisHash, tip: hash, height, work };
    const place = { hash, height, work, isTip: true, from: undefined };
    const known = { ...place, block, origin: "mined" } as const;
    const to = subject.name;
    const id = 1 as never;
    const effects: readonly Effect[] = [
      { type: "gossip", message: { type: "block", block } },
      { type: "respond", to, id, response: { type: "status", status } },
      { type: "respond", to, id, response: { type: "headers", headers: [header] } },
      { type: "respond", to, id, response: { type: "blocks", blocks: [block] } },
      { type: "request", to, id, request: { type: "get-status", status } },
      { type: "news", news: { type: "block-accepted", ...known } },
      { type: "answer", id, answer: { type: "block", result: { status: "tip", hash } } },
    ];
    const check = new PersistedBeforeSent();
    for (const effect of effects) {
      expect(check.findBreach(subject, effect)).toBeUndefined();
      expect(check.findBreach(forgetful, effect)).toBe(
        `${effect.type} tells of block ${hash}, which is not on disk`,
      );
    }
    const silent: Effect = { type: "judge-gossip", verdict: "accept" };
    expect(check.findBreach(forgetful, silent)).toBeUndefined();
  });
});

describe("payments return", () => {
  /** A node whose newest block has a payment goes back behind it; its coin is there, or is not. */
  function goesBack(coin: ReturnType<Subject["node"]["nextBlockView"]>["coinAt"]) {
    const subject = movable(worldWith().subject("a"));
    const { mempool } = subject.node;
    const view = { ...subject.node.nextBlockView(), coinAt: coin };
    const check = new PaymentsReturn();
    const behind = { ...subject, node: { mempool, nextBlockView: () => view } };
    const before = check.findViolation(behind);
    subject.chain.tip = subject.chain.tip.parent!;
    return [before, check.findViolation(behind)];
  }

  test("finds a payment that was taken back, may be made again, and does not wait", () => {
    const [first] = headStart.coins;
    const coin = { output: first!.output, height: 1, isCoinbase: true };
    expect(goesBack(() => coin)).toEqual([undefined, expect.stringContaining("is lost")]);
  });

  test("does not ask for one whose coin the new branch lacks", () => {
    expect(goesBack(() => undefined)).toEqual([undefined, undefined]);
  });
});

describe("what waits is told", () => {
  /** Two nodes with one tip; a payment waits at the first. */
  function nodesApart() {
    const world = new ChainWorld({ seed: 1, verifier });
    for (const name of ["a", "b"]) world.add(name, { records: headStart.records });
    const [coin] = headStart.coins;
    const pays = (name: string, fee: number) => {
      const value = (coin!.output.value - fee) as Satoshi;
      const transaction = rich.pay(coin!, [{ value, script: rich.script }]);
      world.command(name, { type: "submit-transaction", transaction });
    };
    pays("a", 1_000);
    return { world, pays, from: world.subject("a"), to: world.subject("b") };
  }

  test("finds a payment that another node could take and does not have", () => {
    const { world, from, to } = nodesApart();
    expect(findUntold(to, from)).toBeUndefined();
    expect(findUntold(from, to)).toMatch(/waits at a, and b does not know it$/);
    world.connectAll();
    world.runFor(1_000);
    expect(findUntold(from, to)).toBeUndefined();
  });

  test("asks nobody to take one for which it has a rival", () => {
    const { pays, from, to } = nodesApart();
    expect(findUntold(from, to)).toBeDefined();
    pays("b", 2_000);
    expect(findUntold(from, to)).toBeUndefined();
    expect(findUntold(to, from)).toBeUndefined();
  });
});

describe("the mempool fits the tip", () => {
  /** A second payment waits: it spends the change of the first, which is in a block. */
  function worldWithWaiting(): ChainWorld {
    const world = worldWith();
    world.command("a", { type: "set-mining", payTo: undefined });
    const { chain } = world.node("a");
    const [, payment] = chain.blockOf(chain.entryAt(101)!.hash)!.transactions;
    const [output] = payment!.outputs;
    const coin = { point: { txid: txidOf(payment!), index: 0 }, output: output! };
    const value = (output!.value - 1_000) as Satoshi;
    const transaction = rich.pay(coin, [{ value, script: rich.script }]);
    world.command("a", { type: "submit-transaction", transaction });
    expect(world.node("a").mempool.count).toBe(1);
    return world;
  }

  test("finds a payment whose coin is gone", () => {
    const world = worldWithWaiting();
    const verdicts = verdictsOf(new MempoolFits(), world.subject("a"), ({ node, store }) => {
      const [entry] = node.mempool.entries();
      const key = coinKey(entry!.transaction.inputs[0]!.previous);
      store.commit([{ type: "delete", key }]);
    });
    expect(verdicts).toEqual([
      undefined,
      expect.stringContaining("waits, but bad-txns-inputs-missingorspent"),
    ]);
  });

  test("finds two payments of one coin", () => {
    const subject = worldWithWaiting().subject("a");
    const [entry] = subject.node.mempool.entries();
    const mempool = { entries: () => [entry, entry] } as unknown as Subject["node"]["mempool"];
    const nextBlockView = () => subject.node.nextBlockView();
    const violation = new MempoolFits().findViolation({
      ...subject,
      node: { mempool, nextBlockView },
    });
    expect(violation).toMatch(/^two waiting payments spend/);
  });
});

describe("limits hold", () => {
  test("finds an orphan too many", () => {
    const subject = worldWith().subject("a");
    const { policy } = subject.node.mempool;
    const mempool = { policy, orphanCount: policy.orphansMax + 1, virtualSizeBytes: 0 };
    const node = { ...subject.node, mempool: mempool as Subject["node"]["mempool"] };
    expect(new LimitsHold().findViolation({ ...subject, node })).toBe(
      "101 orphans where 100 may be",
    );
  });

  test("finds a header that is kept and has too little work, not one that has enough", () => {
    const subject = worldWith().subject("a");
    const check = new LimitsHold();
    const { chain } = subject;
    const verdicts = [undefined, chain.tip, chain.tree.genesis].map((parent) => {
      if (parent) chain.tree.add({ ...parent.header, previous: parent.hash, nonce: 7 }, parent);
      return check.findViolation(subject);
    });
    expect(verdicts).toEqual([undefined, undefined, expect.stringContaining("too little work")]);
  });
});

describe("nodes agree on validity", () => {
  test("finds a block that one node condemns and another has, whoever is first", () => {
    for (const names of [
      ["a", "b"],
      ["b", "a"],
    ]) {
      const subject = worldWith().subject("a");
      const condemning = movable(worldWith().subject("a"));
      condemning.chain.tree.invalidate(condemning.chain.tip);
      condemning.chain.tip = condemning.chain.tip.parent!;
      const check = new ValidityAgrees();
      const verdicts = names.map((name) => {
        const node = name === "a" ? subject : condemning;
        return check.findViolation({ ...node, name: name as Subject["name"] });
      });
      expect(verdicts).toEqual([undefined, expect.stringContaining("b holds block")]);
    }
  });
});

test("a world stops at the first violation, and says where and when", () => {
  const world = worldWith({
    name: "no second block",
    everySteps: 1,
    findViolation: ({ chain }) =>
      chain.tip.height > 102 ? `height ${chain.tip.height}` : undefined,
  });
  const error = catchError(() => world.runFor(100 * intervalMs));
  expect(error).toBeInstanceOf(InvariantError);
  expect(String(error)).toMatch(/no second block is violated at a after \d+ ms: height 103/);
});

function catchError(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

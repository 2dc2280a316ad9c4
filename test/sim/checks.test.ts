/** Plants a violation of each invariant: a check that finds nothing proves nothing. */

import { describe, expect, test } from "vitest";
import { coinKey, encodeCoin, encodeUndo, undoKey } from "../../src/chain/records.ts";
import { regtest } from "../../src/consensus/params.ts";
import { createTinyVerifier } from "../../src/io/signature-verifier.ts";
import type { Satoshi, Txid } from "../../src/primitives/brand.ts";
import { createRandom } from "../../src/primitives/random.ts";
import { findDisagreement } from "../../src/sim/checks/agreement.ts";
import type { Check, Subject } from "../../src/sim/checks/check.ts";
import { MostWorkTip } from "../../src/sim/checks/most-work-tip.ts";
import { NoCoinFromNothing } from "../../src/sim/checks/no-coin-from-nothing.ts";
import { UndoRestores } from "../../src/sim/checks/undo-restores.ts";
import { mineHeadStart } from "../../src/sim/head-start.ts";
import { Purse } from "../../src/sim/purse.ts";
import { defaultStart, hashrateOf, InvariantError, World } from "../../src/sim/world.ts";

const verifier = createTinyVerifier();
const rich = new Purse(createRandom("rich"));
const headStart = mineHeadStart({
  params: regtest,
  verifier,
  start: defaultStart,
  rich: [rich.script],
  rest: new Purse(createRandom("rest")).script,
});
const intervalMs = 1_000;

/** One miner; its first block has a payment. */
function worldWith(...checks: readonly Check[]): World {
  const world = new World({ seed: 1, verifier, checks });
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

/** What a check says of a node before and after something is done to it. */
function verdictsOf(check: Check, subject: Subject, plant: (subject: Subject) => Subject | void) {
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
    const { chain, ...rest } = worldWith().subject("a");
    const generous: Subject = {
      ...rest,
      chain: {
        params: { ...chain.params, halvingInterval: 50 },
        tree: chain.tree,
        tip: chain.tip,
        entryAt: (height) => chain.entryAt(height),
        blockOf: (hash) => chain.blockOf(hash),
        spentBy: (hash) => chain.spentBy(hash),
      },
    };
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

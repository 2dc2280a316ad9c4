/** Checks what may wait: consensus rules, rules of relay, fees, and chains of unconfirmed ones. */

import { describe, expect, test } from "vitest";
import { defaultPolicy } from "../../src/mempool/policy.ts";
import { isSenderAtFault } from "../../src/mempool/problem.ts";
import { dataScript } from "../../src/primitives/script.ts";
import { type Transaction, txidOf, virtualSizeOf } from "../../src/primitives/transaction.ts";
import { blankPayment, keyOf, nobleVerifier, output, payment, spendable } from "../builders.ts";
import { miner } from "./ledger.ts";
import { madeBy, Scene, smallSizeBytes, snapshot } from "./scene.ts";

describe("fees", () => {
  test("one satoshi a virtual byte is enough, one satoshi less is not", () => {
    const scene = new Scene();
    const from = [scene.coin()];
    const cheap = scene.spend(from, smallSizeBytes - 1);
    expect(virtualSizeOf(cheap)).toBe(smallSizeBytes);
    expect(scene.refuses(cheap)).toEqual({
      rule: "min relay fee not met",
      fee: 110,
      required: 111,
    });
    const { entry } = scene.admits(scene.spend(from, smallSizeBytes));
    expect(entry).toMatchObject({ fee: 111, weight: 444, virtualSizeBytes: 111, time: scene.now });
  });

  test("fees and sizes of all add up, and the histogram shows them by rate", () => {
    const scene = new Scene();
    scene.admits(scene.spend([scene.coin()], 111));
    scene.admits(scene.spend([scene.coin()], 333));
    expect(scene.mempool).toMatchObject({ count: 2, virtualSizeBytes: 222, totalFees: 444 });
    expect(scene.mempool.feeHistogram()).toEqual([[1, 222]]);
  });

  test("a bin of the histogram closes above 50,000 virtual bytes, but never between equals", () => {
    const scene = new Scene();
    const wide = (feeRate: number) => {
      const from = [scene.coin(100_000_000)];
      const size = virtualSizeOf(scene.spend(from, 0, { outputs: 1000 }));
      scene.admits(scene.spend(from, size * feeRate, { outputs: 1000 }));
      return size;
    };
    const size = wide(5);
    for (const feeRate of [5, 3, 2]) wide(feeRate);
    expect(scene.mempool.feeHistogram()).toEqual([
      [5, 2 * size],
      [2, 2 * size],
    ]);
  });
});

describe("rules of consensus", () => {
  test("a transaction waits with good signatures, and is refused with a bad one", () => {
    const scene = new Scene({}, nobleVerifier);
    const key = keyOf("anna");
    const first = payment({ from: [scene.coin(5000)], to: [output(4000, key.script)] });
    scene.admits(first);
    const from = [spendable(first, 0, key)];
    const forged = blankPayment({ from, to: [output(3000, key.script)] });
    const before = snapshot(scene.mempool);
    const problem = scene.refuses(forged);
    expect(problem).toMatchObject({ rule: "mandatory-script-verify-flag-failed", input: 0 });
    expect(isSenderAtFault(problem)).toBe(true);
    expect(snapshot(scene.mempool)).toEqual(before);
    scene.admits(payment({ from, to: [output(3000, key.script)] }));
  });

  test("absolute locks: the next block's height must be above the lock", () => {
    const scene = new Scene();
    const from = [scene.coin()];
    const { height, medianTime } = scene.ledger.view;
    const early = { rule: "bad-txns-nonfinal", lock: "absolute" };
    expect(scene.refuses(scene.spend(from, 500, { lockTime: height }))).toEqual(early);
    scene.admits(scene.spend(from, 500, { lockTime: height - 1 }));
    // A ledger's median time is far below the times that locks can name.
    expect(medianTime).toBeLessThan(500_000_000);
    const byTime = scene.spend([scene.coin()], 500, { lockTime: 500_000_000 });
    expect(scene.refuses(byTime)).toEqual(early);
  });

  test("relative locks: an unconfirmed coin has no age", () => {
    const scene = new Scene();
    const [parent] = scene.chain(1, 200) as [Transaction];
    const late = { rule: "bad-txns-nonfinal", lock: "relative" };
    expect(scene.refuses(scene.spend([madeBy(parent)], 200, { sequence: 1 }))).toEqual(late);
    scene.admits(scene.spend([madeBy(parent)], 200, { sequence: 0 }));
  });

  test("a coinbase's coin must be mature in the next block", () => {
    const scene = new Scene();
    scene.ledger.connect();
    const spend = scene.spend([scene.ledger.reward], 200);
    for (let depth = 2; depth < 10; depth++) scene.ledger.connect();
    expect(scene.refuses(spend)).toMatchObject({ depth: 9, maturity: 10 });
    scene.ledger.connect();
    scene.admits(spend);
  });

  test("a waiting transaction's missing output will never come", () => {
    const scene = new Scene();
    const [parent] = scene.chain(1, 200) as [Transaction];
    const ghost = { ...madeBy(parent), point: { txid: txidOf(parent), index: 1 } };
    const problem = scene.refuses(scene.spend([ghost], 200));
    expect(problem.rule).toBe("bad-txns-inputs-missingorspent");
    expect(scene.mempool.orphanCount).toBe(0);
  });
});

describe("what is known already", () => {
  test("the same again, the same with another witness, and what is in the chain", () => {
    const scene = new Scene();
    const pay = scene.spend([scene.coin()], 200);
    scene.admits(pay);
    const input = pay.inputs[0]!;
    const twin = { ...pay, inputs: [{ ...input, witness: [new Uint8Array(64).fill(1)] }] };
    expect(scene.refuses({ ...pay }).rule).toBe("txn-already-in-mempool");
    expect(scene.refuses(twin).rule).toBe("txn-same-nonwitness-data-in-mempool");
    scene.follows(scene.ledger.connect(pay));
    expect(scene.refuses(pay).rule).toBe("txn-already-known");
  });
});

describe("rules of relay", () => {
  const cases: [name: string, change: (pay: Transaction) => Transaction, rule: string][] = [
    ["version 4", (pay) => ({ ...pay, version: 4 }), "version"],
    ["version 0", (pay) => ({ ...pay, version: 0 }), "version"],
    ["329 satoshis", (pay) => withOutput(pay, 329, miner.script), "dust"],
    ["84 bytes of data", (pay) => withOutput(pay, 0, data(84)), "scriptpubkey"],
    ["data twice", (pay) => withOutput(withOutput(pay, 0, data(3)), 0, data(3)), "multi-op-return"],
    ["63 bytes without witness", (pay) => onlyData(pay, 3), "tx-size-small"],
    ["an annex", (pay) => withWitness(pay, Uint8Array.of(0x50)), "bad-witness-nonstandard"],
  ];

  test.each(cases)("%s is not relayed, but is no reason to punish", (_, change, rule) => {
    const scene = new Scene();
    const problem = scene.refuses(change(scene.spend([scene.coin()], 5000)));
    expect(problem.rule).toBe(rule);
    expect(isSenderAtFault(problem)).toBe(false);
  });

  const boundaries: [name: string, change: (pay: Transaction) => Transaction][] = [
    ["330 satoshis", (pay) => withOutput(pay, 330, miner.script)],
    ["83 bytes of data", (pay) => withOutput(pay, 0, data(83))],
    ["65 bytes without witness", (pay) => onlyData(pay, 5)],
  ];

  test.each(boundaries)("%s is relayed", (_, change) => {
    const scene = new Scene();
    scene.admits(change(scene.spend([scene.coin()], 5000)));
  });

  test("more than 400,000 weight units are not relayed", () => {
    const scene = new Scene();
    const from = [scene.coin(50_000_000)];
    // 444 units for a small payment, 172 for each further output, 8 for their longer count.
    const large = scene.spend(from, 200_000, { outputs: 2324 });
    expect(scene.refuses(large)).toEqual({ rule: "tx-size", weight: 400_008 });
    scene.admits(scene.spend(from, 200_000, { outputs: 2323 }));
  });

  test("a coinbase cannot wait, and whoever sends one is at fault", () => {
    const scene = new Scene();
    const [block] = scene.ledger.connect().forth;
    const problem = scene.refuses(block!.block.transactions[0]!);
    expect(problem).toEqual({ rule: "coinbase" });
    expect(isSenderAtFault(problem)).toBe(true);
  });

  function data(scriptSizeBytes: number): Uint8Array {
    if (scriptSizeBytes <= 77) return dataScript(new Uint8Array(scriptSizeBytes - 2));
    const empty = new Uint8Array(scriptSizeBytes - 77); // each zero pushes nothing
    return Uint8Array.of(...dataScript(new Uint8Array(75)), ...empty);
  }

  function withOutput(pay: Transaction, value: number, script: Uint8Array): Transaction {
    const [first, ...others] = pay.outputs;
    const rest = output(first!.value - value, first!.script);
    return { ...pay, outputs: [rest, ...others, output(value, script)] };
  }

  function onlyData(pay: Transaction, scriptSizeBytes: number): Transaction {
    return { ...pay, outputs: [output(0, data(scriptSizeBytes))] };
  }

  function withWitness(pay: Transaction, item: Uint8Array): Transaction {
    const inputs = pay.inputs.map((input) => ({ ...input, witness: [...input.witness, item] }));
    return { ...pay, inputs };
  }
});

describe("chains of unconfirmed transactions", () => {
  test("25 in a row may wait, the 26th may not", () => {
    const scene = new Scene();
    const links = scene.chain(25, 200);
    const next = scene.spend([madeBy(links.at(-1)!)], 200);
    expect(scene.refuses(next)).toMatchObject({
      rule: "too-long-mempool-chain",
      limit: "ancestors",
      count: 26,
    });
    expect(scene.mempool.get(txidOf(links[24]!))!.ancestors.count).toBe(25);
    expect(scene.mempool.get(txidOf(links[0]!))!.descendants.count).toBe(25);
    scene.follows(scene.ledger.connect(links[0]!));
    scene.admits(next);
  });

  /** A parent with as many outputs, of which the first are spent; more may need others, too. */
  function family(children: number, outputs: number) {
    const scene = new Scene();
    const parent = scene.spend([scene.coin(2_000_000)], 40_000, { outputs });
    scene.admits(parent);
    for (let i = 0; i < children; i++) scene.admits(scene.spend([madeBy(parent, i)], 200));
    const other = scene.spend([scene.coin()], 200);
    scene.admits(other);
    return { scene, parent, other };
  }

  test("one may have 24 others that need it, not 25", () => {
    const { scene, parent, other } = family(24, 25);
    const problem = scene.refuses(scene.spend([madeBy(parent, 24), madeBy(other)], 400));
    expect(problem).toMatchObject({ limit: "descendants", count: 26 });
    // Who replaces one of the 24 takes its place.
    scene.admits(scene.spend([madeBy(parent, 23)], 400));
  });

  test("one more child may come if it is small and needs nothing else: one, not two", () => {
    const { scene, parent } = family(24, 400);
    const all = Array.from({ length: 370 }, (_, i) => madeBy(parent, 30 + i));
    const large = scene.spend(all, 30_000);
    expect(virtualSizeOf(large)).toBeGreaterThan(10_000);
    expect(scene.refuses(large)).toMatchObject({ limit: "descendants", count: 26 });
    const extra = scene.spend([madeBy(parent, 24)], 200);
    scene.admits(extra);
    const late = scene.spend([madeBy(parent, 25)], 200);
    expect(scene.refuses(late)).toMatchObject({ limit: "descendants", count: 27 });
    // Who replaces it takes its place, and nobody needs it in turn.
    scene.refuses(scene.spend([madeBy(extra)], 200));
    scene.admits(scene.spend([madeBy(parent, 24)], 400));
    expect(scene.mempool.get(txidOf(parent))!.descendants.count).toBe(26);
  });

  test("a package may have 101,000 virtual bytes, not more", () => {
    const scene = new Scene();
    expect(defaultPolicy.packageVirtualSizeBytesMax).toBe(101_000);
    const parent = scene.spend([scene.coin(20_000_000_000)], 200_000, { outputs: 2000 });
    scene.admits(parent);
    const child = (outputs: number) => scene.spend([madeBy(parent)], 25_000, { outputs });
    const sizes = (outputs: number) => virtualSizeOf(parent) + virtualSizeOf(child(outputs));
    let outputs = 1;
    while (sizes(outputs + 1) <= 101_000) outputs += 1;
    expect(scene.refuses(child(outputs + 1)).rule).toBe("too-long-mempool-chain");
    scene.admits(child(outputs));
  });
});

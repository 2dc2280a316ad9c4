/** Checks which packages are taken, and what becomes of each transaction in them. */

import { describe, expect, test } from "vitest";
import type { PackageAdmission } from "../../src/mempool/mempool.ts";
import { findMalformed, isChildWithParentsTree } from "../../src/mempool/package.ts";
import type { SignatureVerifier } from "../../src/primitives/signature.ts";
import { type Transaction, wtxidOf } from "../../src/primitives/transaction.ts";
import { madeBy, Scene, smallSizeBytes, snapshot } from "./scene.ts";

/** Where something of 2 satoshis a virtual byte had to go, so that 3 are asked for now. */
function crowded(): Scene {
  const scene = new Scene({ virtualSizeBytesMax: 4 * smallSizeBytes });
  for (const rate of [2, 4, 4, 50, 50]) {
    scene.admits(scene.spend([scene.coin()], rate * smallSizeBytes));
  }
  expect(scene.mempool.feeRateMinPerKvb).toBe(3000);
  return scene;
}

function submits(scene: Scene, ...transactions: Transaction[]): PackageAdmission {
  return scene.mempool.admitPackage(transactions, scene.ledger.view, scene.now);
}

function wordsOf({ problem, results }: PackageAdmission): string[] {
  const words = results.map((each) => {
    return each.status === "rejected" ? each.problem.rule : each.status;
  });
  return problem ? [problem.rule, ...words] : words;
}

/** A parent that pays so many satoshis a virtual byte, and a child of it. */
function family(scene: Scene, rates: readonly [parent: number, child: number]) {
  const parent = scene.spend([scene.coin()], rates[0] * smallSizeBytes);
  const child = scene.spend([madeBy(parent)], rates[1] * smallSizeBytes);
  return [parent, child] as const;
}

describe("a child pays for its parent", () => {
  test("that is too cheap for a full mempool: both are judged by what they pay together", () => {
    const scene = crowded();
    const [parent, child] = family(scene, [1, 9]);
    expect(scene.refuses(parent)).toMatchObject({ rule: "mempool min fee not met" });
    const result = submits(scene, parent, child);
    expect(wordsOf(result)).toEqual(["admitted", "admitted"]);
    expect(scene.has(parent, child)).toBe(true);
    const effective = {
      fees: 10 * smallSizeBytes,
      virtualSizeBytes: 2 * smallSizeBytes,
      includes: [wtxidOf(parent), wtxidOf(child)],
    };
    expect(result.results).toMatchObject([{ effective }, { effective }]);
    expect(result.admissions.map(({ entry }) => entry.transaction)).toEqual([parent, child]);
  });

  test("but not if they pay too little together; then nothing changes", () => {
    const scene = crowded();
    const before = snapshot(scene.mempool);
    const [parent, child] = family(scene, [1, 4]);
    const result = submits(scene, parent, child);
    expect(wordsOf(result)).toEqual([
      "transaction failed",
      "mempool min fee not met",
      "mempool min fee not met",
    ]);
    // The parent's own verdict, and that of both together.
    expect(result.results).toMatchObject([
      { problem: { fee: smallSizeBytes, required: 3 * smallSizeBytes } },
      { problem: { fee: 5 * smallSizeBytes, required: 6 * smallSizeBytes } },
    ]);
    expect(snapshot(scene.mempool)).toEqual(before);
  });

  test("but not for what pays less than a relay costs, as in Bitcoin Core", () => {
    const scene = new Scene();
    const [parent, child] = family(scene, [0, 50]);
    expect(wordsOf(submits(scene, parent, child))).toEqual([
      "transaction failed",
      "min relay fee not met",
      "missing-inputs",
    ]);
  });

  test("only with a signature that holds", () => {
    const bad = new Set<Transaction>();
    const verifier: SignatureVerifier = {
      firstInvalid: (tasks) => (bad.size > 0 && tasks.length > 0 ? 0 : undefined),
    };
    const scene = new Scene({ virtualSizeBytesMax: 2 * smallSizeBytes }, verifier);
    for (const rate of [2, 50, 50]) {
      scene.admits(scene.spend([scene.coin()], rate * smallSizeBytes));
    }
    const before = snapshot(scene.mempool);
    const [parent, child] = family(scene, [1, 900]);
    bad.add(child);
    expect(wordsOf(submits(scene, parent, child))).toEqual([
      "transaction failed",
      "mandatory-script-verify-flag-failed",
      "missing-inputs",
    ]);
    expect(snapshot(scene.mempool)).toEqual(before);
  });

  test("not if both would have to go at once to make room", () => {
    const scene = new Scene({ virtualSizeBytesMax: 2 * smallSizeBytes });
    for (const rate of [2, 50, 50]) {
      scene.admits(scene.spend([scene.coin()], rate * smallSizeBytes));
    }
    const before = snapshot(scene.mempool);
    const [parent, child] = family(scene, [1, 40]);
    expect(wordsOf(submits(scene, parent, child))).toContain("mempool full");
    expect(snapshot(scene.mempool)).toEqual(before);
  });

  test("but for no replacement: that has to pay for itself", () => {
    // Larger than what it would replace, so that it may pay less a byte than what comes now must.
    const scene = new Scene({ virtualSizeBytesMax: 4 * smallSizeBytes });
    const coin = scene.coin();
    scene.admits(scene.spend([coin], 690));
    for (const rate of [6, 50, 50, 50]) {
      scene.admits(scene.spend([scene.coin()], rate * smallSizeBytes));
    }
    expect(scene.mempool.feeRateMinPerKvb).toBe(7000);
    const parent = scene.spend([coin], 1001, { outputs: 2 });
    const child = scene.spend([madeBy(parent)], 99 * smallSizeBytes);
    expect(wordsOf(submits(scene, parent, child))).toEqual([
      "transaction failed",
      "package RBF failed",
      "missing-inputs",
    ]);
    expect(scene.has(parent)).toBe(false);
  });
});

describe("of a package", () => {
  test("what waits already is known, and so is what waits with another witness", () => {
    const scene = new Scene();
    const [parent, child] = family(scene, [2, 2]);
    scene.admits(parent);
    expect(wordsOf(submits(scene, parent, child))).toEqual(["known", "admitted"]);
    const input = { ...parent.inputs[0]!, witness: [new Uint8Array(64).fill(7)] };
    const other: Transaction = { ...parent, inputs: [input] };
    expect(wordsOf(submits(scene, other, child))).toEqual(["other-witness", "known"]);
  });

  test("what pays for itself goes in, also where another cannot", () => {
    const scene = new Scene();
    const good = scene.spend([scene.coin()], 2 * smallSizeBytes);
    const poor = scene.spend([scene.coin()], 10);
    const child = scene.spend([madeBy(good), madeBy(poor)], 999);
    expect(wordsOf(submits(scene, good, poor, child))).toEqual([
      "transaction failed",
      "admitted",
      "min relay fee not met",
      "missing-inputs",
    ]);
    expect([scene.has(good), scene.has(poor), scene.has(child)]).toEqual([true, false, false]);
    expect(scene.mempool.orphanCount).toBe(0);
  });

  test("what pays more than its sender wants to is refused", () => {
    const scene = new Scene();
    const transactions = family(scene, [2, 9]);
    const { view } = scene.ledger;
    const result = scene.mempool.admitPackage(transactions, view, scene.now, 5000);
    expect(wordsOf(result)).toEqual(["transaction failed", "admitted", "max feerate exceeded"]);
    expect(result.results[1]).toMatchObject({ problem: { feeRate: 9000 } });
  });

  test("an orphan that waited for its child is adopted", () => {
    const scene = new Scene();
    const [parent, child] = family(scene, [2, 2]);
    const orphan = scene.spend([madeBy(child)], 999);
    scene.refuses(orphan);
    const { admissions } = submits(scene, parent, child);
    expect(admissions.map(({ adopted }) => adopted)).toEqual([[], [orphan]]);
  });
});

describe("a package is refused as a whole", () => {
  const scene = new Scene();
  const [parent, child] = family(scene, [2, 2]);
  const stranger = scene.spend([scene.coin()], 500);
  const coin = scene.coin();
  const [one, two] = [scene.spend([coin], 500), scene.spend([coin], 600)];

  test.each<[string, Transaction[]]>([
    ["package-not-sorted", [child, parent]],
    ["package-contains-duplicates", [parent, parent]],
    ["conflict-in-package", [one, two]],
    ["package-not-child-with-parents", [stranger, parent, child]],
    [
      "package-too-many-transactions",
      Array.from({ length: 26 }, () => scene.spend([scene.coin()], 500)),
    ],
    ["package-too-large", [2, 3].map(() => scene.spend([scene.coin()], 500, { outputs: 1200 }))],
  ])("%s", (rule, transactions) => {
    expect(wordsOf(submits(scene, ...transactions))).toEqual([rule]);
    expect(scene.mempool.count).toBe(0);
  });

  test("if a parent is left out that waits, since it would not be judged", () => {
    const fresh = new Scene();
    const [first, second] = [fresh.spend([fresh.coin()], 500), fresh.spend([fresh.coin()], 500)];
    fresh.admits(first);
    const both = fresh.spend([madeBy(first), madeBy(second)], 500);
    expect(wordsOf(submits(fresh, second, both))).toEqual([
      "package-not-child-with-unconfirmed-parents",
    ]);
    expect(wordsOf(submits(fresh, first, second, both))).toEqual(["known", "admitted", "admitted"]);
  });

  test("and it is a tree only if no parent needs another", () => {
    const a = scene.spend([scene.coin()], 500, { outputs: 2 });
    const b = scene.spend([madeBy(a)], 500);
    const c = scene.spend([madeBy(a, 1), madeBy(b)], 500);
    expect(findMalformed([a, b, c])).toBeUndefined();
    expect(isChildWithParentsTree([a, b])).toBe(true);
    expect(isChildWithParentsTree([a, b, c])).toBe(false);
    expect(isChildWithParentsTree([a])).toBe(false);
  });
});

describe("a test of several", () => {
  test("finds for each whether it would be admitted after those before it; nothing changes", () => {
    const scene = new Scene();
    const before = snapshot(scene.mempool);
    const [parent, child] = family(scene, [2, 3]);
    const tested = scene.mempool.testPackage([parent, child], scene.ledger.view);
    expect(tested).toMatchObject({
      value: [{ value: { fee: 2 * smallSizeBytes } }, { value: { fee: 3 * smallSizeBytes } }],
    });
    expect(snapshot(scene.mempool)).toEqual(before);
    expect(scene.has(parent)).toBe(false);
  });

  test("ends with the first that would not be", () => {
    const scene = new Scene();
    const [parent, child] = family(scene, [0, 3]);
    const tested = scene.mempool.testPackage([parent, child], scene.ledger.view);
    expect(tested).toMatchObject({
      value: [{ problem: { rule: "min relay fee not met" } }, undefined],
    });
    expect(scene.mempool.count).toBe(0);
  });

  test("lets none replace what waits, which one alone could", () => {
    const scene = new Scene();
    const coin = scene.coin();
    scene.admits(scene.spend([coin], 500));
    const rich = scene.spend([coin], 5000);
    const { view } = scene.ledger;
    expect(scene.mempool.test(rich, view)).toMatchObject({ ok: true });
    const tested = scene.mempool.testPackage([rich, scene.spend([scene.coin()], 500)], view);
    expect(tested).toMatchObject({
      value: [{ problem: { rule: "bip125-replacement-disallowed" } }, undefined],
    });
  });

  test("has one problem if they are no package", () => {
    const scene = new Scene();
    const [parent, child] = family(scene, [2, 2]);
    expect(scene.mempool.testPackage([child, parent], scene.ledger.view)).toMatchObject({
      problem: { rule: "package-not-sorted" },
    });
  });
});
